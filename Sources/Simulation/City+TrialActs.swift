import Casework
import Ledger
import Regions
import Store

/// What offices do under the process file on trial: whatever it permits them, with bodies made from what
/// it demands. Nothing here knows an act of it by name, save where the ledger gives the name a meaning.
extension City {
  /// The most regions of which a lead under trial is told by one act.
  private static let mostUnits = 2
  /// A text, a number or a count of days is made from so many.
  private static let variety: UInt64 = 50
  /// The most days that an act asks for or gives.
  private static let mostDays: UInt64 = 3
  /// What is worked on with some zeal, so that it comes far: so many leads, and of each other family.
  private static let inHand = (leads: 12, others: 5)
  /// One with so many events is left alone.
  private static let longestTrial = 90
  /// Who acts in a role that stands for every role.
  private static let usualRole = "platform_office"

  /// Whether an entity was founded under the process on trial.
  func isOnTrial(_ entity: EntityID) -> Bool {
    guard let trial, let first = books.entities[entity]?.first else { return false }
    let body = try? CanonicalValue(decoding: books.facts[first].body)
    return body?["rules"] == .bytes(trial.hash.bytes)
  }

  /// Keeps in hand what a commit founded under the process on trial, as far as there is room.
  func takeInHand(_ commit: Commit?) {
    guard trial != nil, let commit else { return }
    for (_, event) in commit.events where event.isFounding && isOnTrial(event.entity) {
      let isLead = event.kind == "lead.reported"
      let most = isLead ? Self.inHand.leads : Self.inHand.others
      guard trialCases.count(where: { $0.kind == event.kind }) < most else { continue }
      trialCases.append((event.kind, event.entity))
    }
  }

  /// A case in hand that this office handles, or else any of them. What is at its end makes room now and
  /// then.
  func caseInHand(at office: Office) throws -> EntityID? {
    var mine: [EntityID] = []
    var rest: [(kind: String, entity: EntityID)] = []
    for held in trialCases where books.entities[held.entity]?.count ?? 0 < Self.longestTrial {
      let state = try office.store.read { try $0.entity(held.entity) }?.state
      let stage = state?.stage.flatMap {
        trial?.family(named: state?.family ?? "")?.stage($0.stage)
      }
      let isOver = stage.map { $0.isEnd || $0.isClosing } ?? false
      guard !isOver || !numbers.permille(150) else { continue }
      rest.append(held)
      if state?.stage?.handler.contains(office.region) ?? false { mine.append(held.entity) }
    }
    trialCases = rest
    return numbers.pick(numbers.permille(800) && !mine.isEmpty ? mine : rest.map(\.entity))
  }

  /// Does one of the acts that the process permits here, of those that were done least so far more often.
  ///
  /// - Returns: whether there was one.
  func tryOut(
    _ trial: Process, on stored: StoredEntity, _ state: EntityState, at office: Office,
    by person: String
  ) throws -> Bool {
    if state.family == "lead", numbers.permille(60) {
      return try found(trial, beside: stored, at: office, by: person)
    }
    guard let family = trial.family(named: state.family) else { return false }
    let folder = office.store.rules
    let permitted = family.kinds.compactMap { rule -> (rule: KindRule, actor: Actor)? in
      if case .found = rule.effect { return nil }
      // What the node itself writes when a clock says so.
      guard rule.kind != Process.warnedKind(of: family.name) else { return nil }
      let actor = actor(for: rule, at: office, person)
      guard office.isHostile || folder.refusal(of: rule.kind, on: state, by: actor) == nil else {
        return nil
      }
      return (rule, actor)
    }
    let least = permitted.map { trialKinds[$0.rule.kind, default: 0] }.min()
    let rare = permitted.filter { trialKinds[$0.rule.kind, default: 0] == least }
    guard let (rule, actor) = numbers.pick(numbers.permille(500) ? rare : permitted) else {
      return false
    }
    let (act, named) = try act(by: rule, of: family, on: stored, at: office)
    guard office.isHostile || folder.refusal(of: act.kind, saying: act.body, on: state) == nil
    else { return false }
    let draft = act.draft(
      entity: stored.id, heads: stored.heads, salt: numbers.bytes(16), audience: named)
    let commit = try author(
      office, lane: numbers.permille(120) ? .urgent : .bulk, actor: actor.role, person: person,
      [draft] + openings(beside: act, on: stored, at: office))
    remember(commit)
    takeInHand(commit)
    return commit != nil
  }

  /// Founds something that belongs to a lead: a sealed contact, or a supervision case by an inspector.
  private func found(
    _ trial: Process, beside lead: StoredEntity, at office: Office, by person: String
  ) throws -> Bool {
    let isSupervision = office.tier != .township && numbers.permille(300)
    guard
      let rule = trial.rule(for: isSupervision ? SupervisionOpening.kind : ContactKind.sealed)?.rule
    else { return false }
    var entries = try entries(demandedBy: rule, of: lead.id, at: office)
    entries["rules"] = .bytes(trial.hash.bytes)
    entries["lead"] =
      isSupervision ? .text(lead.id.description) : .bytes(lead.id.bytes)
    let draft = EventDraft(
      entity: nil, kind: rule.kind, parents: [], audience: [office.region],
      salt: numbers.bytes(16), body: CanonicalValue.map(entries).encoded)
    let actor = actor(for: rule, at: office, person)
    let commit = try author(office, actor: actor.role, person: person, [draft])
    if isSupervision, let entity = commit?.events.first?.event.entity {
      supervisions[entity] = lead.id
    }
    remember(commit)
    return commit != nil
  }

  /// Somebody in one of the roles that may do it.
  private func actor(for rule: KindRule, at office: Office, _ person: String) -> Actor {
    let roles = rule.actors.roles
    let role = roles.contains("*") ? Self.usualRole : numbers.pick(roles) ?? Self.usualRole
    return Actor(tier: office.tier, role: role, region: office.region, account: person)
  }

  /// An act with a body that the rule takes, and the regions that it names.
  private func act(
    by rule: KindRule, of family: Family, on stored: StoredEntity, at office: Office
  ) throws -> (Act, [RegionID]) {
    var entries = try entries(demandedBy: rule, of: stored.id, at: office)
    var named: [RegionID] = []
    switch rule.effect {
    case .move(_, _, .named):
      named = try Array(dispatchTargets(of: office).prefix(Self.mostUnits))
      entries["to"] = .array(named.map { .text($0.rawValue) })
      entries["due"] = numbers.permille(300) ? .integer(later(at: office)) : nil
    case .move(_, _, .ordered):
      entries["due"] = numbers.permille(500) ? .integer(later(at: office)) : nil
    case .field:
      if let field = numbers.pick(family.fields) {
        entries = ["field": .text(field.name)]
        entries["value"] = try value(of: field, least: 1, of: stored.id, at: office)
      }
    case .found, .move, .whole, .fact, .note: break
    }
    return (Act(kind: rule.kind, body: .map(entries)), named)
  }

  private func entries(
    demandedBy rule: KindRule, of entity: EntityID, at office: Office
  ) throws -> [String: CanonicalValue] {
    var entries: [String: CanonicalValue] = [:]
    for demand in rule.demands where demand.least > 0 || numbers.permille(300) {
      entries[demand.field.name] = try value(
        of: demand.field, least: max(1, Int(demand.least)), of: entity, at: office)
    }
    return entries
  }

  private func value(
    of field: Field, least: Int, of entity: EntityID, at office: Office
  ) throws -> CanonicalValue {
    let word = "\(field.name) \(numbers.below(Self.variety))"
    switch field.shape {
    case .text where field.name == IncidentLink.entry:
      return .text(numbers.pick(cases)?.description ?? word)
    case .text, .any: return .text(word)
    case .texts: return .array((0..<least).map { .text("\(word) \($0)") })
    case .number:
      let most = field.name == ClockEffect.days ? Self.mostDays : Self.variety
      return .integer(1 + Int64(numbers.below(most)))
    case .time: return .integer(Int64(clock(of: office)))
    case .flag: return .boolean(numbers.permille(500))
    case .region: return .text((numbers.pick(offices)?.region ?? office.region).rawValue)
    case .location:
      return Location(
        latitudeMicrodegrees: Int64(numbers.below(1_000_000)), longitudeMicrodegrees: 0)?.value
        ?? .null
    case .hashes:
      let events = books.heldFacts(of: entity, at: office.index).map(\.hash)
      let chosen = (0..<least).map { index in
        index < events.count ? events[events.count - 1 - index] : numbers.hash()
      }
      return .array(chosen.map { .bytes($0.bytes) })
    }
  }

  /// A due time within a day.
  private func later(at office: Office) -> Int64 {
    Int64(clock(of: office)) + Int64(1 + numbers.below(24)) * 3_600_000
  }

  /// Counts what honest offices wrote under the process on trial.
  func noteTrial(_ commit: Commit) {
    guard let trial else { return }
    for (_, event) in commit.events
    where trial.rule(for: event.kind) != nil && isOnTrial(event.entity) {
      trialKinds[event.kind, default: 0] += 1
    }
  }
}
