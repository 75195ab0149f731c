package import Ledger

extension StoreReader {
  /// How many leads reported in a time are at each stage, by the region that they are about.
  ///
  /// - Parameter range: in milliseconds since 1970 UTC.
  package func stageCounts(
    reportedIn range: Range<Int64>
  ) throws -> [(region: String, stage: String, count: Int)] {
    var counts: [(region: String, stage: String, count: Int)] = []
    try connection.query(
      """
      SELECT region, stage, COUNT(*) FROM leads WHERE reported_at >= ? AND reported_at < ?
      GROUP BY region, stage ORDER BY region, stage
      """, .integer(range.lowerBound), .integer(range.upperBound)
    ) { row in
      counts.append((row.text(0), row.text(1), Int(row.integer(2))))
      return true
    }
    return counts
  }

  /// The leads reported in a time, the oldest first, with the region that each is about and its stage.
  ///
  /// - Parameters:
  ///   - range: in milliseconds since 1970 UTC.
  ///   - visit: called for each until it returns `false`.
  package func forEachLead(
    reportedIn range: Range<Int64>,
    _ visit: (_ id: EntityID, _ region: String, _ stage: String) throws -> Bool
  ) throws {
    try connection.query(
      """
      SELECT e.uuid, l.region, l.stage FROM leads l JOIN entities e ON e.id = l.entity
      WHERE l.reported_at >= ? AND l.reported_at < ? ORDER BY l.reported_at, l.entity
      """, .integer(range.lowerBound), .integer(range.upperBound)
    ) { row in
      guard let id = EntityID(row.blob(0)) else {
        throw StoreError(.damaged, "an entity's stored id is ill-formed")
      }
      return try visit(id, row.text(1), row.text(2))
    }
  }
}
