import Casework
package import Ledger

extension StoreReader {
  /// The leads that are filed under a trace, those accepted last first, as rows for ``lead(atRow:)``.
  ///
  /// - Parameter most: no more than so many are told.
  package func leadRows(filedUnder trace: Int64, most: Int) throws -> [Int64] {
    var rows: [Int64] = []
    try connection.query(
      "SELECT entity FROM lead_traces WHERE trace = ? ORDER BY entity DESC LIMIT ?",
      .integer(trace), .integer(Int64(most))
    ) { row in
      rows.append(row.integer(0))
      return true
    }
    return rows
  }

  /// The lead in a row; `nil` where it is none.
  package func lead(atRow row: Int64) throws -> StoredEntity? {
    try connection.first(
      "SELECT uuid, state, heads, waiting, audience FROM entities WHERE id = ? AND family = 'lead'",
      .integer(row), read: { try self.storedEntity($0) })
  }

  /// How many leads are held, counted up to a bound.
  package func leadCount(upTo most: Int) throws -> Int {
    try connection.first(
      "SELECT COUNT(*) FROM (SELECT 1 FROM leads LIMIT ?)", .integer(Int64(most)),
      read: { Int($0.integer(0)) }) ?? 0
  }

  /// The incident that a report is linked to; it may not be held here.
  package func incident(of report: EntityID) throws -> EntityID? {
    try connection.first(
      """
      SELECT i.incident FROM incident_reports i JOIN entities e ON e.id = i.report
      WHERE e.uuid = ?
      """, .blob(report.bytes), read: { EntityID($0.blob(0)) }) ?? nil
  }

  /// The reports that are linked to an incident, in the order in which they were accepted.
  package func reports(of incident: EntityID, limit: Int) throws -> [StoredEntity] {
    var found: [StoredEntity] = []
    try connection.query(
      """
      SELECT e.uuid, e.state, e.heads, e.waiting, e.audience
      FROM incident_reports i JOIN entities e ON e.id = i.report
      WHERE i.incident = ? ORDER BY i.report LIMIT ?
      """, .blob(incident.bytes), .integer(Int64(limit))
    ) { row in
      found.append(try self.storedEntity(row))
      return true
    }
    return found
  }

  /// The incidents that reports are linked to with the number of these, the most reported first.
  package func incidents(limit: Int) throws -> [(incident: EntityID, reports: Int)] {
    var found: [(EntityID, Int)] = []
    try connection.query(
      """
      SELECT incident, COUNT(*) FROM incident_reports GROUP BY incident
      ORDER BY COUNT(*) DESC, incident LIMIT ?
      """, .integer(Int64(limit))
    ) { row in
      if let id = EntityID(row.blob(0)) { found.append((id, Int(row.integer(1)))) }
      return true
    }
    return found
  }
}
