import ArgumentParser
import Node
import Regions

/// `liandong lead`: leads 线索.
struct LeadCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lead", abstract: Text.leadAbstract.help,
    subcommands: [
      LeadReportCommand.self, LeadListCommand.self, LeadShowCommand.self,
      LeadDescribeCommand.self, LeadRouteCommand.self, LeadDispatchCommand.self,
      LeadWithdrawCommand.self,
      LeadSignCommand.self, LeadReturnCommand.self, LeadInspectCommand.self,
      LeadProgressCommand.self, LeadCloseCommand.self, LeadReopenCommand.self,
      LeadKindCommand.self, LeadTimelineCommand.self, LeadExportCommand.self,
      LeadDuplicatesCommand.self, LeadIncidentsCommand.self,
      LeadHardCasesCommand.self, LeadFiguresCommand.self, LeadSampleCommand.self,
      LeadContactCommands.self, LeadOrderCommand.self, LeadItemCommands.self,
    ])
}

/// `liandong lead report`: takes a lead in.
struct LeadReportCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: Text.leadReportAbstract.help)

  @Option(help: ArgumentHelp(Text.channelHelp.help, valueName: "key")) var channel: String
  @Option(help: ArgumentHelp(Text.titleHelp.help)) var title: String?
  @Option(help: ArgumentHelp(Text.textHelp.help)) var text: String?
  @Option(help: ArgumentHelp(Text.reportedHelp.help, valueName: "time")) var reported: String?
  @Option(help: ArgumentHelp(Text.placeHelp.help)) var place: String?
  @Option(help: ArgumentHelp(Text.leadRegionHelp.help)) var region: String?
  @Option(name: .customLong("type"), help: ArgumentHelp(Text.typeHelp.help, valueName: "type"))
  var types: [String] = []
  @Option(help: ArgumentHelp(Text.latitudeHelp.help, valueName: "degrees")) var latitude: Double?
  @Option(help: ArgumentHelp(Text.longitudeHelp.help, valueName: "degrees"))
  var longitude: Double?
  @Option(help: ArgumentHelp(Text.respondentHelp.help)) var respondent: String?
  @Option(help: ArgumentHelp(Text.reporterNameHelp.help, valueName: "name"))
  var reporterName: String?
  @Option(help: ArgumentHelp(Text.reporterContactHelp.help, valueName: "contact"))
  var reporterContact: String?
  @Flag(help: ArgumentHelp(Text.urgentHelp.help)) var urgent = false
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    var arguments = LeadReportArguments(channel: channel)
    arguments.title = title
    arguments.text = text
    arguments.reported = reported
    arguments.place = place
    arguments.region = region
    arguments.types = types.isEmpty ? nil : types
    arguments.latitude = latitude
    arguments.longitude = longitude
    arguments.respondent = respondent
    arguments.reporterName = reporterName
    arguments.reporterContact = reporterContact
    arguments.urgent = urgent
    return try await relay(
      "lead report", arguments, by: person, in: context, as: ActAnswer.self
    ) { answer, output in output.line(.leadReported(answer.number ?? "", answer.id)) }
  }
}

/// `liandong lead list`.
struct LeadListCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: Text.leadListAbstract.help)

  @Option(help: ArgumentHelp(Text.stageHelp.help)) var stage: String?
  @Option(help: ArgumentHelp(Text.listRegionHelp.help)) var region: String?
  @Option(help: ArgumentHelp(Text.handlerHelp.help)) var handler: String?
  @Flag(help: ArgumentHelp(Text.mineHelp.help)) var mine = false
  @Option(help: ArgumentHelp(Text.beforeHelp.help, valueName: "lead")) var before: String?
  @Option(help: ArgumentHelp(Text.limitHelp.help)) var limit: Int?
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    var arguments = LeadListArguments()
    arguments.stage = stage
    arguments.region = region
    arguments.handler = handler
    arguments.mine = mine
    arguments.before = before
    arguments.limit = limit
    let language = context.language
    var table = LeadTable(Text.leadColumns.map { $0.in(language) })
    let status = try await relay(
      "lead list", arguments, by: nil, in: context, as: LeadSummary.self
    ) { lead, _ in table.add(lead.row(in: language)) }
    context.output.show(table, orNote: .noLeads)
    return status
  }
}

/// `liandong lead show LEAD`.
struct LeadShowCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: Text.leadShowAbstract.help)

  @Argument(help: ArgumentHelp(Text.leadHelp.help)) var lead: String
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    let language = context.language
    return try await relay(
      "lead show", LeadShowArguments(lead: lead), by: nil, in: context, as: LeadDetail.self
    ) { detail, output in
      for line in detail.lines(in: language) { output.line(line) }
    }
  }
}
