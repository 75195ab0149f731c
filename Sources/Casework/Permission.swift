package import Ledger
package import Regions

/// Who wants to act.
package struct Actor: Hashable, Sendable {
  package let tier: Tier
  package let role: String
  package let region: RegionID
  /// The account, for the rule of two.
  package let account: String

  package init(tier: Tier, role: String, region: RegionID, account: String = "") {
    self.tier = tier
    self.role = role
    self.region = region
    self.account = account
  }
}

/// Why an act cannot be done now, and what to do.
package struct Refusal: Hashable, Sendable {
  /// The sort of refusal, as an open set.
  package struct Code: Hashable, Sendable {
    package let word: String
    package init(_ word: String) { self.word = word }
    package static let rulesMissing = Code("rules_missing")
    package static let kindUnknown = Code("kind_unknown")
    package static let otherFamily = Code("other_family")
    package static let upgradeNeeded = Code("upgrade_needed")
    package static let tier = Code("tier")
    package static let role = Code("role")
    package static let place = Code("place")
    package static let stage = Code("stage")
    package static let spent = Code("spent")
    package static let samePerson = Code("same_person")
    package static let notAsked = Code("not_asked")
    package static let answered = Code("answered")
    package static let notAbove = Code("not_above")
    package static let tooManyDays = Code("too_many_days")
    package static let evidence = Code("evidence")
    package static let conflictGone = Code("conflict_gone")
    package static let conflictDecided = Code("conflict_decided")
  }

  package let code: Code
  package let chinese: String
  package let english: String
}

extension Folder {
  /// Tells whether an act on an entity that exists would be refused now. This is the acting node's
  /// check; the fold judges tier, role, place and stage again from the stamp.
  ///
  /// - Returns: `nil` where the act may go ahead.
  package func refusal(of kind: String, on state: EntityState, by actor: Actor) -> Refusal? {
    if kind == Process.parentLostKind {
      return refusal(
        of: Actors(tiers: [.city]), name: ("宣告缺失", "declaring a parent lost"), on: state, by: actor)
    }
    guard let process = library[state.rules] else {
      return Refusal(
        code: .rulesMissing, chinese: "本节点尚未收到该事项所用的流程文件，请待上级同步后再办",
        english: "the rules file of this entity has not arrived: wait for the link to bring it")
    }
    let isKnown = library.understands(kind)
    if isKnown, kind == Process.rulesMovedKind {
      return refusal(
        of: process.movers, name: ("更换流程", "moving the rules"), on: state, by: actor)
    }
    if isKnown, kind == Process.conflictDecidedKind {
      return refusalOfDeciding(on: state, by: actor)
    }
    guard isKnown, let (family, rule) = process.rule(for: kind) else {
      return Refusal(
        code: .kindUnknown, chinese: "所用流程中没有“\(kind)”这一操作，请核对或升级流程",
        english: "the process knows no act \(kind): check the name or move it to newer rules")
    }
    if case .found = rule.effect { return otherFamily(rule, state) }
    guard family.name == state.family else { return otherFamily(rule, state) }
    if state.isPartlyUnderstood, rule.effect != .fact, rule.effect != .note {
      return upgradeNeeded(for: rule.chinese)
    }
    if let refusal = refusal(
      of: rule.actors, name: (rule.chinese, rule.english), on: state, by: actor)
    {
      return refusal
    }
    if rule.isSpent(at: state.stage) { return spent(rule, in: process) }
    let stages = rule.permittedStages
    if !stages.isEmpty, state.stage.map({ stages.contains($0.stage) }) != true {
      return wrongStage(rule, family: family, from: stages, stage: state.stage?.stage)
    }
    return refusal(ofPerson: rule, on: state, by: actor)
      ?? refusal(ofAnswer: rule, in: process, on: state, by: actor)
  }

  /// Tells whether the body of an act would be refused, for it lacks what the act demands.
  ///
  /// - Returns: `nil` where the body has all, and where the rules that would tell are not here.
  package func refusal(of kind: String, saying body: CanonicalValue, on state: EntityState)
    -> Refusal?
  {
    guard let rule = library[state.rules]?.rule(for: kind)?.rule else { return nil }
    if let demand = rule.unmet(by: body) { return lacking(demand, of: rule) }
    return refusal(ofDays: rule, saying: body, on: state)
  }

  /// Tells whether founding an entity would be refused.
  ///
  /// - Parameters:
  ///   - kind: the founding kind.
  ///   - rules: the process that the entity would pin.
  ///   - body: what the founding event would say.
  /// - Returns: `nil` where it may go ahead.
  package func refusal(
    ofFounding kind: String, by rules: Hash, saying body: CanonicalValue, by actor: Actor
  ) -> Refusal? {
    if let refusal = refusal(ofFounding: kind, by: rules, by: actor) { return refusal }
    guard let rule = library[rules]?.rule(for: kind)?.rule else { return nil }
    return rule.unmet(by: body).map { lacking($0, of: rule) }
  }

  /// Tells whether an actor may found such entities at all, whatever the founding event would say.
  package func refusal(ofFounding kind: String, by rules: Hash, by actor: Actor) -> Refusal? {
    guard let rule = library[rules]?.rule(for: kind)?.rule, case .found = rule.effect else {
      return Refusal(
        code: .kindUnknown, chinese: "现行流程中没有“\(kind)”这一立项操作,请核对流程",
        english: "the process in force founds nothing by \(kind): check the process")
    }
    return refusal(of: rule.actors, name: (rule.chinese, rule.english), founding: actor)
  }

  private func spent(_ rule: KindRule, in process: Process) -> Refusal {
    let next = rule.successor.flatMap { process.rule(for: $0)?.rule }
    return Refusal(
      code: .spent,
      chinese: "“\(rule.chinese)”自立项以来已办过一次,请改办“\(next?.chinese ?? "-")”(\(next?.kind ?? "-"))",
      english:
        "\(rule.english) was done once since the founding: now \(next?.kind ?? "-") takes its "
        + "place")
  }

  private func lacking(_ demand: Demand, of rule: KindRule) -> Refusal {
    let number = demand.least > 1 ? (" \(demand.least) 项", "\(demand.least) of ") : ("", "")
    let name = demand.field.name
    return Refusal(
      code: .evidence, chinese: "“\(rule.chinese)”须有\(demand.chinese)\(number.0)(\(name)),请补齐后再办",
      english: "\(rule.english) demands \(number.1)\(demand.english) (\(name)): add it")
  }

  private func refusal(
    of actors: Actors, name: (chinese: String, english: String), founding actor: Actor
  ) -> Refusal? {
    refusal(ofTier: actors, name, actor) ?? refusal(ofRole: actors, name, actor)
  }

  private func otherFamily(_ rule: KindRule, _ state: EntityState) -> Refusal {
    Refusal(
      code: .otherFamily, chinese: "“\(rule.chinese)”不能用于该事项，请核对编号",
      english: "\(rule.kind) is no act on a \(state.family): check the id")
  }

  func upgradeNeeded(for act: String) -> Refusal {
    Refusal(
      code: .upgradeNeeded, chinese: "该事项含有本版本不认识的内容，现只能补充记录，请升级后再“\(act)”",
      english: "this version does not understand the whole history: add facts only, upgrade to act")
  }

  func refusal(
    of actors: Actors, name: (chinese: String, english: String), on state: EntityState,
    by actor: Actor
  ) -> Refusal? {
    if let refusal = refusal(of: actors, name: name, founding: actor) { return refusal }
    let stage = state.stage
    guard actors.admits(placeOf: actor, stage: stage, founder: state.founding.region) else {
      let holders = actors.places.flatMap { place in
        switch place {
        case .handler: stage?.handler ?? []
        case .giver: stage.map { [$0.giver] } ?? []
        case .founder: [state.founding.region]
        }
      }
      let names = Set(holders).sorted().map(\.rawValue)
      return Refusal(
        code: .place, chinese: "“\(name.chinese)”应由 \(names.joined(separator: "、")) 办理，请转其办理",
        english: "\(name.english): only for \(names.joined(separator: " or ")), ask them")
    }
    return nil
  }

  /// The rule of two is asked last: at a stage where the act cannot be done anyway, nobody should look
  /// for a colleague.
  private func refusal(ofPerson rule: KindRule, on state: EntityState, by actor: Actor) -> Refusal?
  {
    guard !rule.actors.admits(account: actor.account, stage: state.stage) else { return nil }
    return Refusal(
      code: .samePerson, chinese: "“\(rule.chinese)”须由另一人办理(双人审批),请换人",
      english: "\(rule.english): it must be another person than the one before, ask a colleague")
  }

  private func refusal(
    ofTier actors: Actors, _ name: (chinese: String, english: String), _ actor: Actor
  ) -> Refusal? {
    guard !actors.tiers.contains(actor.tier) else { return nil }
    return Refusal(
      code: .tier, chinese: "本级无权“\(name.chinese)”，请报上级办理",
      english: "\(name.english): not for the \(actor.tier.name) tier, ask "
        + actors.tiers.map(\.name).joined(separator: " or "))
  }

  private func refusal(
    ofRole actors: Actors, _ name: (chinese: String, english: String), _ actor: Actor
  ) -> Refusal? {
    guard !actors.admits(role: actor.role) else { return nil }
    return Refusal(
      code: .role, chinese: "角色“\(actor.role)”无权“\(name.chinese)”，请由有权人员办理",
      english: "\(name.english): not for the role \(actor.role), ask "
        + actors.roles.joined(separator: " or "))
  }

  private func wrongStage(
    _ rule: KindRule, family: Family, from: [String], stage key: String?
  ) -> Refusal {
    let wanted = from.compactMap { family.stage($0) }
    let (chinese, english) = (
      wanted.map(\.chinese).joined(separator: "、"), wanted.map(\.english).joined(separator: " or ")
    )
    let current = key.flatMap { family.stage($0) }
    let now = (current?.chinese ?? "未生效", current?.english ?? "without effect")
    return Refusal(
      code: .stage, chinese: "现处“\(now.0)”环节，不能“\(rule.chinese)”；须先到“\(chinese)”环节",
      english: "now \(now.1): \(rule.english) needs it to be \(english) first")
  }
}
