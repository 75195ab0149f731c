import Regions

// Acts that answer what another act asks.
extension ProcessCheck {
  /// The answer must be a note and no founding, what it answers another fact or note of the family; and
  /// somebody must be able to pass.
  func findings(
    for above: Above, of rule: KindRule, at place: Place, in sketched: ProcessSketch.Family
  ) -> [FileFinding] {
    let words = sketched.words[rule.kind] ?? [:]
    let at = words["above"] ?? place
    let known = sketched.family.kinds.filter {
      sketched.family.isRequest($0.kind) && $0.kind != rule.kind
    }
    guard let request = known.first(where: { $0.kind == above.act }) else {
      let listed = known.map(\.kind).joined(separator: ", ")
      return [
        finding(
          at, "unknown_act", "above 须写同类事项中另一 fact 或 note 操作,没有“\(above.act)”,可用:\(listed)",
          "above names another fact or note of the family, \(above.act) is none; use one of \(listed)"
        )
      ]
    }
    var found: [FileFinding] = []
    if rule.effect != .note {
      found.append(
        finding(
          at, "not_a_note", "“\(rule.chinese)”(\(rule.kind))以 above 批复申请,其作用须为 note",
          "\(rule.kind) answers a request by above, so its effect must be note"))
    }
    let isTopAsked = [rule, request].allSatisfy { $0.actors.tiers.contains(.city) }
    let hasAbove = rule.actors.tiers.contains { tier in
      request.actors.tiers.contains { tier < $0 }
    }
    if !hasAbove, !isTopAsked || above.top.isEmpty {
      found.append(
        finding(
          at, "nobody_may", "“\(rule.chinese)”(\(rule.kind))谁也不能办:没有层级高于“\(request.chinese)”者",
          "nobody may do \(rule.kind): none of its tiers is above one that may do \(request.kind)"))
    }
    for role in above.top {
      let place = words["top " + role] ?? at
      if role == "*" || !isRole(role) {
        found.append(unknownRole(role, at: place))
      } else if !isTopAsked || !rule.actors.admits(role: role) {
        found.append(
          finding(
            place, "nobody_may",
            "top 中的“\(role)”办不了“\(rule.chinese)”(\(rule.kind)),请核对 roles 和 tiers",
            "the role \(role) of top can never do \(rule.kind): check roles and tiers"))
      }
    }
    return found
  }
}
