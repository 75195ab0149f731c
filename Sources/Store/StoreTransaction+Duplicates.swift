import Casework
import Ledger

extension StoreTransaction {
  /// Files leads that are new or changed under what they can be found by. Writing leads only notes that
  /// they are to be filed, so that taking them in costs next to nothing.
  ///
  /// - Parameter most: the most leads of this transaction.
  /// - Returns: how many were filed; fewer than `most` when none is left.
  package func fileLeads(atMost most: Int) throws -> Int {
    var rows: [(entity: Int64, state: [UInt8])] = []
    try connection.query(
      """
      SELECT u.entity, e.state FROM lead_unfiled u JOIN entities e ON e.id = u.entity
      ORDER BY u.entity LIMIT ?
      """, .integer(Int64(most))
    ) { row in
      rows.append((row.integer(0), row.blob(1)))
      return true
    }
    for (entity, bytes) in rows {
      let lead = (try? EntityState(decoding: bytes)).flatMap { Lead($0) }
      for trace in lead.map({ LeadTraces.filed($0) }) ?? [] {
        try connection.execute(
          "INSERT OR IGNORE INTO lead_traces (trace, entity) VALUES (?, ?)", .integer(trace),
          .integer(entity))
      }
      try connection.execute("DELETE FROM lead_unfiled WHERE entity = ?", .integer(entity))
    }
    return rows.count
  }

  func noteUnfiled(_ row: Int64) throws {
    try connection.execute(
      "INSERT OR IGNORE INTO lead_unfiled (entity) VALUES (?)", .integer(row))
  }

  /// Notes the incident that a lead is linked to by its events. Costs a fold of a lead that was ever
  /// linked.
  func projectIncident(_ state: EntityState, _ record: EntityRecord) throws {
    // One that moved back to its founding, since an origin was closed, may have been linked.
    let hasMoved = state.slots[Process.stageSlot]?.event != state.founding.event
    guard hasMoved || !record.isNew, try wasLinked(record.row) else { return }
    let inputs = try heldEvents(of: record.row).map(\.foldInput)
    if let incident = IncidentLink.incident(by: inputs, in: folder.fold(inputs)) {
      try connection.execute(
        "INSERT OR REPLACE INTO incident_reports (report, incident) VALUES (?, ?)",
        .integer(record.row), .blob(incident.bytes))
    } else {
      try connection.execute(
        "DELETE FROM incident_reports WHERE report = ?", .integer(record.row))
    }
  }

  /// The leads with an event that links them to an incident. Costs a look at every event.
  func everLinked() throws -> Set<Int64> {
    var linked: Set<Int64> = []
    try connection.query(
      "SELECT entity FROM events WHERE kind = (SELECT id FROM kinds WHERE name = ?)",
      .text(IncidentLink.linkedKind)
    ) { row in
      linked.insert(row.integer(0))
      return true
    }
    return linked
  }

  /// Whether an event that links the entity to an incident is held.
  private func wasLinked(_ entity: Int64) throws -> Bool {
    try connection.first(
      """
      SELECT 1 FROM events WHERE entity = ? AND kind = (SELECT id FROM kinds WHERE name = ?)
      """, .integer(entity), .text(IncidentLink.linkedKind), read: { _ in true }) ?? false
  }
}
