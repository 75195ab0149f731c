import ArgumentParser
import Node

/// `liandong supervision`: the cases of the discipline inspectors 监督案件.
struct SupervisionCommands: CommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "supervision", abstract: Text.supervisionAbstract.help,
    subcommands: [
      SupervisionListCommand.self, SupervisionShowCommand.self, SupervisionActCommand.self,
    ])
}

/// `liandong supervision list`.
struct SupervisionListCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: Text.supervisionListAbstract.help)

  @Option(help: ArgumentHelp(Text.leadHelp.help)) var lead: String?
  @Flag(help: ArgumentHelp(Text.supervisionOpenHelp.help)) var open = false
  @Option(help: ArgumentHelp(Text.limitHelp.help)) var limit: Int?
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    var arguments = SupervisionListArguments()
    arguments.lead = lead
    arguments.open = open
    arguments.limit = limit
    let language = context.language
    var table = LeadTable(Text.supervisionColumns.map { $0.in(language) })
    let status = try await relay(
      "supervision list", arguments, by: nil, in: context, as: SupervisionSummary.self
    ) { supervision, _ in table.add(supervision.row(in: language)) }
    context.output.show(table, orNote: .noSupervisions)
    return status
  }
}

/// `liandong supervision show CASE`.
struct SupervisionShowCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: Text.supervisionShowAbstract.help)

  @Argument(help: ArgumentHelp(Text.supervisionHelp.help)) var supervision: String
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    let language = context.language
    return try await relay(
      "supervision show", LeadShowArguments(lead: supervision), by: nil, in: context,
      as: SupervisionDetail.self
    ) { detail, output in
      for line in detail.lines(in: language) { output.line(line) }
    }
  }
}

/// `liandong supervision act CASE ACT --set NAME=VALUE...`: any act of the case's process.
struct SupervisionActCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "act", abstract: Text.supervisionActAbstract.help)

  @Argument(help: ArgumentHelp(Text.supervisionHelp.help)) var supervision: String
  @OptionGroup var act: ActOptions
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    try await relay(
      "supervision act", act.arguments(on: supervision), by: person, in: context,
      as: ActAnswer.self
    ) { answer, output in output.line(.acted(answer)) }
  }
}
