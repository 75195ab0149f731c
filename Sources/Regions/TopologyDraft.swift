/// A topology file as far as it could be read, with the places that later findings point at.
struct TopologyDraft {
  var deployment: RegionID?
  var regions: [Region] = []
  /// Where the list of regions begins; `nil` where the file has none.
  var regionsPosition: FilePosition?

  /// A value and where it stands.
  struct Placed<Value> {
    var value: Value
    var position: FilePosition
  }

  /// One entry of `regions:`; what was missing or malformed is absent.
  struct Region {
    var position: FilePosition
    var id: Placed<RegionID>?
    var number: Placed<Int>?
    var tier: Placed<Tier>?
    var names: [Topology.Name] = []
    var codes: [Placed<Topology.DivisionCode>] = []
    var parent: Placed<RegionID>?
    var managedBy: Placed<RegionID>?
    var address: String?
    var location: Topology.Location?
    var departments: [Topology.Department] = []

    /// The region, where all that makes one was read.
    var region: Topology.Region? {
      guard let id, let number, let tier else { return nil }
      return Topology.Region(
        id: id.value, number: number.value, tier: tier.value, names: names,
        codes: codes.map(\.value), parent: parent?.value, managedBy: managedBy?.value,
        address: address, location: location, departments: departments)
    }
  }
}
