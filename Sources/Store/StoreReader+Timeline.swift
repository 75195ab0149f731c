package import Casework
package import Ledger
import Regions

/// One held event of an entity, as a person follows its history.
package struct TimelineEntry: Hashable, Sendable {
  /// What the event comes to in the fold.
  package enum Effect: Hashable, Sendable {
    case effective
    case ineffective(Reason)
    /// It is held and cannot be folded before this arrives.
    case waiting([Need])
    /// The entity's graph is beyond the fold's bound.
    case unfolded
  }

  package let event: Event
  package let stamp: Stamp
  package let commit: Hash
  /// When this node accepted it, in milliseconds since 1970 UTC.
  package let acceptedAtMilliseconds: UInt64
  package let effect: Effect
  /// By which rule it lost, where it is superseded.
  package let mergeRule: MergeRule?
}

extension StoreReader {
  /// All events of an entity that are held, by the authors' time, then hash. Cost: one fold.
  package func timeline(of id: EntityID) throws -> [TimelineEntry] {
    var held: [(input: FoldInput, stamp: Stamp, commit: Hash, acceptedAt: UInt64)] = []
    try connection.query(
      """
      SELECT ev.bytes, c.stamp, c.hash, c.accepted_at
      FROM entities e JOIN events ev ON ev.entity = e.id JOIN commits c ON c.id = ev.id / 256
      WHERE e.uuid = ? ORDER BY ev.id
      """, .blob(id.bytes)
    ) { row in
      let (event, stamp) = try storedEvent(row.blob(0), stampBytes: row.blob(1))
      let commit = try row.hash(2)
      let isBarred = try self.isBarred(event, of: stamp, in: commit)
      held.append(
        (
          FoldInput(event: event, stamp: stamp, isOriginClosed: isBarred), stamp, commit,
          UInt64(bitPattern: row.integer(3))
        ))
      return true
    }
    let result = folder.fold(held.map(\.input))
    var needs: [Hash: [Need]] = [:]
    for waiting in result.waiting { needs[waiting.event] = waiting.needs }
    return held.map { entry in
      let event = entry.input.event
      let effect: TimelineEntry.Effect =
        switch (result.outcomes[event.hash], needs[event.hash]) {
        case (.effective, _): .effective
        case (.ineffective(let reason), _): .ineffective(reason)
        case (nil, let needs?): .waiting(needs)
        case (nil, nil): .unfolded
        }
      return TimelineEntry(
        event: event, stamp: entry.stamp, commit: entry.commit,
        acceptedAtMilliseconds: entry.acceptedAt, effect: effect,
        mergeRule: result.mergeRules[event.hash])
    }
    .sorted { ($0.stamp.time, $0.event.hash) < ($1.stamp.time, $1.event.hash) }
  }
}
