import ArgumentParser
import Node

/// What any act of a process takes: its entries, whom it hands over to, and when that is due.
struct ActOptions: ParsableArguments {
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

  /// - Parameter reference: what is acted on.
  /// - Throws: `CommandFailure` of exit usage for an entry without a name or one that is given twice.
  func arguments(on reference: String) throws -> LeadKindArguments {
    var arguments = LeadKindArguments(lead: reference, act: act)
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
    return arguments
  }
}
