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
  /// A case with so many events is left alone: none of a real office has more.
  private static let longestHistory = 48
  /// How many of the cases on which many acted at once are looked at again soon.
  private static let hot = 6
  /// How many cases somebody looks at before finding one to act on.
  private static let tries = 6
  /// The most entities that one import chunk founds.
  private static let chunk = 24

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
      number: number, channel: "phone", reportedAtMilliseconds: Int64(now), title: "扬尘",
      text: "工地夜间扬尘 \(numbers.below(1_000))")
    return report.draft(
      rules: anyRules(at: office), salt: numbers.bytes(16), audience: audience)
  }

  /// The hash of one of the rules files that the office's program has.
  private func anyRules(at office: Office) -> Hash {
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
    return commit
  }

  private func importChunk(at office: Office) throws {
    var drafts: [EventDraft] = []
    for _ in 0..<(2 + numbers.index(below: Self.chunk - 1)) {
      drafts.append(try leadDraft(at: office))
    }
    remember(try author(office, drafts))
  }

  /// A directive with a receipt line for each recipient: one commit, entities of several audiences.
  private func issueDirective(at office: Office) throws {
    let below = try recipients(of: office)
    guard !below.isEmpty else { return }
    let issue = DirectiveIssue(title: "应急", text: "两小时内签收")
    let directive = issue.draft(
      rules: anyRules(at: office), salt: numbers.bytes(16), audience: [office.region] + below)
    let commit = try write(office) { transaction in
      try transaction.author(actor: "officer", role: "officer", lane: .urgent) { commit in
        let entity = commit.add(directive)
        for region in below {
          let opening = ReceiptOpening(directive: entity, recipient: region)
          commit.add(
            opening.draft(
              rules: Process.firstCut.hash, salt: self.numbers.bytes(16),
              audience: [office.region, region]))
        }
      }
    }
    guard let commit else { return }
    try wrote(commit, office)
    remember(commit)
  }

  private func recipients(of office: Office) throws -> [RegionID] {
    let tree = try office.tree
    let children = tree?.children(of: office.region) ?? []
    let grandchildren = children.flatMap { tree?.children(of: $0) ?? [] }
    return (children + grandchildren).filter { _ in numbers.permille(400) }
  }

  private func remember(_ commit: Commit?) {
    guard let commit else { return }
    for (_, event) in commit.events where event.isFounding { cases.append(event.entity) }
  }

  // MARK: Acting.

  /// Acts on a case that this office holds, mostly a recent one. Now and then everybody who holds it
  /// acts at the same moment.
  private func handleCase(at office: Office) throws {
    for _ in 0..<Self.tries {
      guard let entity = anyCase(), books.entities[entity]?.count ?? 0 < Self.longestHistory,
        try handle(entity, at: office)
      else { continue }
      guard numbers.permille(300) else { return }
      hotCases = hotCases.suffix(Self.hot - 1) + [entity]
      for other in offices where other !== office && other.isUp && numbers.permille(700) {
        _ = try handle(entity, at: other)
      }
      return
    }
  }

  /// - Returns: whether there was something to do, and the process allowed it.
  private func handle(_ entity: EntityID, at office: Office) throws -> Bool {
    guard let stored = try office.store.read({ try $0.entity(entity) }), let state = stored.state,
      !stored.heads.isEmpty
    else { return false }
    let actor = Actor(tier: office.tier, role: "officer", region: office.region)
    let folder = Folder(library: office.program.library)
    if try decide(on: stored, state, at: office, by: actor, folder) { return true }
    guard let (act, audience) = try plausibleAct(on: state, at: office) else { return false }
    // A hostile peer asks nobody.
    guard office.isHostile || folder.refusal(of: act.kind, on: state, by: actor) == nil else {
      return false
    }
    let lane: Lane = state.family == "lead" && !numbers.permille(120) ? .bulk : .urgent
    let draft = act.draft(
      entity: entity, heads: stored.heads, salt: numbers.bytes(16), audience: audience)
    return try author(office, lane: lane, [draft]) != nil
  }

  /// Decides on an open conflict of the case, if there is one and the office may.
  private func decide(
    on stored: StoredEntity, _ state: EntityState, at office: Office, by actor: Actor,
    _ folder: Folder
  ) throws -> Bool {
    let open = state.conflicts.filter { $0.decision == nil || office.isHostile }
    guard let conflict = numbers.pick(open), numbers.permille(400),
      office.isHostile || folder.refusal(ofDeciding: conflict, on: state, by: actor) == nil,
      let loser = books.fact(conflict.loser)
    else { return false }
    let isRedone =
      numbers.permille(500) && folder.refusal(of: loser.kind, on: state, by: actor) == nil
    func draft(_ act: Act) -> EventDraft {
      act.draft(entity: stored.id, heads: stored.heads, salt: numbers.bytes(16))
    }
    var drafts = [draft(.decide(conflict, isRedone ? .redone : .confirmed))]
    if isRedone {
      drafts.append(
        EventDraft(
          entity: stored.id, kind: loser.kind, parents: drafts[0].parents,
          audience: loser.kind == "lead.dispatched" ? loser.added : [],
          salt: numbers.bytes(16), body: loser.body))
    }
    return try author(office, drafts) != nil
  }

  private func anyCase() -> EntityID? {
    if numbers.permille(300), let hot = numbers.pick(hotCases) { return hot }
    let recent = cases.suffix(24)
    return numbers.permille(800) ? numbers.pick(Array(recent)) : numbers.pick(cases)
  }

  /// What somebody at this office would do now, with the regions that the act names.
  private func plausibleAct(
    on state: EntityState, at office: Office
  ) throws -> (Act, [RegionID])? {
    switch state.family {
    case "lead": return try leadAct(on: state, at: office)
    case "directive":
      return (
        numbers.permille(300) ? .cancelDirective(reason: "撤") : .completeDirective(), []
      )
    case "receipt":
      let act: Act? = numbers.pick([.receive(), .completeReceipt(), .feedBack("已办")])
      return act.map { ($0, []) }
    default: return nil
    }
  }

  private func leadAct(
    on state: EntityState, at office: Office
  ) throws -> (Act, [RegionID])? {
    let isHandler = state.stage?.handler.contains(office.region) ?? false
    var acts: [Act] = [
      .describe("place", .text("路口 \(numbers.below(50))")),
      .describe("title", .text("噪声 \(numbers.below(50))")),
      .progress("已到现场 \(numbers.below(50))"), .inspect(finding: "超标 \(numbers.below(50))"),
    ]
    switch state.stage?.stage {
    case "sign": acts += isHandler ? [.sign(), .sign(), .sendBack(reason: "不属本辖区")] : [.withdraw()]
    case "inspect": acts += [.close(result: "已整改"), .close(result: "不属实")]
    case "closed": acts += Array(repeating: .reopen(reason: "反弹"), count: 4)
    default: break
    }
    if office.tier != .township || isHandler {
      let regions = try dispatchTargets(of: office)
      if !regions.isEmpty { acts += [.dispatch(to: regions), .dispatch(to: regions)] }
    }
    if office.tier != .township, numbers.permille(40) {
      acts = [.moveRules(to: Process.second.hash), .moveRules(to: Process.firstCut.hash)]
    }
    guard let act = numbers.pick(acts) else { return nil }
    let named = act.body["to"]?.array?.compactMap { $0.text.flatMap { RegionID($0) } } ?? []
    return (act, named)
  }

  /// Mostly offices below; sometimes a neighbour, so that a lead crosses over.
  private func dispatchTargets(of office: Office) throws -> [RegionID] {
    let tree = try office.tree
    var targets = tree?.children(of: office.region) ?? []
    if targets.isEmpty || numbers.permille(150) { targets = offices.map(\.region) }
    guard let first = numbers.pick(targets) else { return [] }
    guard numbers.permille(100), let second = numbers.pick(targets), second != first else {
      return [first]
    }
    return [first, second]
  }
}
