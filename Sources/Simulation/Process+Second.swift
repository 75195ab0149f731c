import Casework
import Regions

extension Process {
  /// A second rules file, beside the built-in one: acts that more people may do, so that more of them
  /// meet. Old programs do not have it, and leads are moved from one to the other.
  ///
  /// It alone limits stages and the whole, so that its leads are warned of.
  static let second: Process = {
    let families = firstCut.families.map { family -> Family in
      let kinds = family.kinds.map { rule -> KindRule in
        switch rule.kind {
        case "directive.cancelled", "directive.completed":
          KindRule(rule.kind, rule.chinese, rule.english, rule.effect)
        case "lead.closed":
          KindRule(
            rule.kind, rule.chinese, rule.english,
            .move(from: ["sign", "returned", "inspect"], to: "closed", .keeps))
        case "lead.returned":
          // What may be done once is judged by the ancestors, as everything else.
          KindRule(
            rule.kind, rule.chinese, rule.english, rule.effect, by: rule.actors,
            demands: rule.demands, successor: "lead.closed")
        default: rule
        }
      }
      guard family.name == "lead" else {
        return Family(
          name: family.name, chinese: family.chinese, english: family.english,
          stages: family.stages, fields: family.fields, kinds: kinds,
          founderRanksFirst: family.founderRanksFirst)
      }
      let warned = KindRule(
        Process.warnedKind(of: family.name), "预警", "warned", .note,
        by: Actors(tiers: [.city, .district], roles: ["system"]))
      return Family(
        name: family.name, chinese: family.chinese, english: family.english,
        stages: family.stages.map(limited), fields: family.fields, kinds: kinds + [warned],
        founderRanksFirst: family.founderRanksFirst, total: limit(hours: wholeHours))
    }
    do {
      return try Process(families: families, movers: Actors(tiers: [.city, .district]))
    } catch {
      preconditionFailure("the second process contradicts itself: \(error)")
    }
  }()

  /// The limits of the second rules file in hours, by stage.
  static let limitHours: [String: Int64] = [
    "sign": 4, "inspect": 24, "returned": 2, mendStage: 6,
  ]
  /// That of the whole handling.
  static let wholeHours: Int64 = 40

  static func limited(_ stage: Stage) -> Stage {
    Stage(
      stage.key, stage.chinese, stage.english, isClosing: stage.isClosing, isEnd: stage.isEnd,
      keepsActor: stage.keepsActor, owner: stage.owner,
      limit: limitHours[stage.key].flatMap { limit(hours: $0) })
  }

  private static func limit(hours: Int64) -> StageLimit? {
    TimeLimit(thousandths: hours * 1_000, unit: .hours)
      .flatMap { try? StageLimit(base: .fixed($0)) }
  }
}
