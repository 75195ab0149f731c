import Ledger
import Regions
import Replication

extension StoreTransaction {
  /// The lane in which a commit is passed on: its stamp's, but for an origin's urgent commits beyond
  /// its quota here. What this node writes itself is not limited.
  ///
  /// - Parameter row: the commit's row; a commit that is held in part keeps the lane it got.
  func lane(of stamp: Stamp, row: Int64, isNew: Bool, source: Int64) throws -> Lane {
    guard stamp.lane == .urgent, source != Interning.ownSource else { return stamp.lane }
    guard isNew else { return try lane(of: stamp, row: row) }
    let origin = SQLValue.integer(try interning.origin(stamp.origin, connection))
    var quota =
      try connection.first(
        "SELECT due, exceeded FROM urgent_quotas WHERE origin = ?", origin,
        read: { LaneQuota(due: try $0.exactly(0), isExceeded: $0.integer(1) != 0) }) ?? LaneQuota()
    // A stamp from the future must not use up what is due until then.
    let latest = now + HybridClock.toleranceMilliseconds
    let verdict = quota.take(at: min(stamp.time.milliseconds, latest))
    try connection.execute(
      "INSERT OR REPLACE INTO urgent_quotas (origin, due, exceeded) VALUES (?, ?, ?)", origin,
      .integer(Int64(quota.due)), .integer(quota.isExceeded ? 1 : 0))
    if verdict == .urgent { return .urgent }
    try connection.execute("INSERT INTO demoted (id) VALUES (?)", .integer(row))
    if verdict == .firstBulk {
      try raise(
        "urgent_quota",
        "\(stamp.origin) writes more urgent commits than "
          + "\(ReplicationBounds.urgentCommitsPerHour) an hour; the rest waits with the bulk")
    }
    return .bulk
  }

  /// The lane that a held commit got.
  func lane(of stamp: Stamp, row: Int64) throws -> Lane {
    guard stamp.lane == .urgent else { return .bulk }
    let isDemoted = try connection.first(
      "SELECT 1 FROM demoted WHERE id = ?", .integer(row), read: { _ in true })
    return isDemoted == nil ? .urgent : .bulk
  }
}
