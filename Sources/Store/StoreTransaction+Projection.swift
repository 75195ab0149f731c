import Casework
package import Ledger
import Regions

/// Parts of the tables that faces query, of one entity.
struct ProjectedParts: OptionSet {
  let rawValue: UInt8

  /// The rows of lists, and when its clocks are looked at.
  static let rows = ProjectedParts(rawValue: 1)
  /// When its clocks are looked at.
  static let clocks = ProjectedParts(rawValue: 2)
  /// What it is found by when duplicates are sought.
  static let traces = ProjectedParts(rawValue: 4)
  static let all: ProjectedParts = [.rows, .clocks, .traces]

  private static let traced = ["title", "text", "place", "respondent", "location"]

  init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The parts that may differ once an event has followed all others.
  init(_ change: FoldChange) {
    guard !change.isWhole else {
      self = .all
      return
    }
    self = change.movesClocks ? .clocks : []
    guard let slot = change.slot else { return }
    if slot == Process.stageSlot || slot == "region" { formUnion([.rows, .clocks]) }
    if Self.traced.contains(slot) { formUnion(.traces) }
  }
}

extension StoreTransaction {
  /// Brings the tables that faces query in line with an entity's state, as far as it may have changed.
  /// They hold nothing that the state does not, so they can be dropped and rebuilt.
  func project(_ record: EntityRecord) throws {
    guard !record.outdated.isEmpty || record.hasNewWarning else { return }
    guard let state = record.state else {
      if !record.isNew { try clearProjections(of: record) }
      return
    }
    if record.outdated.contains(.clocks) { try projectClocks(of: state, record) }
    let mayMiss = record.outdated == .all && (!record.isNew || state.hasWarnings)
    if record.hasNewWarning || mayMiss {
      try WarningRows.write(state, entity: record.row, connection)
    }
    if record.outdated.contains(.rows) { try projectRows(of: state, record) }
    if record.outdated.contains(.traces), state.family == LeadRow.family {
      try noteUnfiled(record.row)
    }
  }

  private func projectRows(of state: EntityState, _ record: EntityRecord) throws {
    if let lead = LeadRow(state) {
      try project(lead, record)
      try projectIncident(state, record)
    } else if let directive = Directive(state) {
      try connection.execute(
        """
        INSERT INTO directives (entity, stage, issued_at) VALUES (?, ?, ?)
        ON CONFLICT (entity) DO UPDATE SET stage = excluded.stage, issued_at = excluded.issued_at
        """,
        .integer(record.row), .text(directive.header.stage ?? ""),
        .integer(Int64(directive.header.foundedAtMilliseconds)))
    } else if let line = ReceiptLine(state) {
      try project(line, state, record)
    } else if let row = LeadCompanionRow(supervision: state, library: folder.library) {
      try connection.execute(
        """
        INSERT OR REPLACE INTO supervisions (entity, lead, stage, is_open) VALUES (?, ?, ?, ?)
        """, .integer(record.row), .blob(row.lead.bytes), .text(row.stage),
        .integer(row.isOpen ? 1 : 0))
    } else if let row = LeadCompanionRow(item: state, library: folder.library) {
      try connection.execute(
        "INSERT OR REPLACE INTO items (entity, lead, stage, is_open) VALUES (?, ?, ?, ?)",
        .integer(record.row), .blob(row.lead.bytes), .text(row.stage),
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
  }

  private func project(_ lead: LeadRow, _ record: EntityRecord) throws {
    // What was founded keeps its number and its time.
    var isListed = false
    if !record.isNew {
      let changed = try connection.change(
        "UPDATE leads SET stage = ?, region = ? WHERE entity = ?", .text(lead.stage ?? ""),
        .text(lead.listedRegion.rawValue), .integer(record.row))
      isListed = changed > 0
    }
    if !isListed {
      try connection.execute(
        """
        INSERT INTO leads (entity, number, stage, region, reported_at) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (entity) DO UPDATE SET
          number = excluded.number, stage = excluded.stage, region = excluded.region,
          reported_at = excluded.reported_at
        """, .integer(record.row), .text(lead.number), .text(lead.stage ?? ""),
        .text(lead.listedRegion.rawValue), .integer(lead.reportedAtMilliseconds))
    }
    try LeadPlaces.replace(
      with: lead.places, entity: record.row, isNew: !isListed, &interning, connection)
    // Only the node that imported a row has to know it again.
    guard let key = lead.sourceKey, lead.foundedBy == identity.region else { return }
    if lead.stage == nil {
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
      INSERT INTO receipts (entity, directive, recipient, stage) VALUES (?, ?, ?, ?)
      ON CONFLICT (entity) DO UPDATE SET
        directive = excluded.directive, recipient = excluded.recipient, stage = excluded.stage
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

  /// An entity without a state stands in none of the tables.
  private func clearProjections(of record: EntityRecord) throws {
    try connection.execute("DELETE FROM lead_places WHERE entity = ?", .integer(record.row))
    try connection.execute("DELETE FROM leads WHERE entity = ?", .integer(record.row))
    try connection.execute("DELETE FROM incident_reports WHERE report = ?", .integer(record.row))
    try connection.execute("DELETE FROM directives WHERE entity = ?", .integer(record.row))
    try connection.execute("DELETE FROM receipts WHERE entity = ?", .integer(record.row))
    try connection.execute("DELETE FROM undelivered WHERE entity = ?", .integer(record.row))
    try connection.execute("DELETE FROM supervisions WHERE entity = ?", .integer(record.row))
    try connection.execute("DELETE FROM items WHERE entity = ?", .integer(record.row))
    try connection.execute("DELETE FROM warnings WHERE entity = ?", .integer(record.row))
    try connection.execute("DELETE FROM clocks WHERE entity = ?", .integer(record.row))
  }

  /// Whether a row of this name was imported here before.
  package func isImported(_ sourceKey: Hash) throws -> Bool {
    try connection.first(
      "SELECT 1 FROM sources WHERE key = ?", .hash(sourceKey), read: { _ in true }) ?? false
  }
}
