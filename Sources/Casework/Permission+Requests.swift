import Ledger
import Regions

// Whether an answer may be given to what was asked for.
extension Folder {
  /// The acting node's check of an act that answers another; `nil` for one that does not.
  func refusal(
    ofAnswer rule: KindRule, in process: Process, on state: EntityState, by actor: Actor
  ) -> Refusal? {
    guard let above = rule.actors.above else { return nil }
    let act = process.rule(for: above.act)?.rule
    switch state.standing(of: above.act, answeredBy: rule.kind) {
    case .none:
      return Refusal(
        code: .notAsked,
        chinese: "尚无人“\(act?.chinese ?? above.act)”(\(above.act)),不能“\(rule.chinese)”;请承办单位先提出",
        english: "\(rule.english): nobody asked for it; have the handler write \(above.act) first")
    case .answered:
      return Refusal(
        code: .answered, chinese: "“\(rule.chinese)”自立项以来已办过一次,不能再办;请按原期限办理",
        english: "\(rule.english) was done once since the founding and cannot be done again")
    case .open(let request):
      return above.admits(actor, answering: request) ? nil : notAbove(rule, above, request)
    }
  }

  private func notAbove(_ rule: KindRule, _ above: Above, _ request: Request) -> Refusal {
    guard request.tier == .city else {
      let higher = Tier.allCases.filter { $0 < request.tier }.map(\.name).joined(separator: " or ")
      return Refusal(
        code: .notAbove,
        chinese: "“\(rule.chinese)”须由申请单位(\(request.tier.name))以上层级办理,请报上级",
        english: "\(rule.english): only for a tier above the \(request.tier.name) that asked, ask "
          + higher)
    }
    let roles = above.top.isEmpty ? "-" : above.top.joined(separator: ", ")
    return Refusal(
      code: .notAbove,
      chinese: "市级自己申请的,“\(rule.chinese)”须由申请人以外的市级人员以角色 \(roles) 办理,请转其办理",
      english:
        "\(rule.english): the city itself asked, so it takes another person there with the role "
        + roles)
  }

  /// An answer gives no more days than were asked for.
  func refusal(
    ofDays rule: KindRule, saying body: CanonicalValue, on state: EntityState
  ) -> Refusal? {
    guard let above = rule.actors.above, let request = state.requests[above.act],
      !request.covers(body), let days = request.days
    else { return nil }
    return Refusal(
      code: .tooManyDays, chinese: "“\(rule.chinese)”不得超过所申请的 \(days) 天,请减少天数",
      english: "\(rule.english): \(days) days were asked for, give no more")
  }
}
