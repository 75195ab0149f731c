package import Ledger
package import Regions

/// One event that a store holds, as its ledger rows say it.
package struct LedgerEntry: Sendable {
  /// The row; it grows with each event that is accepted.
  package let row: Int64
  package let hash: Hash
  /// The event's bytes as they came.
  package let bytes: [UInt8]
  package let stampBytes: [UInt8]
  /// The hash of the commit that it belongs to.
  package let commit: Hash
  /// The entity under which the store keeps it.
  package let entity: EntityID
}

/// What an auditor reads, apart from everything that the store works out for itself.
extension StoreReader {
  /// Reads every event that is held, in the order of its row.
  package func ledger(_ body: (LedgerEntry) throws -> Void) throws {
    try connection.query(
      """
      SELECT e.id, e.hash, e.bytes, c.stamp, c.hash, n.uuid FROM events e
      JOIN commits c ON c.id = e.id / 256 JOIN entities n ON n.id = e.entity ORDER BY e.id
      """
    ) { row in
      guard let entity = EntityID(row.blob(5)) else {
        throw StoreError(.damaged, "an entity's stored id is ill-formed; run `liandong verify`")
      }
      try body(
        LedgerEntry(
          row: row.integer(0), hash: try row.hash(1), bytes: row.blob(2), stampBytes: row.blob(3),
          commit: try row.hash(4), entity: entity))
      return true
    }
  }

  /// The ids of all entities of which something is held, ascending.
  package func entityIDs() throws -> [EntityID] {
    var ids: [EntityID] = []
    try connection.query("SELECT uuid FROM entities ORDER BY uuid") { row in
      if let id = EntityID(row.blob(0)) { ids.append(id) }
      return true
    }
    return ids
  }

  /// The bytes of an entity's state as they are stored; `nil` where it has none.
  package func stateBytes(of entity: EntityID) throws -> [UInt8]? {
    try connection.first(
      "SELECT state FROM entities WHERE uuid = ?", .blob(entity.bytes),
      read: { $0.isNull(0) ? nil : $0.blob(0) }) ?? nil
  }

  /// The events in an outbox up to a position, in order; marks are left out.
  package func outbox(
    of peer: RegionID, _ lane: Lane, through position: UInt64 = UInt64(Int64.max)
  ) throws -> [Hash] {
    guard let row = try regionRow(peer) else { return [] }
    var list: [Hash] = []
    try connection.query(
      """
      SELECT e.hash FROM outbox o JOIN events e ON e.id = o.event
      WHERE o.peer = ? AND o.lane = ? AND o.position <= ? ORDER BY o.position
      """, .integer(row), .integer(Int64(lane.rawValue)), .integer(Int64(position))
    ) { row in
      list.append(try row.hash(0))
      return true
    }
    return list
  }

  /// The events that were queued to a peer or taken from it.
  package func exchanged(with peer: RegionID) throws -> Set<Hash> {
    guard let row = try regionRow(peer) else { return [] }
    var all: Set<Hash> = []
    try connection.query(
      """
      SELECT e.hash FROM outbox o JOIN events e ON e.id = o.event WHERE o.peer = ?1
      UNION SELECT hash FROM events WHERE source = ?1
      UNION SELECT e.hash FROM doubles d JOIN events e ON e.id = d.event WHERE d.peer = ?1
      """, .integer(row)
    ) { row in
      all.insert(try row.hash(0))
      return true
    }
    return all
  }
}
