import Casework
import Ledger
import Regions
import Replication

extension StoreTransaction {
  /// The record of an entity, from memory, from disk, or new.
  func record(of id: EntityID) throws -> EntityRecord {
    if let record = entities[id] { return record }
    let record = try load(id) ?? found(id)
    entities[id] = record
    return record
  }

  /// The record of an entity that is held; `nil` where it is not. One whose projection cannot be read
  /// is folded anew: projections hold nothing that the ledger does not.
  func load(_ id: EntityID) throws -> EntityRecord? {
    try connection.first(
      "SELECT id, audience, waiting, heads, state, family FROM entities WHERE uuid = ?",
      .blob(id.bytes)
    ) { row in
      let heads = try? [Hash](joinedBytes: row.blob(3))
      let state = row.isNull(4) ? nil : try? EntityState(decoding: row.blob(4))
      let record = EntityRecord(
        row: row.integer(0), id: id, isNew: false, audience: row.integer(1),
        waiting: WaitingMark(stored: row.integer(2)), family: row.isNull(5) ? nil : row.text(5),
        heads: heads ?? [],
        state: state)
      record.needsRefold = heads == nil || (state == nil && !row.isNull(4))
      return record
    }
  }

  private func found(_ id: EntityID) throws -> EntityRecord {
    let none = try interning.audience([], connection)
    // The row is inserted once, at the end, when all of it is known.
    let row =
      try lastEntityRow
      ?? connection.first("SELECT MAX(id) FROM entities", read: { $0.integer(0) }) ?? 0
    lastEntityRow = row + 1
    return EntityRecord(
      row: row + 1, id: id, isNew: true, audience: none, waiting: .none, family: nil, heads: [],
      state: nil)
  }

  /// Has the record written at the end of the transaction.
  func touch(_ record: EntityRecord) {
    guard !record.isTouched else { return }
    record.isTouched = true
    touched.append(record)
  }

  /// One held event of an entity, as the fold and routing need it.
  struct HeldEvent {
    let row: Int64
    let event: Event
    let stamp: Stamp
    let source: Int64
    /// Whether a closure leaves it without effect.
    let isBarred: Bool

    var foldInput: FoldInput { FoldInput(event: event, stamp: stamp, isOriginClosed: isBarred) }
  }

  func heldEvents(of entity: Int64) throws -> [HeldEvent] {
    var held: [HeldEvent] = []
    try connection.query(
      """
      SELECT e.id, e.bytes, c.stamp, e.source, c.hash
      FROM events e JOIN commits c ON c.id = e.id / 256 WHERE e.entity = ? ORDER BY e.id
      """, .integer(entity)
    ) { row in
      let (event, stamp) = try storedEvent(row.blob(1), stampBytes: row.blob(2))
      let isBarred = try closedOrigins.bar(event, of: stamp, in: row.hash(4), connection)
      held.append(
        HeldEvent(
          row: row.integer(0), event: event, stamp: stamp, source: row.integer(3),
          isBarred: isBarred))
      return true
    }
    return held
  }

  func judgeAudience(of held: [HeldEvent]) -> Audience {
    Audience(judging: held.map { AudienceFact($0.foldInput) }, trees: trees)
  }

  /// Computes an entity's audience and state from all that is held of it.
  func refold(_ record: EntityRecord) throws {
    let held = try heldEvents(of: record.row)
    let audience = judgeAudience(of: held)
    let freshHashes = Set(fresh.lazy.filter { $0.record === record }.map(\.hash))
    for event in audience.void where freshHashes.contains(event) {
      try raiseVoidWidening(event, record)
    }
    let result = folder.fold(held.map(\.foldInput))
    try setAudience(audience.regions, of: record)
    try noteVoid(!audience.void.isEmpty, of: record)
    record.state = result.state
    record.heads = result.heads
    if result.isTangled, !record.isTangled { try raiseTangled(record, events: held.count) }
    record.waits = !result.waiting.isEmpty || result.isTangled
    record.isTangled = result.isTangled
    record.lacksEvent = result.lacksEvent
    record.needsRefold = false
    record.outdated = .all
  }

  private func raiseTangled(_ record: EntityRecord, events: Int) throws {
    try raise(
      "entity_tangled",
      "the \(events) events of \(record.id) branch too much to be folded, and only its beginning counts "
        + "here; have the city close the origin that wrote them (`liandong origin`)")
  }

  func write(_ record: EntityRecord) throws {
    if record.needsRefold { try refold(record) }
    let state = record.state
    let conflicts = ConflictCounts(state)
    if record.isNew {
      try connection.execute(
        """
        INSERT INTO entities
          (audience, waiting, heads, conflicts, decided, family, state, id, uuid)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET
          audience = excluded.audience, waiting = excluded.waiting, heads = excluded.heads,
          conflicts = excluded.conflicts, decided = excluded.decided, family = excluded.family,
          state = excluded.state
        """, .integer(record.audience), .integer(record.waitingMark.rawValue),
        .blob(record.heads.joinedBytes), .integer(conflicts.open), .integer(conflicts.decided),
        .optional(state?.family), .optional(state?.encoded), .integer(record.row),
        .blob(record.id.bytes))
    } else {
      try connection.execute(
        """
        UPDATE entities
        SET audience = ?, waiting = ?, heads = ?, conflicts = ?, decided = ?, state = ?
        WHERE id = ?
        """, .integer(record.audience), .integer(record.waitingMark.rawValue),
        .blob(record.heads.joinedBytes), .integer(conflicts.open), .integer(conflicts.decided),
        .optional(state?.encoded), .integer(record.row))
      // It stands in indexes that SQLite looks into whenever it is set, and hardly ever changes.
      if state?.family != record.familyBefore {
        try connection.execute(
          "UPDATE entities SET family = ? WHERE id = ?", .optional(state?.family),
          .integer(record.row))
      }
    }
    record.familyBefore = state?.family
    if record.waits || record.waitedBefore { try noteWait(of: record) }
    try project(record)
    record.outdated = []
    record.hasNewWarning = false
    record.isTouched = false
  }

  /// The transaction is about to end: what was new is so no longer.
  func settle(_ record: EntityRecord) throws {
    record.isNew = false
    if record.audience != record.audienceBefore {
      try interning.drop(audience: record.audienceBefore, of: record.row, connection)
    }
    record.audienceBefore = record.audience
  }
}
