import ArgumentParser
import Node

/// `liandong warning`: warnings 预警.
struct WarningCommands: CommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "warning", abstract: Text.warningAbstract.help,
    subcommands: [WarningListCommand.self, WarningSweepCommand.self, WarningEarlyCommand.self])
}

/// `liandong warning list`.
struct WarningListCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: Text.warningListAbstract.help)

  @Option(help: ArgumentHelp(Text.leadHelp.help)) var lead: String?
  @Option(help: ArgumentHelp(Text.warningLevelHelp.help)) var level: String?
  @Option(help: ArgumentHelp(Text.limitHelp.help)) var limit: Int?
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    var arguments = WarningListArguments()
    arguments.lead = lead
    arguments.level = level
    arguments.limit = limit
    let language = context.language
    var table = LeadTable(Text.warningColumns.map { $0.in(language) })
    let status = try await relay(
      "warning list", arguments, by: nil, in: context, as: WarningAnswer.self
    ) { warning, _ in table.add(warning.row(in: language)) }
    context.output.show(table, orNote: .noWarnings)
    return status
  }
}

/// `liandong warning sweep`: writes what is due; `serve` does so by itself.
struct WarningSweepCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep", abstract: Text.warningSweepAbstract.help)

  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    try await relay(
      "warning sweep", NoArguments(), by: nil, in: context, as: WarningSweepAnswer.self
    ) { answer, output in output.line(.swept(answer)) }
  }
}
