/// The full description of a deployment: every region with its names, codes, parents and
/// departments.
package struct Topology: Hashable, Sendable {
  /// The deployment's word, for example `lianyungang`; certificates carry it.
  package let deployment: RegionID
  /// The regions in the document's order.
  package let regions: [Region]
  /// The tree of links: managing blocks stand in for administrative parents.
  package let linkTree: LinkTree
  /// The tree of administrative parents, by which statistics add up. It names no addresses.
  package let administrativeTree: LinkTree

  private let positions: [RegionID: Int]

  /// Accepts regions whose links and whose administrative parents both form a tree, and throws the
  /// tree's refusal otherwise. That numbers and codes are given once is ``TopologyFile``'s check.
  package init(deployment: RegionID, regions: [Region]) throws(LinkTreeError) {
    linkTree = try LinkTree(
      entries: regions.map {
        .init(id: $0.id, tier: $0.tier, parent: $0.linkParent, address: $0.address)
      })
    administrativeTree = try LinkTree(
      entries: regions.map { .init(id: $0.id, tier: $0.tier, parent: $0.parent) })
    self.deployment = deployment
    self.regions = regions
    var positions = [RegionID: Int](minimumCapacity: regions.count)
    for (position, region) in regions.enumerated() { positions[region.id] = position }
    self.positions = positions
  }

  /// The region of that id; `nil` where there is none.
  package func region(_ id: RegionID) -> Region? { positions[id].map { regions[$0] } }

  /// The name shown on that day: the first that is valid then, else the last one in the document.
  /// `nil` only where the region is unknown.
  package func name(of id: RegionID, on day: CalendarDay) -> String? {
    guard let names = region(id)?.names else { return nil }
    return (names.first { $0.period.contains(day) } ?? names.last)?.text
  }
}
