import Casework
package import Ledger
import Regions

extension StoreTransaction {
  /// Brings the tables that faces query in line with an entity's state. They hold nothing that the
  /// state does not, so they can be dropped and rebuilt.
  func project(_ record: EntityRecord) throws {
    guard let state = record.state else {
      if !record.isNew { try clearProjections(of: record) }
      return
    }
    try projectClocks(of: state, record)
    if let lead = Lead(state) {
      try project(lead, record)
      try projectIncident(state, record)
    } else if let directive = Directive(state) {
      try connection.execute(
        "INSERT OR REPLACE INTO directives (entity, stage, issued_at) VALUES (?, ?, ?)",
        .integer(record.row), .text(directive.header.stage ?? ""),
        .integer(Int64(directive.header.foundedAtMilliseconds)))
    } else if let line = ReceiptLine(state) {
      try project(line, state, record)
    } else if let row = SupervisionRow(state, library: folder.library) {
      try connection.execute(
        """
        INSERT OR REPLACE INTO supervisions (entity, lead, stage, is_open) VALUES (?, ?, ?, ?)
        """, .integer(record.row), .blob(row.lead.bytes), .text(row.stage),
        .integer(row.isOpen ? 1 : 0))
    }
  }

  /// What changed may have changed its clocks, so the next sweep looks at it, which costs no more
  /// than a look at what it changed to.
  private func projectClocks(of state: EntityState, _ record: EntityRecord) throws {
    let family = folder.library[state.rules]?.family(named: state.family)
    if family?.hasClocks == true {
      try connection.execute(
        """
        INSERT INTO clocks (entity, at) VALUES (?, 0) ON CONFLICT (entity) DO UPDATE SET at = 0
        """, .integer(record.row))
    } else if !record.isNew {
      try connection.execute("DELETE FROM clocks WHERE entity = ?", .integer(record.row))
    }
    if !record.isNew || state.facts[Process.warnedKind(of: state.family)] != nil {
      try WarningRows.write(state, entity: record.row, connection)
    }
  }

  private func project(_ lead: Lead, _ record: EntityRecord) throws {
    try connection.execute(
      """
      INSERT OR REPLACE INTO leads (entity, number, stage, region, reported_at)
      VALUES (?, ?, ?, ?, ?)
      """, .integer(record.row), .text(lead.number ?? ""), .text(lead.header.stage ?? ""),
      .text(lead.region?.rawValue ?? lead.header.foundedBy.rawValue),
      .integer(lead.reportedAtMilliseconds ?? 0))
    if !record.isNew { try clearPlaces(of: record) }
    try LeadPlaces.insert(lead, entity: record.row, &interning, connection)
    try noteUnfiled(record.row)
    // Only the node that imported a row has to know it again.
    guard let key = lead.sourceKey, lead.header.foundedBy == identity.region else { return }
    if lead.header.stage == nil {
      // A row whose lead has no effect may be imported once more.
      try connection.execute(
        "DELETE FROM sources WHERE key = ? AND entity = ?", .hash(key), .integer(record.row))
    } else {
      try connection.execute(
        "INSERT OR IGNORE INTO sources (key, entity) VALUES (?, ?)", .hash(key),
        .integer(record.row))
    }
  }

  private func project(
    _ line: ReceiptLine, _ state: EntityState, _ record: EntityRecord
  ) throws {
    try connection.execute(
      """
      INSERT OR REPLACE INTO receipts (entity, directive, recipient, stage) VALUES (?, ?, ?, ?)
      """, .integer(record.row), .blob(line.directive?.bytes ?? []),
      .text(line.recipient?.rawValue ?? ""), .text(line.header.stage ?? ""))
    if awaitsDelivery(line, state) {
      try connection.execute(
        "INSERT OR IGNORE INTO undelivered (entity) VALUES (?)", .integer(record.row))
      effects.awaitsDeliveries = true
    } else if !record.isNew {
      try connection.execute("DELETE FROM undelivered WHERE entity = ?", .integer(record.row))
    }
  }

  private func clearPlaces(of record: EntityRecord) throws {
    try connection.execute("DELETE FROM lead_places WHERE entity = ?", .integer(record.row))
  }

  /// An entity without a state stands in none of the tables.
  private func clearProjections(of record: EntityRecord) throws {
    try clearPlaces(of: record)
    try connection.execute("DELETE FROM leads WHERE entity = ?", .integer(record.row))
    try connection.execute("DELETE FROM incident_reports WHERE report = ?", .integer(record.row))
    try connection.execute("DELETE FROM directives WHERE entity = ?", .integer(record.row))
    try connection.execute("DELETE FROM receipts WHERE entity = ?", .integer(record.row))
    try connection.execute("DELETE FROM undelivered WHERE entity = ?", .integer(record.row))
    try connection.execute("DELETE FROM supervisions WHERE entity = ?", .integer(record.row))
    try connection.execute("DELETE FROM warnings WHERE entity = ?", .integer(record.row))
    try connection.execute("DELETE FROM clocks WHERE entity = ?", .integer(record.row))
  }

  /// Whether a row of this name was imported here before.
  package func isImported(_ sourceKey: Hash) throws -> Bool {
    try connection.first(
      "SELECT 1 FROM sources WHERE key = ?", .hash(sourceKey), read: { _ in true }) ?? false
  }
}

extension EntityState {
  /// The events that gave the slots which queries look at, or by which leads are found.
  var projectedEvents: [Hash?] {
    [Process.stageSlot, "region", "title", "text", "place", "respondent", "location"].map {
      slots[$0]?.event
    }
  }
}

/// What the table of supervision cases says of one.
struct SupervisionRow: Hashable {
  let lead: EntityID
  let stage: String
  /// Whether it is at no end of its process.
  let isOpen: Bool

  /// `nil` for an entity of another family, and for one that names no lead.
  init?(_ state: EntityState, library: ProcessLibrary) {
    guard let supervision = Supervision(state), let lead = supervision.lead else { return nil }
    let stage = supervision.header.stage
    self.lead = lead
    self.stage = stage ?? ""
    let known = stage.flatMap { library[state.rules]?.family(named: state.family)?.stage($0) }
    self.isOpen = known?.isEnd == false
  }
}
