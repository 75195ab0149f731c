package import Ledger
package import Replication

extension StoreTransaction {
  /// Notes that a file is wanted. One that is already wanted becomes urgent if this is.
  ///
  /// - Parameter byteCount: its length by the event.
  /// - Returns: `false` where as many files as may be are wanted already.
  package func want(
    _ file: Hash, by event: SetKey, byteCount: Int, isUrgent: Bool
  ) throws -> Bool {
    let reader = reader
    guard
      try reader.wantedEvidence(file) != nil
        || reader.wantedEvidenceCount() < ReplicationBounds.evidenceWanted
    else { return false }
    try connection.execute(
      """
      INSERT INTO evidence_wanted (file, time, event, bytes, urgent, since)
      VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (file) DO UPDATE SET urgent = MAX(urgent, excluded.urgent)
      """, .hash(file), .integer(Int64(event.time.rawValue)), .hash(event.hash),
      .integer(Int64(byteCount)), .integer(isUrgent ? 1 : 0), .integer(Int64(now)))
    return true
  }

  /// Notes that a file is wanted no more.
  package func dropWanted(_ file: Hash) throws {
    try connection.execute("DELETE FROM evidence_wanted WHERE file = ?", .hash(file))
  }

  /// Notes how far the ledger was looked through; see ``StoreReader/evidencePlace()``.
  package func noteEvidencePlace(_ place: Int64) throws {
    try connection.execute(
      "INSERT OR REPLACE INTO evidence_place (id, incarnation, place) VALUES (1, ?, ?)",
      .integer(Int64(identity.incarnation)), .integer(place))
  }
}
