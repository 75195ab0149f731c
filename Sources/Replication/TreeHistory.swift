package import Ledger
package import Regions

/// Every hub-signed tree that a node knows. The newest rules the links; any may have given a region
/// the right to widen an audience.
package struct TreeHistory: Sendable {
  /// In order of version.
  package private(set) var trees: [SignedTree] = []

  package init() {}

  /// The tree that rules; `nil` before the first was learned.
  package var newest: LinkTree? { trees.last?.tree }

  /// The event hashes that a hello names.
  package var names: [Hash] { trees.map(\.version.event) }

  /// Adds a tree.
  ///
  /// - Returns: whether it was new.
  package mutating func learn(_ tree: SignedTree) -> Bool {
    let place = trees.firstIndex { $0.version >= tree.version } ?? trees.endIndex
    if place < trees.endIndex, trees[place].version == tree.version { return false }
    trees.insert(tree, at: place)
    return true
  }

  /// Whether a region is, or by any signed tree was, at or above a region of the audience: the right
  /// to widen that audience.
  package func mayWiden(_ region: RegionID, _ audience: some Sequence<RegionID>) -> Bool {
    audience.contains { named in
      region == named || trees.contains { $0.tree.isAtOrAbove(region, named) }
    }
  }

  /// Whether a region is, or by any signed tree was, at or above a region of the audience: whether
  /// a node was ever entitled to hold such an entity.
  package func wasEverInScope(_ region: RegionID, _ audience: some Sequence<RegionID>) -> Bool {
    audience.contains { $0 == .everyone } || mayWiden(region, audience)
  }
}
