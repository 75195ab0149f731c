import Ledger
import Regions

/// What an event does by itself, by the state of its own ancestors. This never changes afterwards.
enum Verdict {
  /// A candidate of the stage slot.
  case moves(to: StageValue)
  /// A candidate of the slot of the pinned rules.
  case pins(Hash)
  /// A candidate of a descriptive slot.
  case describes(slot: String, CanonicalValue)
  /// Adds to the facts of a kind; one that stands beside a close may call for a review.
  case adds(kind: String, isReviewed: Bool, as: RequestPart? = nil)
  /// Decides on a conflict that was open among its ancestors.
  case decides(Conflict, Decision.Verdict)
  /// Declares parents lost; that bears on how the graph is laid out, and on nothing else.
  case declares
  /// No effect. An event of an unknown kind leaves the entity partly understood.
  case fails(Reason, isKindUnknown: Bool = false)
  /// Cannot be judged before something arrives.
  case waits(Need)
}

/// What of an entity's founding bears on every later event.
struct Founder {
  let region: RegionID
  /// The family's name; empty where the pinned rules know no such founding kind.
  let family: String
  let ranksFirst: Bool
}

/// The state among an event's ancestors, as far as an event is judged by it.
struct Before {
  let rules: Hash
  let stage: StageValue?
}

/// Judges events. Full fold and fast path share it, so that they cannot differ in their rules.
struct Judge {
  let library: ProcessLibrary

  /// What a founding event pins and does.
  ///
  /// - Returns: `nil` while the rules file is missing; the zero hash for rules that cannot be read.
  func judge(founding input: FoldInput) -> (founder: Founder, rules: Hash, verdict: Verdict)? {
    func unknown(_ rules: Hash) -> (Founder, Hash, Verdict) {
      let founder = Founder(region: input.region, family: "", ranksFirst: false)
      return (founder, rules, .fails(input.closedOr(.notUnderstood), isKindUnknown: true))
    }
    let body = try? CanonicalValue(decoding: input.event.body)
    guard let rules = Self.pinnedRules(body) else { return unknown(.zero) }
    guard let process = library[rules] else { return nil }
    guard library.understands(input.event.kind),
      let (family, rule) = process.rule(for: input.event.kind),
      case .found(let handover) = rule.effect
    else { return unknown(rules) }
    let founder = Founder(
      region: input.region, family: family.name, ranksFirst: family.founderRanksFirst)
    if input.isOriginClosed { return (founder, rules, .fails(.originClosed)) }
    guard rule.actors.admits(input, stage: nil, founder: input.region) else {
      return (founder, rules, .fails(.notAuthorised))
    }
    guard body.map({ rule.unmet(by: $0) == nil }) ?? rule.demands.isEmpty else {
      return (founder, rules, .fails(.notUnderstood))
    }
    let first = family.stages[0]
    let stage = StageValue.after(
      nil, entering: first.key, by: input.region,
      account: first.keepsActor ? input.account : nil, handover: handover, body: { body })
    return (founder, rules, stage.map { .moves(to: $0) } ?? .fails(.notUnderstood))
  }

  /// The rules that a founding event's body pins; `nil` where it does not say.
  static func pinnedRules(_ body: CanonicalValue?) -> Hash? {
    body?["rules"]?.bytes.flatMap { Hash($0) }
  }

  /// What a later event does.
  ///
  /// - Parameters:
  ///   - standing: how the two events of a conflict stand among the event's ancestors; asked for a
  ///     decision alone.
  ///   - request: how what an act asks stands there, by the kind that answers; asked for an answer
  ///     alone.
  func judge(
    _ input: FoldInput, before: Before, founder: Founder,
    standing: (Conflict) -> PairStanding,
    request: (_ act: String, _ answer: String) -> RequestStanding
  ) -> Verdict {
    if input.isOriginClosed { return .fails(.originClosed) }
    guard !input.event.isFounding else { return .fails(.notAllowed) }
    if library.understands(Process.parentLostKind), input.event.kind == Process.parentLostKind {
      return judge(declaring: input)
    }
    guard let process = library[before.rules] else {
      return before.rules == .zero
        ? .fails(.notUnderstood, isKindUnknown: true) : .waits(.rules(before.rules))
    }
    guard library.understands(input.event.kind) else {
      return .fails(.notUnderstood, isKindUnknown: true)
    }
    switch input.event.kind {
    case Process.rulesMovedKind:
      return judge(moving: input, by: process, before: before, founder: founder)
    case Process.conflictDecidedKind:
      return judge(deciding: input, before: before, founder: founder, standing: standing)
    default: break
    }
    guard let (family, rule) = process.rule(for: input.event.kind) else {
      return .fails(.notUnderstood, isKindUnknown: true)
    }
    guard family.name == founder.family else { return .fails(.notAllowed) }
    guard rule.actors.admits(input, stage: before.stage, founder: founder.region) else {
      return .fails(.notAuthorised)
    }
    func body() -> CanonicalValue? { try? CanonicalValue(decoding: input.event.body) }
    if !rule.demands.isEmpty {
      guard let body = body(), rule.unmet(by: body) == nil else { return .fails(.notUnderstood) }
    }
    switch rule.effect {
    case .found: return .fails(.notAllowed)
    case .fact, .note:
      if let above = rule.actors.above {
        return judge(answering: input, rule, above, body(), request(above.act, rule.kind))
      }
      let isRequest = process.isRequest(rule.kind)
      return .adds(
        kind: rule.kind, isReviewed: rule.effect == .fact,
        as: isRequest ? .asks(Request(by: input.author, saying: body())) : nil)
    case .whole(let slot):
      return body().map { .describes(slot: slot, $0) } ?? .fails(.notUnderstood)
    case .field:
      let body = body()
      guard let name = body?["field"]?.text, let value = body?["value"],
        let field = family.field(name), field.accepts(value)
      else { return .fails(.notUnderstood) }
      return .describes(slot: field.name, value)
    case .move(let from, let to, let handover):
      guard let stage = before.stage, from.contains(stage.stage), !rule.isSpent(at: stage)
      else { return .fails(.notAllowed) }
      let after = StageValue.after(
        stage, entering: to, by: input.region,
        account: family.stage(to)?.keepsActor == true ? input.account : nil,
        spending: rule.successor == nil ? nil : rule.kind, handover: handover, body: body)
      return after.map { .moves(to: $0) } ?? .fails(.notUnderstood)
    }
  }

  private func judge(declaring input: FoldInput) -> Verdict {
    guard input.tier == .city else { return .fails(.notAuthorised) }
    return LostParents.named(in: input.event.body) == nil ? .fails(.notUnderstood) : .declares
  }

  private func judge(
    moving input: FoldInput, by process: Process, before: Before, founder: Founder
  ) -> Verdict {
    guard process.movers.admits(input, stage: before.stage, founder: founder.region) else {
      return .fails(.notAuthorised)
    }
    guard let rules = Self.pinnedRules(try? CanonicalValue(decoding: input.event.body)) else {
      return .fails(.notUnderstood)
    }
    return library[rules] == nil ? .waits(.rules(rules)) : .pins(rules)
  }

  private func judge(
    deciding input: FoldInput, before: Before, founder: Founder,
    standing: (Conflict) -> PairStanding
  ) -> Verdict {
    guard Actors.admitsDecision(by: input.author, stage: before.stage, founder: founder.region)
    else { return .fails(.notAuthorised) }
    let body = try? CanonicalValue(decoding: input.event.body)
    guard let (pair, verdict) = Self.decision(body) else { return .fails(.notUnderstood) }
    return switch standing(pair) {
    case .none: .fails(.notAllowed)
    case .decided: .fails(.alreadyDecided)
    case .open: .decides(pair, verdict)
    }
  }

  /// Reads what `Act.decide` writes.
  static func decision(_ body: CanonicalValue?) -> (Conflict, Decision.Verdict)? {
    guard let slot = body?["slot"]?.text,
      let winner = body?["winner"]?.bytes.flatMap({ Hash($0) }),
      let loser = body?["loser"]?.bytes.flatMap({ Hash($0) }),
      let verdict = body?["verdict"]?.text.flatMap(Decision.Verdict.init(rawValue:))
    else { return nil }
    return (Conflict(slot: slot, winner: winner, loser: loser), verdict)
  }
}

extension FoldInput {
  var author: Actor {
    Actor(tier: tier, role: role, region: region, account: account)
  }

  fileprivate func closedOr(_ reason: Reason) -> Reason { isOriginClosed ? .originClosed : reason }
}

extension Actors {
  /// Whether an author meets every condition.
  func admits(_ author: Actor, stage: StageValue?, founder: RegionID) -> Bool {
    tiers.contains(author.tier) && admits(role: author.role)
      && admits(placeOf: author, stage: stage, founder: founder)
      && admits(account: author.account, stage: stage)
  }

  /// Whether the rule of two, if it is asked for, is kept.
  func admits(account: String, stage: StageValue?) -> Bool {
    guard isAnother else { return true }
    guard let former = stage?.account else { return false }
    return former != account
  }

  /// Those who may decide on a conflict: the handler, the giver, the founder. The city may always.
  static let deciders = Actors(places: [.handler, .giver, .founder])

  static func admitsDecision(by actor: Actor, stage: StageValue?, founder: RegionID) -> Bool {
    actor.tier == .city || deciders.admits(region: actor.region, stage: stage, founder: founder)
  }

  /// Whether an author stands where it is asked for. The city stands above every case, so an answer is
  /// its to give wherever the case is.
  func admits(placeOf author: Actor, stage: StageValue?, founder: RegionID) -> Bool {
    above != nil && author.tier == .city
      || admits(region: author.region, stage: stage, founder: founder)
  }

  /// Whether a region stands in one of the relations that are asked for.
  func admits(region: RegionID, stage: StageValue?, founder: RegionID) -> Bool {
    places.isEmpty
      || places.contains { place in
        switch place {
        case .handler: stage?.handler.contains(region) ?? false
        case .giver: stage?.giver == region
        case .founder: founder == region
        }
      }
  }

  fileprivate func admits(_ input: FoldInput, stage: StageValue?, founder: RegionID) -> Bool {
    admits(input.author, stage: stage, founder: founder)
  }
}
