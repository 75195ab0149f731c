import Casework
import Intake
import Ledger
import Regions
import Store

/// What `import leads mapping` takes.
package struct MappingArguments: Codable, Hashable, Sendable {
  /// The text of the mapping file.
  package let text: String

  package init(text: String) { self.text = text }
}

/// What a node finds in a mapping: schema `liandong.import_mapping/1`.
package struct MappingAnswer: Codable, Hashable, Sendable {
  /// What is wrong at one place.
  package struct Finding: Codable, Hashable, Sendable {
    package let line: Int
    package let column: Int
    package let code: String
    package let chinese: String
    package let english: String
  }

  package let schema: String
  /// The process that the leads would pin.
  package let process: String
  /// In the order of the file; none where the mapping can be used.
  package let findings: [Finding]
}

extension NodeCommands {
  /// Checks a mapping for histories against the process that new leads pin here.
  package func checkMapping(_ arguments: MappingArguments) throws -> MappingAnswer {
    let (process, library) = try core.store.read {
      (try rules(for: "lead", in: $0), try $0.library)
    }
    let findings: [FileFinding]
    switch HistoryMappingFile.parse(arguments.text) {
    case .refused(let faults): findings = faults
    case .mapping(let mapping):
      findings = library[process]?.family(named: "lead").map { mapping.findings(under: $0) } ?? []
    }
    return MappingAnswer(
      schema: "liandong.import_mapping/1", process: process.description,
      findings: findings.map {
        .init(
          line: $0.line, column: $0.column, code: $0.code, chinese: $0.chinese,
          english: $0.english)
      })
  }

  /// The history of a row, as far as it can be told without the lead's state.
  ///
  /// - Parameter person: who writes in the role that a step names, or in none.
  /// - Throws: `CommandError` for a unit or a value that is none, and for times that cannot be.
  func history(
    _ history: ImportHistory, reportedAt: Int64, under family: Family?, _ places: Places,
    by person: (String?) throws -> ActingPerson
  ) throws -> LeadHistory {
    let now = Int64(clamping: core.wallMilliseconds())
    try check(reportedAt, is: ("举报时间", "the time of the report"), notAfter: now)
    return LeadHistory(
      steps: try history.steps.map { step in
        guard let rule = family?.rule(named: step.act) else {
          throw CommandError.field(
            step.act, zh: "现行流程没有这一操作,请核对映射",
            en: "the process in force has no such act; check the mapping")
        }
        try check(step.at, is: (rule.chinese, rule.kind), notAfter: now)
        guard ImportHistory.day(of: step.at) >= ImportHistory.day(of: reportedAt) else {
          throw CommandError.field(
            rule.kind, zh: "“\(rule.chinese)”早于举报时间,请核对",
            en: "it lies before the time of the report; check both")
        }
        return try self.step(
          step, by: rule, of: history.sourceID, now: now, family, places, person(step.role))
      }, stageWord: history.stageWord, stages: history.stages)
  }

  private func check(
    _ time: Int64, is what: (chinese: String, english: String), notAfter now: Int64
  ) throws {
    guard time > now + ProcedureCheck.clockTolerance else { return }
    throw CommandError.field(
      what.english, zh: "“\(what.chinese)”\(CommandTime.text(time)) 尚未到,请核对",
      en: "\(CommandTime.text(time)) has not come yet; check it")
  }

  private func step(
    _ step: ImportHistory.Step, by rule: KindRule, of sourceID: String, now: Int64,
    _ family: Family?, _ places: Places, _ person: ActingPerson
  ) throws -> LeadHistory.Step {
    var arguments = LeadKindArguments(lead: "", act: rule.kind)
    arguments.to = step.to
    arguments.department = step.department
    // The clocks begin with the import: what was over by then is a claim like the act itself.
    let isOver = step.due.map { $0 <= now } ?? false
    if let due = step.due, !isOver { arguments.due = CommandTime.text(due) }
    for demand in rule.demands where demand.field.name != HistoryMapping.dueEntry {
      let name = demand.field.name
      arguments.values[name] =
        try step.values[name].map { try Self.written($0, for: demand.field, of: rule) }
        ?? (name == Self.sourceEntry ? sourceID : nil)
    }
    let (body, audience) = try body(arguments, for: rule, places, [])
    guard case .map(let entries) = body else { preconditionFailure("a body is a map") }
    return LeadHistory.Step(
      rule: rule, entries: entries,
      events: step.events.compactMapValues { family?.rule(named: $0)?.kind }, audience: audience,
      claim: ClaimedAct(
        atMilliseconds: step.at, by: step.by, dueMilliseconds: isOver ? step.due : nil),
      person: person)
  }

  /// The entry of an act that names the id at the source.
  private static let sourceEntry = "source_id"

  /// A value of a table as people write it here: times and types have words of their own there.
  private static func written(
    _ text: String, for field: Field, of rule: KindRule
  ) throws -> String {
    if field.name == "types" {
      let (keys, unknown) = PollutionWords.keys(inColumn: text)
      return keys.isEmpty || !unknown.isEmpty ? text : keys.joined(separator: ",")
    }
    guard field.shape == .time else { return text }
    do throws(RowRefusal) {
      return CommandTime.text(try LeadTime.milliseconds(text, column: field.name))
    } catch {
      throw CommandError.field(rule.kind, zh: error.reason.zh, en: error.reason.en)
    }
  }
}
