package import Casework
import Ledger

extension StoreReader {
  /// The clocks of an entity, by its pinned process and the holidays that are held.
  ///
  /// Costs one look at the event that entered the stage, and a fold for an entity whose clocks were
  /// ever stopped or extended.
  ///
  /// - Returns: `nil` where the entity is not folded or its process is not here.
  /// - Throws: `CalendarError` where a time is beyond all calendars.
  package func clocks(of entity: StoredEntity) throws -> CaseClocks? {
    guard let state = entity.state, let process = library[state.rules] else { return nil }
    let family = process.family(named: state.family)
    let kinds = family?.kinds.filter { $0.clock != nil } ?? []
    var events: [ClockEvent] = []
    if kinds.contains(where: { state.facts[$0.kind] != nil }) {
      events = try timeline(of: entity.id).compactMap { entry in
        guard entry.effect == .effective,
          let effect = kinds.first(where: { $0.kind == entry.event.kind })?.clock
        else { return nil }
        return ClockEvent(
          effect, atMilliseconds: Int64(clamping: entry.stamp.time.milliseconds),
          body: try? CanonicalValue(decoding: entry.event.body))
      }
    }
    let entered = state.slots[Process.stageSlot]?.event
    return try CaseClocks(
      of: state, by: process, events: events,
      isUrgent: try entered.map { try isUrgent($0, of: entity.id) } ?? false,
      calendar: try calendar())
  }

  private func isUrgent(_ event: Hash, of id: EntityID) throws -> Bool {
    try connection.first(
      """
      SELECT c.stamp FROM entities e JOIN events ev ON ev.entity = e.id
      JOIN commits c ON c.id = ev.id / 256 WHERE e.uuid = ? AND ev.hash = ?
      """, .blob(id.bytes), .hash(event)
    ) { row in
      (try? Stamp(decoding: row.blob(0)))?.lane == .urgent
    } ?? false
  }
}
