import ArgumentParser
import Node
import Regions

/// `liandong origin`: node incarnations under which commits were written, and their closures 封存.
struct OriginCommands: CommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "origin", abstract: Text.originAbstract.help,
    subcommands: [OriginListCommand.self, OriginCloseCommand.self])
}

/// `liandong origin list`: the origins that are known here.
struct OriginListCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: Text.originListAbstract.help)

  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    let language = context.language
    var table = LeadTable(Text.originColumns.map { $0.in(language) })
    let status = try await relay(
      "origin list", NoArguments(), by: nil, in: context, as: OriginAnswer.self
    ) { origin, _ in
      let marks = [origin.own ? Text.originOwn : nil, origin.closed ? Text.originClosed : nil]
      table.add([
        origin.region, String(origin.incarnation), String(origin.commits), String(origin.lastSeq),
        String(origin.barred), marks.compactMap { $0?.in(language) }.joined(separator: ", "),
      ])
    }
    if !context.output.isJSON { for line in table.lines { context.output.line(line) } }
    return status
  }
}

/// `liandong origin close REGION --incarnation N`: leaves what the hub does not hold of an origin, or
/// excepts, without effect everywhere.
struct OriginCloseCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "close", abstract: Text.originCloseAbstract.help)

  @Argument(help: ArgumentHelp(Text.originRegionHelp.help)) var region: String
  @Option(help: ArgumentHelp(Text.incarnationHelp.help)) var incarnation: UInt32
  @Option(help: ArgumentHelp(Text.throughHelp.help, valueName: "seq")) var through: UInt64?
  @Option(
    parsing: .upToNextOption, help: ArgumentHelp(Text.exceptHelp.help, valueName: "commit"))
  var except: [String] = []
  @Flag(help: ArgumentHelp(Text.dryRunHelp.help)) var dryRun = false
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    var arguments = OriginCloseArguments(region: region, incarnation: incarnation)
    arguments.through = through
    arguments.except = except
    arguments.dryRun = dryRun
    return try await relay(
      "origin close", arguments, by: person, in: context, as: OriginCloseAnswer.self
    ) { answer, output in
      output.line(.originClosing(answer))
      if !answer.dryRun { output.note(.originClosedNext) }
    }
  }
}
