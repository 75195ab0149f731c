import Casework
package import Ledger
import Regions
import Replication

/// What one sweep for warnings did.
package struct WarningSweep: Sendable {
  /// The cases that were looked at.
  package var examined = 0
  package var warnings = 0
  /// The supervision cases that red warnings opened.
  package var supervisions = 0
  /// Whether none was left whose time had come.
  package var isComplete = true
  /// What was written; durable once the transaction has ended.
  package var commits: [Commit] = []

  package init() {}

  package static func += (sweep: inout WarningSweep, other: WarningSweep) {
    sweep.examined += other.examined
    sweep.warnings += other.warnings
    sweep.supervisions += other.supervisions
    sweep.isComplete = other.isComplete
    sweep.commits += other.commits
  }
}

extension StoreTransaction {
  /// Looks at the cases whose time has come and writes the warnings that they earned and that this
  /// node is to write, those of former stages among them; a red one of a lead, or of an item to rectify
  /// of a lead, opens a supervision case, unless one of the lead is open. Looking again changes nothing.
  ///
  /// The cost follows what is due: a fold for each such case on which somebody acted.
  ///
  /// - Parameter salt: gives 16 random bytes each time.
  package func sweepWarnings(salt: () -> [UInt8]) throws -> WarningSweep {
    var sweep = WarningSweep()
    var lanes = LanePair<[Earned]>(urgent: [], bulk: [])
    let calendar = try reader.calendar()
    for due in try dueCases() {
      sweep.examined += 1
      let (earned, next) = try examine(due.id, row: due.row, calendar)
      try connection.execute(
        "UPDATE clocks SET at = ? WHERE entity = ?", next.map { .integer($0) } ?? .null,
        .integer(due.row))
      guard let earned else { continue }
      let isRed = earned.warnings.contains { $0.warning.key.level == .red }
      lanes[isRed ? .urgent : .bulk].append(earned)
    }
    sweep.isComplete = sweep.examined < StoreBounds.sweptCases
    for lane in Lane.allCases { try write(lanes[lane], in: lane, salt, &sweep) }
    return sweep
  }

  /// The warnings of one case that are to be written.
  private struct Earned {
    let id: EntityID
    let state: EntityState
    let heads: [Hash]
    let warnings: [DueWarnings.Due]
  }

  /// The cases whose time has come, the longest due first.
  static let dueClocks: StaticString = """
    SELECT e.uuid, e.id FROM clocks c JOIN entities e ON e.id = c.entity
    WHERE c.at IS NOT NULL AND c.at <= ? ORDER BY c.at LIMIT ?
    """

  private func dueCases() throws -> [(id: EntityID, row: Int64)] {
    var due: [(id: EntityID, row: Int64)] = []
    try connection.query(
      Self.dueClocks, .integer(Int64(now)), .integer(Int64(StoreBounds.sweptCases))
    ) { row in
      if let id = EntityID(row.blob(0)) { due.append((id, row.integer(1))) }
      return true
    }
    return due
  }

  private func examine(
    _ id: EntityID, row: Int64, _ calendar: WorkingCalendar
  ) throws -> (Earned?, next: Int64?) {
    guard let entity = try entity(id), let state = entity.state, !entity.isWaiting else {
      return (nil, nil)
    }
    // An older program may lack what the case was folded by.
    guard let family = folder.library[state.rules]?.family(named: state.family) else {
      return (nil, Int64(now) + Self.rulesMissingMilliseconds)
    }
    let history =
      state.events.count == 1
      ? CaseHistory(
        founded: state, isUrgent: try reader.isUrgent(state.founding.event, of: id))
      : CaseHistory(try reader.timeline(of: id), of: family)
    let due = DueWarnings(
      visits: history.visits, of: family, clocks: history.clockEvents, findings: history.findings,
      calendar: calendar, now: Int64(now))
    let kind = Process.warnedKind(of: family.name)
    guard folder.refusal(of: kind, on: state, by: system) == nil else {
      return (nil, due.nextMilliseconds)
    }
    let given = Set(
      try WarningRows.of(state, entity: row, connection).map(\.warning.key))
    let missing = due.reached.filter {
      !given.contains($0.warning.key) && warner(of: $0.visit.value) == identity.region
    }
    guard !missing.isEmpty else { return (nil, due.nextMilliseconds) }
    return (
      Earned(id: id, state: state, heads: entity.heads, warnings: missing), due.nextMilliseconds
    )
  }

  /// The office that warns in a stage: the one that handed the case over, or the office above where
  /// that is a township, which may be offline and must not silence its own.
  private func warner(of value: StageValue) -> RegionID {
    guard let tree = trees.newest, tree.tier(of: value.giver) == .township else {
      return value.giver
    }
    return tree.parent(of: value.giver) ?? value.giver
  }

  private func write(
    _ earned: [Earned], in lane: Lane, _ salt: () -> [UInt8], _ sweep: inout WarningSweep
  ) throws {
    var rest = earned[...]
    while let first = rest.first {
      // What one case has earned stands together: one is never more than a commit takes.
      var events = 0
      let part = rest.prefix { one in
        events += min(one.warnings.count, Self.warningsOfCase) + 1
        return events <= LedgerBounds.commitEvents || one.id == first.id
      }
      rest = rest.dropFirst(part.count)
      var opened = 0
      let openings = try part.map { try opening($0) }
      let commit = try author(actor: system.account, role: system.role, lane: lane) { draft in
        for (one, opening) in zip(part, openings) {
          var heads = one.heads
          for due in one.warnings.prefix(Self.warningsOfCase) {
            let act = Act(
              kind: Process.warnedKind(of: one.state.family), body: due.warning.body)
            draft.add(act.draft(entity: one.id, heads: heads, salt: salt()))
            heads = draft.lastHash.map { [$0] } ?? heads
            sweep.warnings += 1
          }
          if let (opening, rules) = opening {
            draft.add(opening.draft(rules: rules, salt: salt(), audience: [identity.region]))
            opened += 1
          }
        }
      }
      sweep.supervisions += opened
      sweep.commits.append(commit)
    }
    // What did not fit is written by the next sweep.
    for one in earned where one.warnings.count > Self.warningsOfCase {
      try lookAgain(at: one.id)
    }
  }

  /// When a case is looked at again whose rules file the program lacks.
  private static let rulesMissingMilliseconds: Int64 = 3_600_000

  /// The most warnings of one case in one commit, which with a supervision case of each of as many
  /// leads stays within a commit.
  private static let warningsOfCase = 100

  /// The supervision case that red warnings open; `nil` where there is none to open, or this transaction
  /// has opened one of the lead.
  private func opening(_ earned: Earned) throws -> (SupervisionOpening, rules: Hash)? {
    guard let red = earned.warnings.last(where: { $0.warning.key.level == .red }),
      let (id, lead) = try lead(concernedBy: earned), !supervised.contains(id),
      try isSupervised(id) == false,
      let process = try reader.processInForce(for: "supervision", at: Int64(now)),
      let unit = red.visit.value.handler.first
    else { return nil }
    var opening = SupervisionOpening(
      lead: id, number: lead.number, warning: red.warning, unit: unit)
    opening.item = id == earned.id ? nil : earned.id
    let refusal = folder.refusal(
      ofFounding: SupervisionOpening.kind, by: process.hash, saying: opening.body, by: system)
    guard refusal == nil else { return nil }
    supervised.insert(id)
    return (opening, process.hash)
  }

  /// The lead that was warned of, or whose item was, if the item counts.
  private func lead(concernedBy earned: Earned) throws -> (EntityID, Lead)? {
    if let lead = Lead(earned.state) { return (earned.id, lead) }
    guard let id = RectificationItem(earned.state)?.lead,
      try reader.items(of: id).contains(where: { $0.id == earned.id })
    else { return nil }
    return try entity(id)?.state.flatMap { Lead($0) }.map { (id, $0) }
  }

  private func isSupervised(_ lead: EntityID) throws -> Bool {
    try connection.first(
      "SELECT 1 FROM supervisions WHERE lead = ? AND is_open <> 0", .blob(lead.bytes),
      read: { _ in true }) ?? false
  }

  private func lookAgain(at id: EntityID) throws {
    guard let row = try (entities[id] ?? load(id))?.row else { return }
    try connection.execute("UPDATE clocks SET at = 0 WHERE entity = ?", .integer(row))
  }

  /// Has every case looked at, since who warns of what or when may differ.
  func lookAtAllClocks() throws {
    looksAtAllClocks = false
    try connection.execute("UPDATE clocks SET at = 0 WHERE at IS NULL OR at > 0")
  }
}
