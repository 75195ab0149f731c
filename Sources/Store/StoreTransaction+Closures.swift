import GRDB
package import Ledger
import Regions

extension StoreTransaction {
  /// Takes an event into account that may be part of a closure. Once the closure is complete, each
  /// entity that it bars events of is folded anew in this transaction.
  func noteClosure(_ event: Event, of stamp: Stamp, entity: Int64) throws {
    guard let part = ClosurePart(event, of: stamp) else { return }
    // A further part of a complete closure makes events good that were barred.
    let freed = closedOrigins.isInForce(entity) ? try barredEntities(of: entity) : []
    try connection.insert(part, of: entity)
    closedOrigins = try ClosedOrigins(connection)
    guard closedOrigins.isInForce(entity) else { return }
    try foldAnew(freed.union(barredEntities(of: entity)))
  }

  /// Closes an origin (封存): in one transaction, all or nothing.
  ///
  /// - Parameters:
  ///   - good: the commits that keep their effect.
  ///   - rules: the process of closures.
  ///   - salt: gives 16 random bytes for each event.
  /// - Returns: the closure's entity.
  /// - Throws: `StoreError` of code refused at another tier than the city, for the origin that this
  ///   node writes under itself, and for more commits than a closure can name.
  package func close(
    _ origin: Origin, good: [Hash], rules: Hash, actor: String, role: String,
    salt: () -> [UInt8]
  ) throws -> EntityID {
    guard identity.tier == .city, origin != identity.origin else {
      throw StoreError(
        .refused, "only the hub closes origins, and never the one that it writes under itself")
    }
    guard let bodies = OriginClosure.bodies(closing: origin, good: good, rules: rules) else {
      throw StoreError(.refused, "a closure cannot name \(good.count) commits")
    }
    // A short list overtakes what waits; a long one must not hold up directives.
    let lane: Lane = bodies.count == 1 ? .urgent : .bulk
    var closure: EntityID?
    for body in bodies {
      let heads = try closure.flatMap { try entity($0) }?.heads ?? []
      let draft = EventDraft(
        entity: closure, kind: closure == nil ? OriginClosure.kind : OriginClosure.partKind,
        parents: heads, audience: closure == nil ? [.everyone] : [], salt: salt(),
        body: body.encoded)
      let commit = try author(actor: actor, role: role, lane: lane) { $0.add(draft) }
      closure = commit.events.first?.event.entity
    }
    guard let closure else { preconditionFailure("a closure has at least one part") }
    return closure
  }

  /// Nothing is added to a chain that the hub has closed.
  func refuseClosed() throws {
    guard closedOrigins.contains(identity.origin) else { return }
    throw StoreError(
      .originClosed,
      "the hub has closed this node's origin \(identity.origin): what it would write has no effect "
        + "anywhere. Restart the node, which begins a new incarnation; where its key was stolen, get "
        + "a new key and certificate first")
  }

  /// The entities with events that a closure bars, if it is in force.
  private func barredEntities(of closure: Int64) throws -> Set<Int64> {
    var rows: Set<Int64> = []
    try connection.query(Self.barredByClosure, .integer(closure)) { row in
      rows.insert(row.integer(0))
      return true
    }
    return rows
  }

  /// The cost follows the events of the closed origin: CROSS JOIN has SQLite begin with its commits.
  static let barredByClosure: StaticString = """
    SELECT DISTINCT e.entity
    FROM closures k CROSS JOIN regions r ON r.name = k.region
    CROSS JOIN origins o ON o.region = r.id AND o.incarnation = k.incarnation
    CROSS JOIN commits c ON c.origin = o.id
    CROSS JOIN events e ON e.id BETWEEN c.id * 256 AND c.id * 256 + 255
    WHERE k.entity = ?1 AND NOT EXISTS (
      SELECT 1 FROM good_commits g WHERE g.closure = ?1 AND g.prefix = substr(c.hash, 1, 16))
    """

  /// Folds entities anew: those in memory at the end of the transaction, the others at once, so that
  /// however many they are, few are in memory.
  private func foldAnew(_ rows: Set<Int64>) throws {
    var rows = rows
    for record in touched where rows.remove(record.row) != nil { record.needsRefold = true }
    for row in rows.sorted() {
      let id = try connection.first(
        "SELECT uuid FROM entities WHERE id = ?", .integer(row), read: { EntityID($0.blob(0)) })
      guard let id = id ?? nil else {
        throw StoreError(.damaged, "entity \(row) has no id; run `liandong verify`")
      }
      if let record = entities[id] {
        record.needsRefold = true
        touch(record)
      } else if let record = try load(id) {
        try refoldAndWrite(record)
      }
    }
  }

  /// Folds an entity that is not in memory, and writes it.
  func refoldAndWrite(_ record: EntityRecord) throws {
    try refold(record)
    try write(record)
    // An audience that changed may concern further neighbours; `route` sees to it.
    guard record.audience != record.audienceBefore else { return try settle(record) }
    entities[record.id] = record
    touch(record)
  }

  /// Derives the closures from the ledger anew. What they bar is folded by the caller.
  func rebuildClosures() throws {
    for table in ["closures", "closure_parts", "good_commits"] {
      try connection.database.execute(sql: "DELETE FROM \(table)")
    }
    var parts: [(entity: Int64, part: ClosurePart)] = []
    try connection.query(
      """
      SELECT e.entity, e.bytes, c.stamp FROM events e JOIN commits c ON c.id = e.id / 256
      WHERE e.kind IN (SELECT id FROM kinds WHERE name IN (?, ?)) ORDER BY e.id
      """, .text(OriginClosure.kind), .text(OriginClosure.partKind)
    ) { row in
      let (event, stamp) = try storedEvent(row.blob(1), stampBytes: row.blob(2))
      if let part = ClosurePart(event, of: stamp) { parts.append((row.integer(0), part)) }
      return true
    }
    for (entity, part) in parts { try connection.insert(part, of: entity) }
    closedOrigins = try ClosedOrigins(connection)
  }
}

extension Connection {
  fileprivate func insert(_ part: ClosurePart, of entity: Int64) throws {
    if let opening = part.opening {
      try execute(
        """
        INSERT OR REPLACE INTO closures (entity, region, incarnation, parts) VALUES (?, ?, ?, ?)
        """, .integer(entity), .text(opening.origin.region.rawValue),
        .integer(Int64(opening.origin.incarnation)), .integer(Int64(opening.partCount)))
    }
    try execute(
      "INSERT OR IGNORE INTO closure_parts (closure, part) VALUES (?, ?)", .integer(entity),
      .integer(Int64(part.number)))
    for prefix in part.good {
      try execute(
        "INSERT OR IGNORE INTO good_commits (closure, prefix) VALUES (?, ?)", .integer(entity),
        .blob(prefix.bytes))
    }
  }
}
