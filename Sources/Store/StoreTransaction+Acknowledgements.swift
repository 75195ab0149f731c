import Ledger

extension StoreTransaction {
  /// Notes since when a peer is known to hold an outbox up to a position, where that is further than
  /// was ever known. A peer that falls back later held it all the same.
  func noteHeld(_ name: OutboxName, upTo position: Int64) throws {
    let (peer, lane) = (SQLValue.integer(name.peer), SQLValue.integer(Int64(name.lane.rawValue)))
    let known =
      try connection.first(
        "SELECT MAX(position) FROM acknowledgements WHERE peer = ? AND lane = ?", peer, lane,
        read: { $0.integer(0) }) ?? 0
    guard position > known else { return }
    try connection.execute(
      "INSERT INTO acknowledgements (peer, lane, position, at) VALUES (?, ?, ?, ?)", peer, lane,
      .integer(position), .integer(Int64(now)))
    // Counted once and then in memory: an acknowledgement comes with each of a few commits.
    let count =
      try acknowledgementCounts[name].map { $0 + 1 }
      ?? connection.first(
        "SELECT COUNT(*) FROM acknowledgements WHERE peer = ? AND lane = ?", peer, lane,
        read: { Int($0.integer(0)) }) ?? 0
    acknowledgementCounts[name] = count
    guard count > bounds.acknowledgements else { return }
    try thinAcknowledgements(peer, lane)
    acknowledgementCounts[name] = nil
  }

  /// Lets go of a quarter of the notes: of every second one, those whose neighbours are closest to
  /// each other in time, so that no gap grows much longer than others. The first and the last stay.
  /// What remains says later than was known, never earlier.
  private func thinAcknowledgements(_ peer: SQLValue, _ lane: SQLValue) throws {
    try connection.execute(
      """
      DELETE FROM acknowledgements WHERE peer = ?1 AND lane = ?2 AND position IN (
        SELECT position FROM (
          SELECT position, ROW_NUMBER() OVER places AS number,
            LEAD(at) OVER places - LAG(at) OVER places AS gap
          FROM acknowledgements WHERE peer = ?1 AND lane = ?2 WINDOW places AS (ORDER BY position))
        WHERE number % 2 = 0 AND gap IS NOT NULL ORDER BY gap, position LIMIT ?3)
      """, peer, lane, .integer(Int64(max(bounds.acknowledgements / 4, 1))))
  }
}
