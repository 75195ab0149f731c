import ArgumentParser
import Node
import Regions

/// `liandong shift`: who is on duty 值班.
struct ShiftCommands: CommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "shift", abstract: Text.shiftAbstract.help,
    subcommands: [ShiftStartCommand.self, ShiftHandOverCommand.self, ShiftListCommand.self])
}

/// `liandong shift start`: the acting person is on duty from now on 接班.
struct ShiftStartCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "start", abstract: Text.shiftStartAbstract.help)

  @Option(help: ArgumentHelp(Text.departmentHelp.help)) var department: String?
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    try await relay(
      "shift start", ShiftStartArguments(department: department), by: person, in: context,
      as: ShiftAnswer.self
    ) { $1.line(.shift($0)) }
  }
}

/// `liandong shift hand-over --note TEXT`: ends the shift that lasts 交班.
struct ShiftHandOverCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "hand-over", abstract: Text.shiftHandOverAbstract.help)

  @Option(help: ArgumentHelp(Text.handOverNoteHelp.help)) var note: String
  @Option(help: ArgumentHelp(Text.reliefHelp.help, valueName: "account")) var to: String?
  @Option(help: ArgumentHelp(Text.departmentHelp.help)) var department: String?
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    var arguments = ShiftHandOverArguments(note: note)
    arguments.to = to
    arguments.department = department
    return try await relay(
      "shift hand-over", arguments, by: person, in: context, as: ShiftAnswer.self
    ) { $1.line(.shift($0)) }
  }
}

/// `liandong shift list`: the shifts that this node holds, the last ones first.
struct ShiftListCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: Text.shiftListAbstract.help)

  @Option(help: ArgumentHelp(Text.shiftRegionHelp.help)) var region: String?
  @Option(help: ArgumentHelp(Text.limitHelp.help)) var limit: Int?
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    var arguments = ShiftListArguments()
    arguments.region = region
    arguments.limit = limit
    return try await relay(
      "shift list", arguments, by: nil, in: context, as: ShiftAnswer.self
    ) { $1.line(.shift($0)) }
  }
}
