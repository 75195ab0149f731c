import Casework
package import Ledger
package import Regions

extension StoreReader {
  /// The accounts that are held, whoever opened them.
  package func accountEntities() throws -> [StoredEntity] {
    // Families are literals, so that the partial index on them serves.
    try entities(
      "SELECT uuid, state, heads, waiting, audience FROM entities WHERE family = 'account'")
  }

  /// The secrets for one-time codes that nodes sealed.
  package func recoveryEntities() throws -> [StoredEntity] {
    try entities(
      "SELECT uuid, state, heads, waiting, audience FROM entities WHERE family = 'recovery'")
  }

  /// Duty shifts, those accepted last first.
  ///
  /// - Parameter region: the office; `nil` for all that are held.
  package func shifts(of region: RegionID?, limit: Int) throws -> [StoredEntity] {
    var found: [StoredEntity] = []
    try connection.query(
      """
      SELECT uuid, state, heads, waiting, audience FROM entities WHERE family = 'shift'
      ORDER BY id DESC
      """
    ) { row in
      let entity = try storedEntity(row)
      if region == nil || entity.state?.founding.region == region { found.append(entity) }
      return found.count < limit
    }
    return found
  }

  /// Since when accounts are demanded, by the hub's clock; `nil` where they are not.
  package func accountsDemandedSince() throws -> HybridTime? {
    try entities(
      "SELECT uuid, state, heads, waiting, audience FROM entities WHERE family = 'accounts'"
    ).compactMap { entity in
      entity.state.flatMap { $0.stage == nil ? nil : $0.founding.time }
    }.min()
  }

  /// The regions that wrote these events of an entity; one that is not held is missing.
  package func authors(of events: [Hash], in entity: EntityID) throws -> [Hash: RegionID] {
    let wanted = Set(events)
    var authors: [Hash: RegionID] = [:]
    try connection.query(
      """
      SELECT ev.hash, c.stamp FROM entities e JOIN events ev ON ev.entity = e.id
      JOIN commits c ON c.id = ev.id / 256 WHERE e.uuid = ?
      """, .blob(entity.bytes)
    ) { row in
      let hash = try row.hash(0)
      guard wanted.contains(hash) else { return true }
      authors[hash] = try storedStamp(row.blob(1)).origin.region
      return authors.count < wanted.count
    }
    return authors
  }

  /// One commit as an audit of its author looks at it.
  package struct WrittenCommit: Sendable {
    package let stamp: Stamp
    package let hash: Hash
    fileprivate let row: Int64
  }

  /// Hands on every commit, in the order in which they were accepted, until the closure answers
  /// `false`.
  package func eachCommit(_ body: (WrittenCommit) throws -> Bool) throws {
    try connection.query("SELECT id, stamp, hash FROM commits ORDER BY id") { row in
      try body(
        WrittenCommit(
          stamp: storedStamp(row.blob(1)), hash: row.hash(2), row: row.integer(0)))
    }
  }

  /// The kinds of a commit's events that are held.
  package func kinds(in commit: WrittenCommit) throws -> Set<String> {
    let first = commit.row * Schema.eventsPerCommit
    var kinds: Set<String> = []
    try connection.query(
      "SELECT k.name FROM events e JOIN kinds k ON k.id = e.kind WHERE e.id BETWEEN ? AND ?",
      .integer(first), .integer(first + Schema.eventsPerCommit - 1)
    ) { row in
      kinds.insert(row.text(0))
      return true
    }
    return kinds
  }

  private func entities(_ sql: StaticString) throws -> [StoredEntity] {
    var found: [StoredEntity] = []
    try connection.query(sql) { row in
      found.append(try storedEntity(row))
      return true
    }
    return found
  }

  private func storedStamp(_ bytes: [UInt8]) throws -> Stamp {
    do {
      return try Stamp(decoding: bytes)
    } catch {
      throw StoreError(
        .damaged, "a stored stamp is ill-formed; run `liandong verify`", cause: error)
    }
  }
}
