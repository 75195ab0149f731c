import ArgumentParser
import Node

/// `liandong lead act LEAD ACT --set NAME=VALUE...`: any act of the lead's process.
struct LeadKindCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "act", abstract: Text.leadActAbstract.help)

  @Argument(help: ArgumentHelp(Text.leadHelp.help)) var lead: String
  @Argument(help: ArgumentHelp(Text.actHelp.help)) var act: String
  @Option(name: .customLong("set"), help: ArgumentHelp(Text.setHelp.help, valueName: "name=value"))
  var entries: [String] = []
  @Option(
    parsing: .upToNextOption, help: ArgumentHelp(Text.dispatchToHelp.help, valueName: "region"))
  var to: [String] = []
  @Flag(help: ArgumentHelp(Text.byRuleHelp.help)) var byRule = false
  @Option(help: ArgumentHelp(Text.departmentHelp.help)) var department: String?
  @Option(help: ArgumentHelp(Text.dueHelp.help, valueName: "time")) var due: String?
  @Flag(help: ArgumentHelp(Text.urgentHelp.help)) var urgent = false
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    var arguments = LeadKindArguments(lead: lead, act: act)
    for entry in entries {
      guard let sign = entry.firstIndex(of: "="), sign > entry.startIndex else {
        throw CommandFailure(.usage, code: "usage", .notAnEntry(entry))
      }
      let name = String(entry[..<sign])
      let value = String(entry[entry.index(after: sign)...])
      guard arguments.values.updateValue(value, forKey: name) == nil else {
        throw CommandFailure(.usage, code: "usage", .setTwice(name))
      }
    }
    arguments.to = to
    arguments.byRule = byRule
    arguments.department = department
    arguments.due = due
    arguments.urgent = urgent
    return try await relay(
      "lead act", arguments, by: person, in: context, as: ActAnswer.self
    ) { answer, output in output.line(.acted(answer)) }
  }
}
