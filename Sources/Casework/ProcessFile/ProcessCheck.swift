import Regions

/// Checks that a process that was read can be worked by: that everything named is there, that each
/// stage can be reached and left, and that each act has somebody who may do it.
struct ProcessCheck {
  private let sketch: ProcessSketch
  private let year: Int?

  init(_ sketch: ProcessSketch, in year: Int?) {
    self.sketch = sketch
    self.year = year
  }

  func findings() -> [FileFinding] {
    var found: [FileFinding] = []
    var first: [String: String] = [:]
    for family in sketch.families {
      for rule in family.family.kinds {
        let place = family.acts[rule.kind] ?? family.place
        if Process.builtInKinds[rule.kind] != nil {
          found.append(
            finding(
              place, "reserved_name", "“\(rule.kind)”是内置操作,不能另行定义",
              "\(rule.kind) is built in: take it out"))
        }
        if let other = first.updateValue(family.family.name, forKey: rule.kind) {
          found.append(
            finding(
              place, "doubled", "“\(rule.kind)”已在 \(other) 中定义,请保留一处",
              "\(rule.kind) stands in \(other) already: keep one of them"))
        }
        found += findings(for: rule, at: place, in: family)
      }
      found += findings(for: family)
    }
    return found
  }

  // MARK: Stages.

  private func findings(for sketched: ProcessSketch.Family) -> [FileFinding] {
    let family = sketched.family
    guard let entry = family.stages.first else {
      return [
        finding(
          sketched.place, "no_stage", "“\(family.name)”没有环节,请写明",
          "\(family.name) has no stage: add one")
      ]
    }
    var found: [FileFinding] = []
    let foundings = family.kinds.filter { if case .found = $0.effect { true } else { false } }
    if foundings.count != 1 {
      found.append(
        finding(
          sketched.place, "no_founding", "“\(family.name)”须恰有一个起始操作(found),现有 \(foundings.count) 个",
          "\(family.name) needs exactly one founding act (found), it has \(foundings.count)"))
    }
    let moves = family.kinds.flatMap { rule -> [(from: String, to: String)] in
      guard case .move(let from, let to, _) = rule.effect else { return [] }
      return from.map { ($0, to) }
    }
    let reached = Self.closure(of: [entry.key]) { here in
      moves.lazy.filter { $0.from == here }.map(\.to)
    }
    let ends = Set(family.stages.filter(\.isEnd).map(\.key))
    let closing = Self.closure(of: ends) { here in
      moves.lazy.filter { $0.to == here }.map(\.from)
    }
    for stage in family.stages {
      let place = sketched.stages[stage.key] ?? sketched.place
      if !reached.contains(stage.key) {
        found.append(
          finding(
            place, "dead_stage", "没有操作能到达“\(stage.chinese)”(\(stage.key)),请补操作或删去环节",
            "no act leads to the stage \(stage.key): add one or drop the stage"))
      }
      if family.stages.count > 1, !closing.contains(stage.key) {
        found.append(
          finding(
            place, "no_way_to_close",
            "从“\(stage.chinese)”(\(stage.key))到不了办结环节(closes 或 ends),请补操作",
            "from \(stage.key) no act leads to a stage that closes or ends: add one"))
      }
      if stage.limit?.needsCalendar == true, let year,
        !sketch.years.contains(where: { $0.year == year })
      {
        found.append(
          finding(
            place, "missing_year", "“\(stage.chinese)”按工作日计时,而 holidays 中没有 \(year) 年,请补上",
            "\(stage.key) counts working days, and holidays has no table of \(year): add it"))
      }
      if let owner = stage.owner, !isRole(owner) {
        found.append(unknownRole(owner, at: place))
      }
    }
    return found
  }

  /// All that can be reached from a set by steps.
  private static func closure(
    of start: Set<String>, steps: (String) -> some Sequence<String>
  ) -> Set<String> {
    var reached = start
    var waiting = Array(start)
    while let here = waiting.popLast() {
      for next in steps(here) where reached.insert(next).inserted { waiting.append(next) }
    }
    return reached
  }

  // MARK: Acts.

  private func findings(
    for rule: KindRule, at place: Place, in sketched: ProcessSketch.Family
  ) -> [FileFinding] {
    let family = sketched.family
    let words = sketched.words[rule.kind] ?? [:]
    var found: [FileFinding] = []
    var named = rule.stages
    if case .move(let from, let to, _) = rule.effect { named += from + [to] }
    for stage in named where family.stage(stage) == nil {
      let known = family.stages.map(\.key)
      found.append(
        finding(
          words[stage] ?? place, "unknown_stage",
          "没有环节“\(stage)”,可用:\(known.joined(separator: "、"))",
          "there is no stage '\(stage)'; use \(known.joined(separator: ", "))"))
    }
    for role in rule.actors.roles where role != "*" && !isRole(role) {
      found.append(unknownRole(role, at: words["role " + role] ?? place))
    }
    if rule.actors.tiers.isEmpty || rule.actors.roles.isEmpty {
      found.append(
        finding(
          place, "nobody_may", "“\(rule.chinese)”(\(rule.kind))谁也不能办:tiers 或 roles 为空",
          "nobody may do \(rule.kind): its tiers or roles are empty"))
    }
    if let above = rule.actors.above {
      found += findings(for: above, of: rule, at: place, in: sketched)
    }
    if let successor = rule.successor {
      found += findings(for: successor, of: rule, at: place, in: family)
    }
    if case .found = rule.effect, !rule.actors.places.isEmpty || rule.actors.isAnother {
      found.append(
        finding(
          place, "nobody_may", "“\(rule.chinese)”(\(rule.kind))是起始操作,此前没有承办单位或经办人",
          "nobody may do \(rule.kind): before a founding there is no handler and no person before"))
    }
    if case .move(let from, _, _) = rule.effect, rule.actors.isAnother {
      for key in from where family.stage(key)?.keepsActor == false {
        found.append(
          finding(
            words[key] ?? place, "nobody_may",
            "“\(rule.chinese)”须由另一人办理,但环节“\(key)”不记经办人(keeps_actor)",
            "\(rule.kind) needs another person, and the stage \(key) keeps none: add keeps_actor"))
      }
    }
    return found
  }

  /// An act that may be done once must be a move, and what takes its place another one that leads from
  /// all of its stages, so that the way goes on.
  private func findings(
    for successor: String, of rule: KindRule, at place: Place, in family: Family
  ) -> [FileFinding] {
    let next = family.kinds.first { $0.kind == successor && successor != rule.kind }
    if case .move(let from, _, _) = rule.effect, case .move(let wider, _, _)? = next?.effect,
      Set(wider).isSuperset(of: from)
    {
      return []
    }
    return [
      finding(
        place, "no_successor",
        "“\(rule.chinese)”只可办一次(once),此后代替它的“\(successor)”须是同类事项的另一移环节操作,且从其各环节都可办",
        "\(rule.kind) may be done once: what takes its place, \(successor), must be another moving act "
          + "of the family, from all of its stages")
    ]
  }

  func isRole(_ key: String) -> Bool { sketch.roles.contains { $0.key == key } }

  func unknownRole(_ role: String, at place: Place) -> FileFinding {
    let known = sketch.roles.map(\.key)
    return finding(
      place, "unknown_role", "没有角色“\(role)”,可用:\(known.joined(separator: "、"))",
      "there is no role '\(role)'; use \(known.joined(separator: ", "))")
  }

  func finding(
    _ place: Place, _ code: String, _ chinese: String, _ english: String
  ) -> FileFinding {
    FileFinding(
      line: place.line, column: place.column, code: code, chinese: chinese, english: english)
  }
}
