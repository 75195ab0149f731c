/// The checks that stand between hostile entries and a ``LinkTree``.
struct LinkTreeCheck {
  private var known: [RegionID: LinkTree.Entry] = [:]

  /// The hub of entries that form a tree; throws the first reason why they form none.
  mutating func hub(of entries: [LinkTree.Entry]) throws(LinkTreeError) -> RegionID {
    guard entries.count <= LinkTree.maximumEntries else {
      throw LinkTreeError(
        .tooManyEntries, at: nil,
        message: "The tree has \(entries.count) regions, more than \(LinkTree.maximumEntries); "
          + "split the deployment.")
    }
    known.reserveCapacity(entries.count)
    for entry in entries where known.updateValue(entry, forKey: entry.id) != nil {
      throw LinkTreeError(
        .duplicateRegion, at: entry.id,
        message: "Region \(entry.id) is entered twice; keep one entry.")
    }
    let hub = try singleHub(of: entries)
    for entry in entries {
      guard let parent = entry.parent, known[parent] == nil else { continue }
      throw LinkTreeError(
        .unknownParent, at: entry.id,
        message: "Region \(entry.id) is under \(parent), which is not in the tree; "
          + "enter \(parent) or name another parent.")
    }
    try refuseCycles(entries)
    for entry in entries {
      guard let parent = entry.parent, let above = known[parent], above.tier >= entry.tier
      else { continue }
      throw LinkTreeError(
        .tierOutOfOrder, at: entry.id,
        message: "Region \(entry.id) of tier \(entry.tier.name) is under \(parent) of tier "
          + "\(above.tier.name); a parent must be of a higher tier.")
    }
    return hub
  }

  private func singleHub(of entries: [LinkTree.Entry]) throws(LinkTreeError) -> RegionID {
    let tops = entries.filter { $0.parent == nil }
    guard let hub = tops.first else {
      throw LinkTreeError(
        .noHub, at: nil, message: "No region is without a parent; enter the hub without one.")
    }
    guard tops.count == 1 else {
      throw LinkTreeError(
        .severalHubs, at: tops[1].id,
        message: "Regions \(hub.id) and \(tops[1].id) both have no parent; only the hub has none.")
    }
    guard hub.tier == .city else {
      throw LinkTreeError(
        .hubNotCity, at: hub.id,
        message: "Region \(hub.id) has no parent but is of tier \(hub.tier.name); "
          + "the hub is of tier city.")
    }
    return hub.id
  }

  /// Follows each region's parents until the hub or a region already seen to lead there. Every
  /// region is passed twice at most, so a long chain costs no more than a flat tree.
  private func refuseCycles(_ entries: [LinkTree.Entry]) throws(LinkTreeError) {
    var leadsToHub = Set<RegionID>(minimumCapacity: entries.count)
    for entry in entries {
      var walk = Set<RegionID>()
      var region: RegionID? = entry.id
      while let here = region, !leadsToHub.contains(here) {
        guard walk.insert(here).inserted else {
          throw LinkTreeError(
            .cycle, at: here,
            message: "Region \(here) lies above itself; give one region of the circle "
              + "a parent outside it.")
        }
        region = known[here]?.parent
      }
      leadsToHub.formUnion(walk)
    }
  }
}
