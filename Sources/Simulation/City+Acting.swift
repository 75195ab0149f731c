import Casework
import Ledger
import Regions
import Replication
import Store

/// What offices do with the cases that they hold.
extension City {
  /// A case with so many events is left alone: none of a real office has more.
  private static let longestHistory = 48
  /// How many of the cases on which many acted at once are looked at again soon.
  private static let hot = 6
  /// How many cases somebody looks at before finding one to act on.
  private static let tries = 6
  /// The officers of each office: an act that asks for two persons finds another one.
  private static let people = ["wang", "li"]

  /// Acts on a case that this office holds, mostly a recent one. Now and then everybody who holds it
  /// acts at the same moment.
  func handleCase(at office: Office) throws {
    if trial != nil, numbers.permille(600), let entity = try caseInHand(at: office),
      try handle(entity, at: office)
    {
      // Whoever is at it does more than one thing.
      for _ in 0..<Self.tries where numbers.permille(700) { _ = try handle(entity, at: office) }
      return
    }
    for _ in 0..<Self.tries {
      guard let entity = anyCase(), books.entities[entity]?.count ?? 0 < Self.longestHistory,
        try handle(entity, at: office)
      else { continue }
      guard numbers.permille(400) else { return }
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
    let person = numbers.pick(Self.people)
    let actor = Actor(
      tier: office.tier, role: "officer", region: office.region, account: person ?? "")
    let folder = office.store.rules
    if try decide(on: stored, state, at: office, by: actor, folder) { return true }
    if let trial, state.rules == trial.hash {
      return try tryOut(trial, on: stored, state, at: office, by: actor.account)
    }
    guard let (act, audience) = try plausibleAct(on: state, at: office) else { return false }
    // A hostile peer asks nobody.
    let refusal =
      folder.refusal(of: act.kind, on: state, by: actor)
      ?? folder.refusal(of: act.kind, saying: act.body, on: state)
    guard office.isHostile || refusal == nil else { return false }
    let lane: Lane = state.family == "lead" && !numbers.permille(120) ? .bulk : .urgent
    let draft = act.draft(
      entity: entity, heads: stored.heads, salt: numbers.bytes(16), audience: audience)
    let openings = openings(beside: act, on: stored, at: office)
    let commit = try author(office, lane: lane, person: person, [draft] + openings)
    remember(commit)
    return commit != nil
  }

  /// Decides on an open conflict of the case, if there is one and the office may.
  private func decide(
    on stored: StoredEntity, _ state: EntityState, at office: Office, by actor: Actor,
    _ folder: Folder
  ) throws -> Bool {
    let open = state.conflicts.filter { $0.decision == nil || office.isHostile }
    guard let conflict = numbers.pick(open), numbers.permille(600),
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
    case "supervision": return supervisionAct(on: state, at: office)
    case ItemKind.family: return itemAct(on: state, at: office)
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
      if numbers.permille(200), let act = try dispatchByRule(of: state, at: office) {
        acts.append(act)
      }
    }
    if state.rules == Process.third.hash, numbers.permille(600) {
      acts = try thirdActs(on: state, at: office)
    }
    if office.tier != .township, numbers.permille(40) {
      acts = [.moveRules(to: Process.second.hash), .moveRules(to: Process.firstCut.hash)]
    }
    guard let act = numbers.pick(acts) else { return nil }
    let named = act.body["to"]?.array?.compactMap { $0.text.flatMap { RegionID($0) } } ?? []
    return (act, named)
  }

  /// Mostly offices below; sometimes a neighbour, so that a lead crosses over.
  func dispatchTargets(of office: Office) throws -> [RegionID] {
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
