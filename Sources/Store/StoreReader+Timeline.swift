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

/// An event as the store holds it.
struct HeldEvent {
  let row: Int64
  let input: FoldInput
  let stamp: Stamp
  let commit: Hash
  let acceptedAtMilliseconds: UInt64
  /// The region's row of the peer that sent it first, or `Interning.ownSource`.
  let source: Int64
}

extension StoreReader {
  /// All events of an entity that are held, by the authors' time, then hash. Cost: one fold.
  package func timeline(of id: EntityID) throws -> [TimelineEntry] {
    let held = try history(of: id)
    return entries(of: held, in: try folder.fold(held.map(\.input)))
      .sorted { ($0.stamp.time, $0.event.hash) < ($1.stamp.time, $1.event.hash) }
  }

  /// All events of an entity that are held, in the order of the ledger.
  func history(of id: EntityID) throws -> [HeldEvent] {
    var held: [HeldEvent] = []
    try connection.query(
      """
      SELECT ev.bytes, c.stamp, c.hash, COALESCE(l.accepted_at, c.accepted_at), ev.source, ev.id
      FROM entities e JOIN events ev ON ev.entity = e.id JOIN commits c ON c.id = ev.id / 256
      LEFT JOIN late_events l ON l.event = ev.id
      WHERE e.uuid = ? ORDER BY ev.id
      """, .blob(id.bytes)
    ) { row in
      let (event, stamp) = try storedEvent(row.blob(0), stampBytes: row.blob(1))
      let commit = try row.hash(2)
      let isBarred = try self.isBarred(event, of: stamp, in: commit)
      held.append(
        HeldEvent(
          row: row.integer(5),
          input: FoldInput(event: event, stamp: stamp, isOriginClosed: isBarred), stamp: stamp,
          commit: commit, acceptedAtMilliseconds: UInt64(bitPattern: row.integer(3)),
          source: row.integer(4)))
      return true
    }
    return held
  }

  /// What each event comes to by a fold of them all, in the order given.
  func entries(of held: [HeldEvent], in result: FoldResult) -> [TimelineEntry] {
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
        acceptedAtMilliseconds: entry.acceptedAtMilliseconds, effect: effect,
        mergeRule: result.mergeRules[event.hash])
    }
  }
}
