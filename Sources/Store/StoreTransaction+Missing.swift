import Casework
import Ledger
package import Regions
import Replication

extension StoreTransaction {
  /// Has the session that is about to begin ask a peer for what is missing here: with our cursors
  /// void the two compare what they hold, and what was set aside or waited for is among what this
  /// node lacks.
  ///
  /// - Returns: whether the cursors are void now; see `StoreReader.lacksSomething(of:at:)`.
  package func askForMissing(of peer: RegionID) throws -> Bool {
    let source = try interning.region(peer, connection)
    guard try connection.lacksSomething(of: source, at: now) else { return false }
    for lane in Lane.allCases {
      guard case .at = try cursor(peer, lane) else { continue }
      try setCursor(peer, lane, .void)
    }
    try connection.execute(
      "INSERT OR REPLACE INTO set_aside_asked (peer, at) VALUES (?, ?)", .integer(source),
      .integer(Int64(now)))
    return true
  }

  /// Notes since when an entity waits, or that it waits no more.
  func noteWait(of record: EntityRecord) throws {
    if record.waits {
      try connection.execute(
        """
        INSERT INTO waits (entity, since, lacks_event) VALUES (?, ?, ?)
        ON CONFLICT (entity) DO UPDATE SET lacks_event = excluded.lacks_event
        """, .integer(record.row), .integer(Int64(now)), .integer(record.lacksEvent ? 1 : 0))
    } else {
      try connection.execute("DELETE FROM waits WHERE entity = ?", .integer(record.row))
    }
    record.waitedBefore = record.waits
  }
}

extension StoreReader {
  /// Whether a session with this peer should begin anew, so that the peer is asked for what is missing:
  /// a good copy of what it sent and did not verify, or a parent that an entity has waited for longer
  /// than `ReplicationBounds.askMilliseconds`. At most once in that time and peer; for a parent that
  /// still does not come, after twice the time each time, and once a day in the end.
  ///
  /// - Parameter now: the wall clock, in milliseconds since 1970 UTC.
  package func lacksSomething(of peer: RegionID, at now: UInt64) throws -> Bool {
    guard let row = try regionRow(peer) else { return false }
    return try connection.lacksSomething(of: row, at: now)
  }
}

extension Connection {
  /// Entities that have waited for an event since before the bound: those that the last question came
  /// too early for, and those whose next question is due.
  static let overdueWaits: StaticString = """
    SELECT 1 FROM waits WHERE lacks_event <> 0 AND since <= ?1
      AND (since > ?2 OR ?3 - ?2 >= MIN(?2 - since, ?4)) LIMIT 1
    """

  fileprivate func lacksSomething(of peer: Int64, at now: UInt64) throws -> Bool {
    let now = Int64(now)
    let bound = Int64(ReplicationBounds.askMilliseconds)
    let asked = try first(
      "SELECT at FROM set_aside_asked WHERE peer = ?", .integer(peer), read: { $0.integer(0) })
    // A wall clock that was set back does not put the question off for longer.
    let last = asked.flatMap { $0 <= now ? $0 : nil }
    if let last, now - last < bound { return false }
    let isSetAside = try first(
      "SELECT 1 FROM set_aside WHERE peer = ? LIMIT 1", .integer(peer), read: { _ in true })
    if isSetAside != nil { return true }
    return try first(
      Self.overdueWaits, .integer(now - bound), .integer(last ?? -1), .integer(now),
      .integer(Int64(ReplicationBounds.longestAskMilliseconds)), read: { _ in true }) ?? false
  }
}

extension FoldResult {
  /// Whether an event of the entity is missing.
  var lacksEvent: Bool {
    missing.contains { if case .event = $0 { true } else { false } }
  }
}
