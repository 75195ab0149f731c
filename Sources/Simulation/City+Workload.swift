import Casework
import Ledger
import Regions
import Replication
import Store

/// Offices doing plausible casework, with overlapping edits.
extension City {
  /// How often somebody acts at an office that is open, in milliseconds.
  private static let meanAct: UInt64 = 22 * 60_000
  /// How long a parent may be missing before the hub declares it lost, in milliseconds.
  private static let patience: UInt64 = 3 * 3_600_000
  /// The most entities that one import chunk founds.
  private static let chunk = 160
  /// Of how many of them somebody takes care afterwards; the others are old cases.
  private static let chunkCases = 8

  func nextAct(_ office: Office) -> UInt64 { numbers.wait(mean: Self.meanAct) }

  /// One act at an office, and the next one planned.
  func work(at office: Office) throws {
    guard isSafetyPhase else { return }
    agenda.plan(.act(at: office.index), at: now + nextAct(office))
    try workOnce(at: office)
  }

  func workOnce(at office: Office) throws {
    guard isSafetyPhase, office.isUp else { return }
    if try crashIsDue(office) { return }
    if numbers.permille(20) { try backUp(office) }
    if office.tier != .township, numbers.permille(25) { _ = try sweepWarnings(at: office) }
    if office === hub, numbers.permille(80) { try publishSomething() }
    if numbers.permille(100) { try actOnPeople(at: office) }
    try act(at: office)
  }

  private func act(at office: Office) throws {
    switch (office.tier, numbers.below(100)) {
    case (.township, ..<46), (.district, ..<12), (.city, ..<8): try report(at: office)
    case (.township, ..<53): try importChunk(at: office)
    case (.city, ..<25), (.district, ..<18): try issueDirective(at: office)
    case (.city, ..<30): try declareLost(at: office)
    default: try handleCase(at: office)
    }
  }

  /// The node itself looks for warnings that are due by its clock, which may be wrong.
  ///
  /// - Returns: whether it is done, or cannot write.
  func sweepWarnings(at office: Office) throws -> Bool {
    let supervised = supervisedLeads(at: office)
    guard let sweep = try write(office, { try $0.sweepWarnings { self.numbers.bytes(16) } })
    else { return true }
    for commit in sweep.commits {
      try noteClocks(of: commit, at: office)
      try wrote(commit, office)
      remember(commit)
    }
    try checkSupervisions(sweep.commits, at: office, supervised)
    return sweep.isComplete
  }

  /// The hub declares parents lost that did not come for hours.
  private func declareLost(at office: Office) throws {
    let waiting = try office.store.read { try $0.waiting(limit: 4) }
    for entity in waiting {
      let missing = entity.missing.compactMap { need -> Hash? in
        guard case .event(let hash) = need else { return nil }
        return hash
      }
      guard let since = entity.sinceMilliseconds, clock(of: office) > since + Self.patience,
        !missing.isEmpty, let stored = try office.store.read({ try $0.entity(entity.id) }),
        !stored.heads.isEmpty
      else { continue }
      let act = Act.declareLost(Array(missing.prefix(LostParents.maximum)))
      let draft = act.draft(
        entity: entity.id, heads: stored.heads, salt: numbers.bytes(16))
      _ = try author(office, [draft])
    }
  }

  // MARK: Founding.

  func leadDraft(at office: Office, audience: [RegionID] = []) throws -> EventDraft {
    guard
      let number = LeadNumber(
        region: office.index + 1, incarnation: 1, serial: 1 + numbers.index(below: 999_999))
    else { throw HarnessFault("no lead number") }
    let report = LeadReport(
      number: number, channel: "phone", reportedAtMilliseconds: Int64(clock(of: office)),
      title: "扬尘",
      text: "工地夜间扬尘 \(numbers.below(1_000))")
    return report.draft(
      rules: anyRules(at: office), salt: numbers.bytes(16), audience: audience)
  }

  /// The hash of one of the rules files that the office's program has.
  func anyRules(at office: Office) -> Hash {
    if let trial, numbers.permille(400), office.store.rules.library[trial.hash] != nil {
      return trial.hash
    }
    if numbers.permille(300), office.store.rules.library[Process.third.hash] != nil {
      return Process.third.hash
    }
    let other = office.program.processes.contains(.second) && numbers.permille(400)
    return other ? Process.second.hash : Process.firstCut.hash
  }

  @discardableResult
  func report(at office: Office) throws -> Commit? {
    // Now and then another office is named from the first.
    var audience: [RegionID] = []
    if numbers.permille(100), let other = numbers.pick(offices) { audience = [other.region] }
    let lane: Lane = numbers.permille(50) ? .urgent : .bulk
    let commit = try author(office, lane: lane, [leadDraft(at: office, audience: audience)])
    remember(commit)
    takeInHand(commit)
    return commit
  }

  private func importChunk(at office: Office) throws {
    var drafts: [EventDraft] = []
    for _ in 0..<(2 + numbers.index(below: Self.chunk - 1)) {
      drafts.append(try leadDraft(at: office))
    }
    remember(try author(office, drafts), atMost: Self.chunkCases)
  }

  /// A directive with a receipt line for each recipient: one commit, entities of several audiences.
  private func issueDirective(at office: Office) throws {
    let below = try recipients(of: office)
    guard !below.isEmpty else { return }
    let issue = DirectiveIssue(title: "应急", text: "两小时内签收")
    let rules = anyRules(at: office)
    let isOnTrial = rules == trial?.hash
    let role = isOnTrial ? AccountRole.platformOffice.rawValue : "officer"
    let directive = issue.draft(
      rules: rules, salt: numbers.bytes(16), audience: [office.region] + below)
    let commit = try write(office) { transaction in
      try transaction.author(actor: "officer", role: role, lane: .urgent) { commit in
        let entity = commit.add(directive)
        for region in below {
          let opening = ReceiptOpening(directive: entity, recipient: region)
          commit.add(
            opening.draft(
              rules: isOnTrial ? rules : Process.firstCut.hash, salt: self.numbers.bytes(16),
              audience: [office.region, region]))
        }
      }
    }
    guard let commit else { return }
    try wrote(commit, office)
    remember(commit)
    takeInHand(commit)
  }

  private func recipients(of office: Office) throws -> [RegionID] {
    let tree = try office.tree
    let children = tree?.children(of: office.region) ?? []
    let grandchildren = children.flatMap { tree?.children(of: $0) ?? [] }
    return (children + grandchildren).filter { _ in numbers.permille(400) }
  }

  /// What a commit founds may be acted on from now on.
  func remember(_ commit: Commit?, atMost count: Int = .max) {
    guard let commit else { return }
    cases += commit.events.lazy.filter(\.event.isFounding).prefix(count).map(\.event.entity)
  }
}
