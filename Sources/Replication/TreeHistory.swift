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

  /// The region and all that are, or by any signed tree were, above it, in ascending order.
  package func everAtOrAbove(_ region: RegionID) -> [RegionID] {
    Set(trees.flatMap { $0.tree.path(from: region) } + [region]).sorted()
  }

  /// The tree by which a region left the scope of such an audience: the first of the newest ones by
  /// which it is at or above no region of it. What the region's node holds of these entities has been
  /// a frozen copy since.
  ///
  /// - Returns: `nil` where the region is in scope, or never was.
  package func departure(
    of region: RegionID, from audience: some Sequence<RegionID>
  ) -> SignedTree? {
    var departure: SignedTree?
    for signed in trees.reversed() {
      let isInScope = audience.contains { named in
        named == .everyone || named == region || signed.tree.isAtOrAbove(region, named)
      }
      if isInScope { return departure }
      departure = signed
    }
    return nil
  }

  /// Whether a region is, or by any signed tree was, at or above a region of the audience: whether
  /// a node was ever entitled to hold such an entity.
  package func wasEverInScope(_ region: RegionID, _ audience: some Sequence<RegionID>) -> Bool {
    audience.contains { $0 == .everyone } || mayWiden(region, audience)
  }
}
