import ArgumentParser
import Node
import Regions

/// `liandong lead duplicates LEAD`: leads that may be about the same thing 查重.
struct LeadDuplicatesCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "duplicates", abstract: Text.duplicatesAbstract.help)

  @Argument(help: ArgumentHelp(Text.leadHelp.help)) var lead: String
  @Option(help: ArgumentHelp(Text.leastHelp.help, valueName: "score")) var least: Int?
  @Option(help: ArgumentHelp(Text.limitHelp.help)) var limit: Int?
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    var arguments = LeadDuplicatesArguments(lead: lead)
    arguments.least = least
    arguments.limit = limit
    let language = context.language
    var table = LeadTable(Text.duplicateColumns.map { $0.in(language) })
    let status = try await relay(
      "lead duplicates", arguments, by: nil, in: context, as: DuplicateAnswer.self
    ) { answer, _ in table.add(answer.row(in: language)) }
    context.output.show(table, orNote: .noDuplicates)
    return status
  }
}

/// `liandong lead incidents`: what reports are linked to 事件.
struct LeadIncidentsCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "incidents", abstract: Text.incidentsAbstract.help)

  @Option(help: ArgumentHelp(Text.limitHelp.help)) var limit: Int?
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    var arguments = IncidentListArguments()
    arguments.limit = limit
    let language = context.language
    var table = LeadTable(Text.incidentColumns.map { $0.in(language) })
    let status = try await relay(
      "lead incidents", arguments, by: nil, in: context, as: IncidentAnswer.self
    ) { answer, _ in
      let incident = answer.incident
      table.add([
        incident.number ?? incident.id, "\(answer.reports)", incident.stage ?? "",
        incident.title ?? "",
      ])
    }
    context.output.show(table, orNote: .noIncidents)
    return status
  }
}

/// `liandong lead hard-cases`: what needs more than the usual way 疑难件.
struct LeadHardCasesCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "hard-cases", abstract: Text.hardCasesAbstract.help)

  @Option(help: ArgumentHelp(Text.hardReportsHelp.help)) var reports: Int?
  @Option(help: ArgumentHelp(Text.hardReopeningsHelp.help)) var reopenings: Int?
  @Option(help: ArgumentHelp(Text.hardDaysHelp.help)) var days: Int?
  @Option(help: ArgumentHelp(Text.limitHelp.help)) var limit: Int?
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    var arguments = HardCaseArguments()
    if let reports { arguments.reports = reports }
    if let reopenings { arguments.reopenings = reopenings }
    if let days { arguments.days = days }
    arguments.limit = limit
    let language = context.language
    var table = LeadTable(Text.hardCaseColumns.map { $0.in(language) })
    let status = try await relay(
      "lead hard-cases", arguments, by: nil, in: context, as: HardCaseAnswer.self
    ) { answer, _ in
      let why = answer.why.map { Text.hardCase($0, answer).in(language) }
      table.add([
        answer.lead.number ?? answer.lead.id, answer.lead.stage ?? "", answer.lead.title ?? "",
        why.joined(separator: "; "),
      ])
    }
    context.output.show(table, orNote: .noHardCases)
    return status
  }
}

extension DuplicateAnswer {
  /// The cells of a list, in the order of `Text.duplicateColumns`.
  fileprivate func row(in language: Language) -> [String] {
    [
      number ?? id, "\(score)", stage ?? "", reportedAt ?? "", title ?? "",
      why.map { $0.in(language) }.joined(separator: ", "),
    ]
  }

  private var why: [Text] {
    var why: [Text] = [.likeText(text)]
    if sameRespondent { why.append(.likeRespondent) }
    if samePlace { why.append(.likePlace) }
    if let distanceMetres { why.append(.likeDistance(distanceMetres)) }
    why.append(.likeDays(daysApart))
    if sharesType == false { why.append(.unlikeTypes) }
    if let incident { why.append(.likeIncident(String(incident.prefix(13)))) }
    return why
  }
}

extension LeadDetail {
  /// The incident of a report, and the reports of an incident.
  func linkLines(in language: Language) -> [String] {
    var lines: [String] = []
    if let incident {
      lines.append(Text.incidentOf(incident.shown, stage: incident.stage ?? "").in(language))
      if incident.ended, lead.stage == "merged" {
        lines.append(Text.incidentEnded.in(language))
      }
    }
    for report in reports {
      lines.append(Text.reportOf(report.shown, stage: report.stage ?? "").in(language))
    }
    return lines.map { $0.printableLine }
  }
}

extension LinkedLead {
  fileprivate var shown: String { [number ?? id, title].compactMap { $0 }.joined(separator: " ") }
}
