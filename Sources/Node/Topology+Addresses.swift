package import Regions

extension Topology.Region {
  /// The same region with that address.
  package func listening(at address: String?) -> Topology.Region {
    Topology.Region(
      id: id, number: number, tier: tier, names: names, codes: codes, parent: parent,
      managedBy: managedBy, address: address, location: location, departments: departments)
  }
}

extension Topology {
  /// The same regions with other addresses.
  ///
  /// - Parameter address: gives a region's address; its second argument is the present one.
  package func listening(
    at address: (_ region: RegionID, _ present: String?) -> String?
  ) throws -> Topology {
    try Topology(
      deployment: deployment,
      regions: regions.map { $0.listening(at: address($0.id, $0.address)) })
  }
}
