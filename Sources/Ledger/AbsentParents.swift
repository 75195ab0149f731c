/// The parents of an entity's events that count as not named, because they were declared lost.
///
/// An event is *placed* when each of its parents is placed or declared lost. A declared parent that is
/// not placed is absent: it is not held, or it turned up and lacks an ancestor that nobody declared
/// lost. One that is placed counts like any other.
///
/// The answer follows from the set of events alone. Further events and declarations only add to what
/// is placed, so nothing that is placed ever comes to lack an ancestor again.
package enum AbsentParents {
  /// The absent ones of the declared parents.
  ///
  /// The work is linear in the events and their parents.
  ///
  /// - Parameters:
  ///   - declared: the hashes that were declared lost.
  ///   - events: each held event of the entity once, by its hash, with the hashes of its parents.
  package static func among(
    _ declared: Set<Hash>, of events: some Collection<(hash: Hash, parents: [Hash])>
  ) -> Set<Hash> {
    // Mostly none has turned up.
    guard events.contains(where: { declared.contains($0.hash) }) else { return declared }
    var unmet: [Hash: Int] = [:]
    var children: [Hash: [Hash]] = [:]
    var ready: [Hash] = []
    for (hash, parents) in events {
      let needed = parents.filter { !declared.contains($0) }
      unmet[hash] = needed.count
      for parent in needed { children[parent, default: []].append(hash) }
      if needed.isEmpty { ready.append(hash) }
    }
    var absent = declared
    while let placed = ready.popLast() {
      absent.remove(placed)
      for child in children[placed] ?? [] {
        let left = (unmet[child] ?? 0) - 1
        unmet[child] = left
        if left == 0 { ready.append(child) }
      }
    }
    return absent
  }
}
