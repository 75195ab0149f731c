package import Casework
import Ledger

extension StoreReader {
  /// The clocks of an entity, by its pinned process and the holidays that are held.
  ///
  /// Costs one look at the event that entered the stage, and a fold for an entity whose clocks were
  /// ever stopped or extended or which was reopened.
  ///
  /// - Returns: `nil` where the entity is not folded or its process is not here.
  /// - Throws: `CalendarError` where a time is beyond all calendars.
  package func clocks(of entity: StoredEntity) throws -> CaseClocks? {
    guard let state = entity.state, let process = try library[state.rules],
      let family = process.family(named: state.family), family.hasClocks
    else { return nil }
    let kinds = family.clockEffects.keys
    var history: CaseHistory?
    if try kinds.contains(where: { state.facts[$0] != nil }) || wasReopened(entity.id, family) {
      history = CaseHistory(try timeline(of: entity.id), of: family)
    }
    let entered = state.slots[Process.stageSlot]?.event
    return try CaseClocks(
      of: state, by: process, events: history?.clockEvents ?? [],
      isUrgent: try entered.map { try isUrgent($0, of: entity.id) } ?? false,
      handledSince: history?.handledSince(family), calendar: try calendar())
  }

  private func wasReopened(_ id: EntityID, _ family: Family) throws -> Bool {
    guard family.total != nil else { return false }
    for kind in family.reopeningKinds {
      let found = try connection.first(
        """
        SELECT 1 FROM entities e JOIN events ev ON ev.entity = e.id
        WHERE e.uuid = ? AND ev.kind = (SELECT id FROM kinds WHERE name = ?)
        """, .blob(id.bytes), .text(kind), read: { _ in true })
      if found == true { return true }
    }
    return false
  }

  func isUrgent(_ event: Hash, of id: EntityID) throws -> Bool {
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
