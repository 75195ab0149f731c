import Ledger
import Regions

extension HistoryMapping {
  /// What of the mapping a process has no place for, in the order of the file: stages and acts that it
  /// does not know, what an act does not take, and what it demands and nothing gives.
  ///
  /// - Parameter family: the family of leads in the process that they will pin.
  package func findings(under family: Family) -> [FileFinding] {
    var findings: [FileFinding] = []
    for word in Set(stage.stages.values.joined()) where family.stage(word) == nil {
      let known = family.stages.map(\.key)
      findings.append(
        FileFinding(
          stage.places[word] ?? .start, "unknown_stage",
          "流程没有环节“\(word)”,可用:\(known.joined(separator: "、"))",
          "the process has no stage '\(word)'; use \(known.joined(separator: ", "))"))
    }
    for step in steps { findings += StepCheck(step, of: self, under: family).findings }
    return Set(findings).sorted()
  }
}

/// Checks one step of a mapping against the process.
private struct StepCheck {
  private(set) var findings: [FileFinding] = []
  private let step: HistoryMapping.Step
  private let mapping: HistoryMapping
  private let family: Family

  init(_ step: HistoryMapping.Step, of mapping: HistoryMapping, under family: Family) {
    self.step = step
    self.mapping = mapping
    self.family = family
    guard let rule = rule(of: step.act, at: "act") else { return }
    guard isPast(rule) else {
      note(
        "act", "not_importable", "“\(rule.chinese)”不能作为历史导入,请去掉这一步",
        "\(rule.kind) cannot be part of an imported history: leave the step out")
      return
    }
    checkHandover(of: rule)
    checkRole(of: rule)
    for name in step.entries.keys { checkEntry(name, "set.", of: rule) }
    for (name, act) in step.events {
      checkEntry(name, "events.", of: rule)
      checkEvents(of: act, under: "events." + name)
    }
    for demand in rule.demands where demand.least > 0 { checkGiven(demand, of: rule) }
  }

  /// Clocks count from the import, and with them warnings; fields are those of the lead, and an incident
  /// is one of this ledger.
  private func isPast(_ rule: KindRule) -> Bool {
    let isOfNow = [IncidentLink.linkedKind, Process.warnedKind(of: family.name)].contains(rule.kind)
    guard rule.clock == nil, !isOfNow else { return false }
    return switch rule.effect {
    case .found, .field: false
    case .move, .whole, .fact, .note: true
    }
  }

  private mutating func rule(of word: String, at key: String) -> KindRule? {
    if let rule = family.rule(named: word) { return rule }
    note(
      key, "unknown_act",
      "流程没有操作“\(word)”,可用:\(family.kinds.map(\.kind).joined(separator: "、"))",
      "the process has no act '\(word)'; use \(family.kinds.map(\.kind).joined(separator: ", "))")
    return nil
  }

  private mutating func checkHandover(of rule: KindRule) {
    var handover = Handover.keeps
    if case .move(_, _, let of) = rule.effect { handover = of }
    let uses: [(key: String, isUsed: Bool)] = [
      ("to", handover == .named), ("department", handover == .named),
      ("due", handover == .named || handover == .ordered),
    ]
    for (key, isUsed) in uses where step.places[key] != nil && !isUsed {
      note(
        key, "unused_key", "“\(rule.chinese)”不用“\(key)”,请去掉",
        "\(rule.kind) does not use '\(key)': leave it out")
    }
    if handover == .named, step.to.isEmpty {
      note(
        "act", "missing_key", "“\(rule.chinese)”须以 to 写明承办单位",
        "\(rule.kind) must say to which units: add to")
    }
  }

  private mutating func checkRole(of rule: KindRule) {
    guard let role = step.role, !rule.actors.admits(role: role) else { return }
    let roles = rule.actors.roles
    note(
      "role", "unknown_role",
      "“\(rule.chinese)”不能由角色“\(role)”办理,可用:\(roles.joined(separator: "、"))",
      "\(rule.kind) is not for the role '\(role)'; use \(roles.joined(separator: ", "))")
  }

  private mutating func checkEntry(_ name: String, _ section: String, of rule: KindRule) {
    guard let demand = rule.demands.first(where: { $0.field.name == name }) else {
      let names = rule.demands.map(\.field.name).joined(separator: ", ")
      note(
        section + name, "unknown_entry",
        "“\(rule.chinese)”没有“\(name)”这一项,可用:\(names.isEmpty ? "无" : names)",
        "\(rule.kind) takes no '\(name)'; it takes \(names.isEmpty ? "nothing" : names)")
      return
    }
    guard name != HistoryMapping.dueEntry else {
      note(
        section + name, "wrong_section", "期限请写在 due 下", "write the due time under due")
      return
    }
    guard (demand.field.shape == .hashes) != (section == "events.") else { return }
    note(
      section + name, "wrong_section",
      section == "set."
        ? "“\(name)”是事件的清单,请写在 events 下" : "“\(name)”不是事件的清单,请写在 set 下",
      section == "set."
        ? "'\(name)' is a list of events: write it under events"
        : "'\(name)' is no list of events: write it under set")
  }

  private mutating func checkEvents(of act: String, under key: String) {
    guard let rule = rule(of: act, at: key) else { return }
    guard !mapping.steps.contains(where: { family.rule(named: $0.act) == rule }) else { return }
    note(
      key, "unknown_act", "本文件没有“\(rule.chinese)”这一步,请补上",
      "no step of this file is \(rule.kind): add one")
  }

  private mutating func checkGiven(_ demand: Demand, of rule: KindRule) {
    let name = demand.field.name
    guard step.entries[name] == nil, step.events[name] == nil else { return }
    note(
      "act", "missing_entry", "“\(rule.chinese)”须有\(demand.chinese)(\(name)),请在 set 或 events 下补上",
      "\(rule.kind) demands \(demand.english) (\(name)): add it under set or events")
  }

  private mutating func note(_ key: String, _ code: String, _ chinese: String, _ english: String) {
    findings.append(FileFinding(step.place(of: key), code, chinese, english))
  }
}

extension Family {
  /// The only act that a word names: a kind, with or without the family's name, or a Chinese name.
  package func rule(named word: String) -> KindRule? {
    let found = kinds.filter {
      $0.kind == word || $0.kind == "\(name).\(word)" || $0.chinese == word
    }
    return found.count == 1 ? found[0] : nil
  }
}
