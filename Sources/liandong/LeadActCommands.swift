import ArgumentParser
import Node

/// `liandong lead describe LEAD FIELD [VALUE]`: sets or clears a field 补正.
struct LeadDescribeCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "describe", abstract: Text.leadDescribeAbstract.help)

  @Argument(help: ArgumentHelp(Text.leadHelp.help)) var lead: String
  @Option(help: ArgumentHelp(Text.fieldHelp.help)) var field: String
  @Option(help: ArgumentHelp(Text.valueHelp.help)) var value: String?
  @Flag(help: ArgumentHelp(Text.urgentHelp.help)) var urgent = false
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    var arguments = LeadDescribeArguments(lead: lead, field: field, value: value)
    arguments.urgent = urgent
    return try await relay(
      "lead describe", arguments, by: person, in: context, as: ActAnswer.self
    ) { answer, output in output.line(.acted(answer)) }
  }
}

/// `liandong lead dispatch LEAD --to REGION...`: hands a lead to regions 分办.
struct LeadDispatchCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "dispatch", abstract: Text.leadDispatchAbstract.help)

  @Argument(help: ArgumentHelp(Text.leadHelp.help)) var lead: String
  @Option(
    parsing: .upToNextOption, help: ArgumentHelp(Text.dispatchToHelp.help, valueName: "region"))
  var to: [String] = []
  @Flag(help: ArgumentHelp(Text.byRuleHelp.help)) var byRule = false
  @Option(help: ArgumentHelp(Text.departmentHelp.help)) var department: String?
  @Option(help: ArgumentHelp(Text.dueHelp.help, valueName: "time")) var due: String?
  @Option(help: ArgumentHelp(Text.noteHelp.help)) var note: String?
  @Flag(help: ArgumentHelp(Text.urgentHelp.help)) var urgent = false
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    guard to.isEmpty == byRule else { throw CommandFailure(.usage, code: "usage", .toOrByRule) }
    var arguments = LeadDispatchArguments(lead: lead, to: to)
    arguments.byRule = byRule
    arguments.department = department
    arguments.due = due
    arguments.note = note
    arguments.urgent = urgent
    return try await relay(
      "lead dispatch", arguments, by: person, in: context, as: ActAnswer.self
    ) { answer, output in output.line(.acted(answer)) }
  }
}

/// What the acts that take no more than a text have in common.
protocol LeadActing: LiandongCommand {
  static var act: LeadAct { get }
  var lead: String { get }
  var said: String? { get }
  var urgent: Bool { get }
  var person: PersonOptions { get }
}

extension LeadActing {
  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    try await relay(
      "lead \(Self.act.rawValue)", LeadActArguments(lead: lead, text: said, urgent: urgent),
      by: person, in: context, as: ActAnswer.self
    ) { answer, output in output.line(.acted(answer)) }
  }
}
