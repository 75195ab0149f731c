package import Casework
package import Ledger

/// An entity of which an event is held and cannot be folded yet.
package struct WaitingEntity: Hashable, Sendable {
  package let id: EntityID
  /// The family's name; `nil` while the founding event or its rules file is missing.
  package let family: String?
  /// How many events wait.
  package let events: Int
  /// What is not here and would end the wait, ascending; empty only where the graph is beyond the
  /// fold's bound.
  package let missing: [Need]
  /// Since when it waits by this node's clock, in milliseconds since 1970 UTC; `nil` where an earlier
  /// program did not note it.
  package let sinceMilliseconds: UInt64?
}

extension StoreReader {
  /// How many entities wait.
  package func waitingCount() throws -> Int64 {
    try connection.first("SELECT COUNT(*) FROM waits", read: { $0.integer(0) }) ?? 0
  }

  /// The entities that wait, those that have waited longest first. Cost: one fold each.
  package func waiting(limit: Int) throws -> [WaitingEntity] {
    var found: [(row: Int64, id: EntityID, family: String?, since: Int64)] = []
    try connection.query(
      """
      SELECT w.entity, n.uuid, n.family, w.since FROM waits w JOIN entities n ON n.id = w.entity
      ORDER BY w.since, w.entity LIMIT ?
      """, .integer(Int64(limit))
    ) { row in
      if let id = EntityID(row.blob(1)) {
        found.append((row.integer(0), id, row.isNull(2) ? nil : row.text(2), row.integer(3)))
      }
      return true
    }
    return try found.map { entry in
      let result = try folder.fold(foldInputs(of: entry.row))
      return WaitingEntity(
        id: entry.id, family: entry.family, events: result.waiting.count, missing: result.missing,
        sinceMilliseconds: UInt64(exactly: entry.since).flatMap { $0 == 0 ? nil : $0 })
    }
  }

  /// The events that an entity lacks, ascending; empty where it lacks none or is not held.
  package func missingEvents(of id: EntityID) throws -> [Hash] {
    let row = try connection.first(
      "SELECT id FROM entities WHERE uuid = ?", .blob(id.bytes), read: { $0.integer(0) })
    guard let row else { return [] }
    return try folder.fold(foldInputs(of: row)).missing.compactMap { need in
      guard case .event(let hash) = need else { return nil }
      return hash
    }
  }
}
