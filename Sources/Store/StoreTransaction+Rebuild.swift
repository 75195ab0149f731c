import GRDB
import Ledger

extension StoreTransaction {
  private static let projections = [
    "leads", "lead_places", "lead_traces", "lead_unfiled", "incident_reports", "directives",
    "receipts", "undelivered", "sources", "clocks", "warnings", "supervisions", "items",
  ]

  /// Computes every projection anew from the ledger. Ledger, outboxes and cursors stay as they are.
  ///
  /// - Parameter progress: called with the number of entities done, now and then; its error undoes all.
  /// - Returns: how many entities were folded.
  package func rebuild(progress: (Int) throws -> Void) throws -> Int {
    // What this transaction has changed so far goes to disk first: records in memory are dropped.
    try finish()
    for table in Self.projections {
      try connection.database.execute(sql: "DELETE FROM \(table)")
    }
    try rebuildClosures()
    try connection.execute("DELETE FROM publications")
    try notePublications()
    try rereadRules()
    entities.removeAll()
    var rows: [EntityID] = []
    try connection.query("SELECT uuid FROM entities ORDER BY id") { row in
      guard let id = EntityID(row.blob(0)) else {
        throw StoreError(.damaged, "an entity's stored id is ill-formed")
      }
      rows.append(id)
      return true
    }
    for (done, id) in rows.enumerated() {
      try foldAnew(id)
      if done.isMultiple(of: 1_000) { try progress(done) }
    }
    try connection.execute(
      "DELETE FROM waits WHERE entity NOT IN (SELECT id FROM entities WHERE waiting <> 0)")
    return rows.count
  }
}
