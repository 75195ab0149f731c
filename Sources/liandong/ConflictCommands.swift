import ArgumentParser
import Node
import Regions

/// `liandong conflict`: the conflict desk 冲突处理.
struct ConflictCommands: CommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "conflict", abstract: Text.conflictAbstract.help,
    subcommands: [
      ConflictListCommand.self, ConflictShowCommand.self, ConflictConfirmCommand.self,
      ConflictRedoCommand.self,
    ])
}

/// `liandong conflict list`.
struct ConflictListCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: Text.conflictListAbstract.help)

  @Flag(help: ArgumentHelp(Text.conflictAllHelp.help)) var all = false
  @Option(help: ArgumentHelp(Text.ownerHelp.help)) var region: String?
  @Option(help: ArgumentHelp(Text.beforeHelp.help, valueName: "conflict")) var before: String?
  @Option(help: ArgumentHelp(Text.limitHelp.help)) var limit: Int?
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    var arguments = ConflictListArguments()
    arguments.all = all
    arguments.region = region
    arguments.before = before
    arguments.limit = limit
    let language = context.language
    var table = LeadTable(Text.conflictColumns.map { $0.in(language) })
    let status = try await relay(
      "conflict list", arguments, by: nil, in: context, as: ConflictAnswer.self
    ) { conflict, _ in table.add(conflict.row(in: language)) }
    context.output.show(table, orNote: .noConflicts)
    return status
  }
}

/// `liandong conflict show CONFLICT`.
struct ConflictShowCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: Text.conflictShowAbstract.help)

  @Argument(help: ArgumentHelp(Text.conflictHelp.help)) var conflict: String
  @Option(help: ArgumentHelp(Text.slotHelp.help)) var slot: String?
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    let language = context.language
    return try await relay(
      "conflict show", ConflictShowArguments(conflict: conflict, slot: slot), by: nil, in: context,
      as: ConflictAnswer.self
    ) { answer, output in
      for line in answer.lines(in: language) { output.line(line) }
    }
  }
}

/// What the two decisions have in common.
protocol ConflictDeciding: LiandongCommand {
  static var verb: String { get }
  var conflict: String { get }
  var slot: String? { get }
  var winner: String? { get }
  var urgent: Bool { get }
  var person: PersonOptions { get }
}

extension ConflictDeciding {
  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    var arguments = ConflictDecideArguments(conflict: conflict, slot: slot, winner: winner)
    arguments.urgent = urgent
    return try await relay(
      "conflict \(Self.verb)", arguments, by: person, in: context, as: ActAnswer.self
    ) { answer, output in output.line(.acted(answer)) }
  }
}

/// `liandong conflict confirm CONFLICT`: the version that stands stays 维持.
struct ConflictConfirmCommand: ConflictDeciding {
  static let configuration = CommandConfiguration(
    commandName: "confirm", abstract: Text.conflictConfirmAbstract.help)
  static let verb = "confirm"

  @Argument(help: ArgumentHelp(Text.conflictHelp.help)) var conflict: String
  @Option(help: ArgumentHelp(Text.slotHelp.help)) var slot: String?
  @Option(help: ArgumentHelp(Text.winnerHelp.help, valueName: "hash")) var winner: String?
  @Flag(help: ArgumentHelp(Text.urgentHelp.help)) var urgent = false
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions
}

/// `liandong conflict redo CONFLICT`: the superseded change is issued anew 重办.
struct ConflictRedoCommand: ConflictDeciding {
  static let configuration = CommandConfiguration(
    commandName: "redo", abstract: Text.conflictRedoAbstract.help)
  static let verb = "redo"

  @Argument(help: ArgumentHelp(Text.conflictHelp.help)) var conflict: String
  @Option(help: ArgumentHelp(Text.slotHelp.help)) var slot: String?
  @Option(help: ArgumentHelp(Text.winnerHelp.help, valueName: "hash")) var winner: String?
  @Flag(help: ArgumentHelp(Text.urgentHelp.help)) var urgent = false
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions
}
