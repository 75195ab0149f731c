import Casework
import Regions

extension Process {
  /// A second rules file, beside the built-in one: acts that more people may do, so that more of them
  /// meet. Old programs do not have it, and leads are moved from one to the other.
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
      return Family(
        name: family.name, chinese: family.chinese, english: family.english,
        stages: family.stages, fields: family.fields, kinds: kinds,
        founderRanksFirst: family.founderRanksFirst)
    }
    do {
      return try Process(families: families, movers: Actors(tiers: [.city, .district]))
    } catch {
      preconditionFailure("the second process contradicts itself: \(error)")
    }
  }()
}
