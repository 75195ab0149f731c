package import Regions

/// Decides which neighbours an entity concerns. Up is unconditional; down follows the audience.
package struct Router: Hashable, Sendable {
  package let region: RegionID
  package let tree: LinkTree

  /// - Parameters:
  ///   - region: the node's own.
  ///   - tree: the newest signed one.
  package init(region: RegionID, tree: LinkTree) {
    self.region = region
    self.tree = tree
  }

  /// The parent; `nil` at the hub and for a node that the tree does not name.
  package var parent: RegionID? { tree.parent(of: region) }

  /// The parent, where there is one, and the children, in order.
  package var neighbours: [RegionID] { (parent.map { [$0] } ?? []) + tree.children(of: region) }

  /// The neighbours that an entity of this audience concerns.
  package func concerned(by audience: [RegionID]) -> [RegionID] {
    var peers: Set<RegionID> = []
    if let parent { peers.insert(parent) }
    for named in audience {
      if named == .everyone {
        peers.formUnion(tree.children(of: region))
      } else if let child = child(towards: named) {
        peers.insert(child)
      }
    }
    return peers.sorted()
  }

  /// The child in whose subtree a region lies.
  private func child(towards named: RegionID) -> RegionID? {
    var step = named
    while let above = tree.parent(of: step) {
      if above == region { return step }
      step = above
    }
    return nil
  }
}
