package import Casework
package import Ledger
package import Regions

/// An entity as faces and acts read it.
package struct StoredEntity: Hashable, Sendable {
  package let id: EntityID
  /// `nil` while the founding event or its rules file is missing.
  package let state: EntityState?
  /// The heads of what is folded, sorted: the parents of the next act.
  package let heads: [Hash]
  /// Whether an event is held that cannot be folded yet.
  package let isWaiting: Bool
  /// Whether its events branch beyond the fold's bound: only the founding one counts, and no act would.
  package let isTangled: Bool
  /// The regions that the entity's events have named, sorted.
  package let audience: [RegionID]
}

extension StoreReader {
  /// One entity; `nil` where nothing of it is held.
  package func entity(_ id: EntityID) throws -> StoredEntity? {
    try connection.first(
      "SELECT uuid, state, heads, waiting, audience FROM entities WHERE uuid = ?", .blob(id.bytes),
      read: { try self.storedEntity($0) })
  }

  /// The ids that begin with these hexadecimal digits, of one family, oldest first.
  package func ids(
    beginningWith digits: String, family: String, limit: Int
  ) throws -> [EntityID] {
    let width = 2 * EntityID.byteCount
    guard (1...width).contains(digits.count),
      let lower = [UInt8](hex: digits + String(repeating: "0", count: width - digits.count)),
      let upper = [UInt8](hex: digits + String(repeating: "f", count: width - digits.count))
    else { return [] }
    var ids: [EntityID] = []
    try connection.query(
      "SELECT uuid FROM entities WHERE uuid BETWEEN ? AND ? AND family = ? ORDER BY uuid LIMIT ?",
      .blob(lower), .blob(upper), .text(family), .integer(Int64(limit))
    ) { row in
      if let id = EntityID(row.blob(0)) { ids.append(id) }
      return true
    }
    return ids
  }

  /// The leads of that number. There is one, unless a node gave a number twice.
  package func leads(numbered number: LeadNumber) throws -> [EntityID] {
    var ids: [EntityID] = []
    try connection.query(
      """
      SELECT e.uuid FROM leads l JOIN entities e ON e.id = l.entity WHERE l.number = ?
      ORDER BY l.entity LIMIT 16
      """, .text(number.description)
    ) { row in
      if let id = EntityID(row.blob(0)) { ids.append(id) }
      return true
    }
    return ids
  }

  /// A page of directives, those accepted last first.
  ///
  /// - Parameter isWanted: whether one belongs to the page.
  package func directives(
    before: EntityID?, limit: Int, where isWanted: (StoredEntity) throws -> Bool
  ) throws -> [StoredEntity] {
    var start = Int64.max
    if let before {
      start =
        try connection.first(
          "SELECT id FROM entities WHERE uuid = ?", .blob(before.bytes), read: { $0.integer(0) })
        ?? 0
    }
    var page: [StoredEntity] = []
    try connection.query(
      """
      SELECT e.uuid, e.state, e.heads, e.waiting, e.audience
      FROM directives d JOIN entities e ON e.id = d.entity
      WHERE d.entity < ? ORDER BY d.entity DESC
      """, .integer(start)
    ) { row in
      let entity = try self.storedEntity(row)
      if try isWanted(entity) { page.append(entity) }
      return page.count < limit
    }
    return page
  }

  /// The receipt lines of a directive that are held here, by recipient.
  package func receiptLines(of directive: EntityID) throws -> [StoredEntity] {
    var lines: [StoredEntity] = []
    try connection.query(
      """
      SELECT e.uuid, e.state, e.heads, e.waiting, e.audience
      FROM receipts r JOIN entities e ON e.id = r.entity
      WHERE r.directive = ? ORDER BY r.recipient, r.entity
      """, .blob(directive.bytes)
    ) { row in
      lines.append(try self.storedEntity(row))
      return true
    }
    return lines
  }

  /// The sealed contacts that were written in the same commit as a lead's founding event.
  package func contacts(of lead: EntityID) throws -> [StoredEntity] {
    // Not the first that is held: after a repair others may stand before it.
    guard let hash = try entity(lead)?.state?.founding.event,
      let founding = try connection.first(
        """
        SELECT ev.id FROM events ev JOIN entities e ON e.id = ev.entity
        WHERE e.uuid = ? AND ev.hash = ?
        """, .blob(lead.bytes), .hash(hash), read: { $0.integer(0) })
    else { return [] }
    let first = founding / Schema.eventsPerCommit * Schema.eventsPerCommit
    var found: [StoredEntity] = []
    try connection.query(
      """
      SELECT e.uuid, e.state, e.heads, e.waiting, e.audience
      FROM events ev JOIN entities e ON e.id = ev.entity
      WHERE ev.id BETWEEN ? AND ? AND e.family = 'contact' ORDER BY ev.id
      """, .integer(first), .integer(first + Schema.eventsPerCommit - 1)
    ) { row in
      let entity = try self.storedEntity(row)
      let body = entity.state.flatMap { try? CanonicalValue(decoding: $0.founding.body) }
      if body?["lead"]?.bytes == lead.bytes { found.append(entity) }
      return true
    }
    return found
  }

  /// The reference entities of regions (区域).
  package func regionEntities() throws -> [StoredEntity] {
    var found: [StoredEntity] = []
    // The family is a literal, so that a partial index on it serves.
    try connection.query(
      "SELECT uuid, state, heads, waiting, audience FROM entities WHERE family = 'region'"
    ) { row in
      found.append(try self.storedEntity(row))
      return true
    }
    return found
  }

  /// The founding entities of the origins that are known, with their incarnations.
  package func originEntities() throws -> [(incarnation: UInt32, entity: StoredEntity)] {
    var found: [(UInt32, StoredEntity)] = []
    try connection.query(
      """
      SELECT e.uuid, e.state, e.heads, e.waiting, e.audience, o.incarnation
      FROM entities e
      JOIN events ev ON ev.id = (SELECT MIN(id) FROM events WHERE entity = e.id)
      JOIN commits c ON c.id = ev.id / 256 JOIN origins o ON o.id = c.origin
      WHERE e.family = 'origin'
      """
    ) { row in
      found.append((UInt32(truncatingIfNeeded: row.integer(5)), try self.storedEntity(row)))
      return true
    }
    return found
  }

  /// Whether a row of this name was imported here before.
  package func isImported(_ sourceKey: Hash) throws -> Bool {
    try connection.first(
      "SELECT 1 FROM sources WHERE key = ?", .hash(sourceKey), read: { _ in true }) ?? false
  }

  func storedEntity(_ row: borrowing SQLRow) throws -> StoredEntity {
    guard let id = EntityID(row.blob(0)) else {
      throw StoreError(.damaged, "an entity's stored id is ill-formed; run `liandong verify`")
    }
    let audience = try connection.first(
      "SELECT regions FROM audiences WHERE id = ?", .integer(row.integer(4)), read: { $0.text(0) })
    return StoredEntity(
      id: id, state: row.isNull(1) ? nil : try EntityState(decoding: row.blob(1)),
      heads: try [Hash](joinedBytes: row.blob(2)), isWaiting: row.integer(3) != 0,
      isTangled: WaitingMark(stored: row.integer(3)) == .tangled,
      audience: Interning.regions(in: audience ?? ""))
  }
}
