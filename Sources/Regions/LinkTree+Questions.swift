extension LinkTree {
  /// The region itself, then each region above it up to the hub; empty where it is unknown.
  package func path(from region: RegionID) -> [RegionID] {
    guard contains(region) else { return [] }
    var path = [region]
    path.reserveCapacity(Tier.allCases.count)
    var below = region
    while let above = parent(of: below) {
      path.append(above)
      below = above
    }
    return path
  }

  /// Whether `upper` is `lower` or lies above it; false where either is unknown.
  package func isAtOrAbove(_ upper: RegionID, _ lower: RegionID) -> Bool {
    guard contains(upper), contains(lower) else { return false }
    var region = lower
    while region != upper {
      guard let above = parent(of: region) else { return false }
      region = above
    }
    return true
  }

  /// The lowest region that is at or above both; `nil` where either is unknown.
  package func lowestCommonAncestor(_ one: RegionID, _ other: RegionID) -> RegionID? {
    guard contains(other) else { return nil }
    return path(from: one).first { isAtOrAbove($0, other) }
  }

  /// The region and every region below it, in ascending order; empty where it is unknown.
  package func subtree(of region: RegionID) -> [RegionID] {
    guard contains(region) else { return [] }
    var found = [region]
    var next = 0
    while next < found.count {
      found.append(contentsOf: children(of: found[next]))
      next += 1
    }
    return found.sorted()
  }
}
