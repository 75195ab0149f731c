import Casework
import Ledger
import Regions
import Replication

/// Checks of what can be dropped and rebuilt: each entity's row, and the tables that faces query.
extension StoreReader {
  /// Compares every entity with a fold of its events.
  ///
  /// - Parameter trees: the trees that the ledger holds; audiences are judged by them.
  func checkProjections(
    _ trees: TreeHistory, _ report: inout Verification, progress: () throws -> Void
  ) throws {
    let region = try identity().region
    var entities: [Int64] = []
    try connection.query("SELECT id FROM entities ORDER BY id") { row in
      entities.append(row.integer(0))
      return true
    }
    for (done, entity) in entities.enumerated() {
      if done.isMultiple(of: Self.verifyChunk) { try progress() }
      let inputs: [FoldInput]
      do {
        inputs = try foldInputs(of: entity)
      } catch {
        // The commit concerned was named above.
        continue
      }
      let result = try folder.fold(inputs)
      let audience = Audience(judging: inputs.map { AudienceFact($0) }, trees: trees)
      let wrong =
        try mismatch(of: entity, result, audience)
        ?? tableMismatch(of: entity, inputs, result, founder: region)
      if let wrong {
        report.fail("\(wrong) of entity \(entity) is not its events' fold; run `liandong rebuild`")
      } else {
        report.projections += 1
      }
    }
    try checkStrayRows(&report)
  }

  /// Names the first column of an entity's row that differs from the fold.
  private func mismatch(
    of entity: Int64, _ result: FoldResult, _ audience: Audience
  ) throws -> String? {
    let state = result.state
    let waits = !result.waiting.isEmpty || result.isTangled
    return try connection.first(
      """
      SELECT n.state, n.heads, n.waiting, n.conflicts, n.family, a.regions,
        EXISTS (SELECT 1 FROM void_widenings WHERE entity = n.id), n.decided,
        (SELECT lacks_event FROM waits WHERE entity = n.id)
      FROM entities n LEFT JOIN audiences a ON a.id = n.audience WHERE n.id = ?
      """, .integer(entity)
    ) { row -> String? in
      if (row.isNull(0) ? nil : row.blob(0)) != state?.encoded { return "the state" }
      if row.blob(1) != result.heads.joinedBytes { return "the list of heads" }
      if row.integer(2) != WaitingMark(result).rawValue { return "the waiting mark" }
      if ConflictCounts(open: row.integer(3), decided: row.integer(7)) != ConflictCounts(state) {
        return "the count of conflicts"
      }
      if (row.isNull(4) ? nil : row.text(4)) != state?.family { return "the family" }
      if row.isNull(5) || Interning.regions(in: row.text(5)) != audience.regions {
        return "the audience"
      }
      if row.optionalInteger(8) != (waits ? (result.lacksEvent ? 1 : 0) : nil) {
        return "the note of its wait"
      }
      let isNoted = row.integer(6) != 0 || audience.void.isEmpty
      return isNoted || audience.regions == Audience.everyone ? nil : "the note of a void widening"
    } ?? nil
  }

  /// Names the table whose row of an entity differs from its state.
  private func tableMismatch(
    of entity: Int64, _ inputs: [FoldInput], _ result: FoldResult, founder: RegionID
  ) throws -> String? {
    let state = result.state
    let row = SQLValue.integer(entity)
    func isRow(_ found: Bool?, _ expected: Bool) -> Bool { expected ? found == true : found == nil }
    let lead = state.flatMap { Lead($0) }
    let foundLead = try connection.first(
      "SELECT number, stage, region, reported_at FROM leads WHERE entity = ?", row
    ) { found in
      guard let lead else { return false }
      return found.text(0) == lead.number ?? "" && found.text(1) == lead.header.stage ?? ""
        && found.text(2) == (lead.region ?? lead.header.foundedBy).rawValue
        && found.integer(3) == lead.reportedAtMilliseconds ?? 0
    }
    guard isRow(foundLead, lead != nil) else { return "the lead's row" }
    var places: [RegionID: Bool] = [:]
    try connection.query(
      """
      SELECT r.name, p.handles FROM lead_places p LEFT JOIN regions r ON r.id = p.region
      WHERE p.entity = ?
      """, row
    ) { found in
      places[RegionID(found.text(0)) ?? .everyone] = found.integer(1) != 0
      return true
    }
    guard places == lead.map({ Self.places(of: $0) }) ?? [:] else { return "the list of places" }
    let incident = lead.flatMap { _ in IncidentLink.incident(by: inputs, in: result) }
    let foundIncident = try connection.first(
      "SELECT incident FROM incident_reports WHERE report = ?", row, read: { $0.blob(0) })
    guard foundIncident == incident?.bytes else { return "the incident" }
    let directive = state.flatMap { Directive($0) }
    let foundDirective = try connection.first(
      "SELECT stage, issued_at FROM directives WHERE entity = ?", row
    ) { found in
      guard let header = directive?.header else { return false }
      return found.text(0) == header.stage ?? ""
        && found.integer(1) == Int64(header.foundedAtMilliseconds)
    }
    guard isRow(foundDirective, directive != nil) else { return "the directive's row" }
    let line = state.flatMap { ReceiptLine($0) }
    let foundLine = try connection.first(
      "SELECT directive, recipient, stage FROM receipts WHERE entity = ?", row
    ) { found in
      guard let line else { return false }
      return found.blob(0) == line.directive?.bytes ?? []
        && found.text(1) == line.recipient?.rawValue ?? ""
        && found.text(2) == line.header.stage ?? ""
    }
    guard isRow(foundLine, line != nil) else { return "the receipt line's row" }
    if try lacksDeliveryNote(of: entity, state, line) { return "the note of its delivery" }
    if let wrong = try overseenMismatch(of: entity, state) { return wrong }
    if let lead, let key = lead.sourceKey, lead.header.foundedBy == founder,
      lead.header.stage != nil
    {
      return try isImported(key) ? nil : "the note of the imported row"
    }
    return nil
  }

  /// The regions that a lead is about, that founded it or that handle it, and whether they do.
  private static func places(of lead: Lead) -> [RegionID: Bool] {
    var places = [lead.header.foundedBy: false]
    if let region = lead.region { places[region] = false }
    for region in lead.header.handler { places[region] = true }
    return places
  }

  /// Whether a line waits for this node's word that it is here and is not noted. A note too many ends
  /// with the next look.
  private func lacksDeliveryNote(
    of entity: Int64, _ state: EntityState?, _ line: ReceiptLine?
  ) throws -> Bool {
    let identity = try identity()
    guard let state, let line, line.recipient == identity.region,
      try folder.awaitsDelivery(state, by: identity.system)
    else { return false }
    return try connection.first(
      "SELECT 1 FROM undelivered WHERE entity = ?", .integer(entity), read: { _ in true }) == nil
  }

  /// Names the table of warnings and supervision whose rows of an entity differ from its state. When a
  /// case is looked at next is no matter of state; that it is looked at all is.
  private func overseenMismatch(of entity: Int64, _ state: EntityState?) throws -> String? {
    let row = SQLValue.integer(entity)
    let warnings = try state.map { try WarningRows.of($0, entity: entity, connection) } ?? []
    guard try Set(WarningRows.stored(entity: entity, connection)) == Set(warnings) else {
      return "the list of warnings"
    }
    let library = try library
    let expected = state.flatMap { LeadCompanionRow(supervision: $0, library: library) }
    let found = try connection.first(
      "SELECT lead, stage, is_open FROM supervisions WHERE entity = ?", row
    ) { found in
      found.blob(0) == expected?.lead.bytes ?? [] && found.text(1) == expected?.stage ?? ""
        && (found.integer(2) != 0) == expected?.isOpen
    }
    guard found == (expected == nil ? nil : true) else { return "the supervision case's row" }
    if try lacksItem(of: entity, state) { return "the row of the item" }
    let isClocked = try connection.first(
      "SELECT 1 FROM clocks WHERE entity = ?", row, read: { _ in true })
    let family = state.flatMap { library[$0.rules]?.family(named: $0.family) }
    guard isClocked == true || family?.hasClocks != true else { return "the row of its clocks" }
    return nil
  }

  /// Whether the row of an item to rectify differs from its state.
  private func lacksItem(of entity: Int64, _ state: EntityState?) throws -> Bool {
    let library = try library
    let expected = state.flatMap { LeadCompanionRow(item: $0, library: library) }
    let found = try connection.first(
      "SELECT lead, stage, is_open FROM items WHERE entity = ?", .integer(entity)
    ) { found in
      found.blob(0) == expected?.lead.bytes ?? [] && found.text(1) == expected?.stage ?? ""
        && (found.integer(2) != 0) == expected?.isOpen
    }
    return found != (expected == nil ? nil : true)
  }

  /// Rows that belong to no entity, and notes of imports that none was.
  private func checkStrayRows(_ report: inout Verification) throws {
    try connection.query(
      """
      SELECT 'leads', entity FROM leads WHERE entity NOT IN (SELECT id FROM entities)
      UNION ALL
      SELECT 'lead_places', entity FROM lead_places WHERE entity NOT IN (SELECT id FROM entities)
      UNION ALL
      SELECT 'incident_reports', report FROM incident_reports
      WHERE report NOT IN (SELECT id FROM entities)
      UNION ALL
      SELECT 'waits', entity FROM waits WHERE entity NOT IN (SELECT id FROM entities)
      UNION ALL
      SELECT 'directives', entity FROM directives WHERE entity NOT IN (SELECT id FROM entities)
      UNION ALL
      SELECT 'receipts', entity FROM receipts WHERE entity NOT IN (SELECT id FROM entities)
      UNION ALL
      SELECT 'undelivered', entity FROM undelivered
      WHERE entity NOT IN (SELECT id FROM entities)
      UNION ALL
      SELECT 'warnings', entity FROM warnings WHERE entity NOT IN (SELECT id FROM entities)
      UNION ALL
      SELECT 'supervisions', entity FROM supervisions WHERE entity NOT IN (SELECT id FROM entities)
      UNION ALL
      SELECT 'items', entity FROM items WHERE entity NOT IN (SELECT id FROM entities)
      UNION ALL
      SELECT 'clocks', entity FROM clocks WHERE entity NOT IN (SELECT id FROM entities)
      """
    ) { row in
      report.fail(
        "a row of \(row.text(0)) names the missing entity \(row.integer(1)); run `liandong rebuild`"
      )
      return true
    }
    try connection.query(
      "SELECT s.key, s.entity, n.state FROM sources s LEFT JOIN entities n ON n.id = s.entity"
    ) { row in
      let lead = (try? EntityState(decoding: row.blob(2))).flatMap { Lead($0) }
      if lead?.sourceKey?.bytes != row.blob(0) {
        report.fail(
          "entity \(row.integer(1)) is not the lead of its noted import; run `liandong rebuild`")
      }
      return true
    }
  }
}
