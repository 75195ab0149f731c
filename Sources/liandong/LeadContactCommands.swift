import ArgumentParser
import Node
import Regions

/// `liandong lead contact`: the reporter's contact 举报人联系方式.
struct LeadContactCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "contact", abstract: Text.leadContactAbstract.help,
    subcommands: [LeadContactShowCommand.self, LeadContactDestroyCommand.self])
}

/// `liandong lead contact show LEAD --reason WHY`.
struct LeadContactShowCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: Text.leadContactShowAbstract.help)

  @Argument(help: ArgumentHelp(Text.leadHelp.help)) var lead: String
  @Option(help: ArgumentHelp(Text.reasonHelp.help)) var reason: String
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    try await relay(
      "lead contact show", ContactArguments(lead: lead, reason: reason), by: person, in: context,
      as: ContactAnswer.self
    ) { answer, output in
      for line in answer.lines(in: output.language) { output.line(line) }
    }
  }
}

/// `liandong lead contact destroy LEAD --reason WHY`.
struct LeadContactDestroyCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "destroy", abstract: Text.leadContactDestroyAbstract.help)

  @Argument(help: ArgumentHelp(Text.leadHelp.help)) var lead: String
  @Option(help: ArgumentHelp(Text.reasonHelp.help)) var reason: String
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    try await relay(
      "lead contact destroy", ContactArguments(lead: lead, reason: reason), by: person,
      in: context, as: ContactStatus.self
    ) { status, output in
      for line in status.lines(in: output.language) { output.line(line) }
    }
  }
}

extension ContactAnswer {
  /// What was sealed, a line each.
  func lines(in language: Language) -> [String] {
    let named = [(Text.nameReporter.in(language), name), (Text.nameContact.in(language), contact)]
    return (named + extra.map { ($0.name, $0.value) }).compactMap { name, value in
      value.map { LeadTable.printable("\(name): \($0)") }
    }
  }
}

extension ContactStatus {
  /// What is known of it, a line for each part that there is.
  func lines(in language: Language) -> [String] {
    var parts = [Text.contactLooks(looks, keyIsHere: keyHere)]
    if let destruction {
      parts.append(
        .contactDestroyed(
          by: "\(destruction.region)/\(destruction.by) (\(destruction.role))", at: destruction.at,
          reason: destruction.reason))
      parts.append(
        .contactAcknowledged(
          acknowledged.map { "\($0.region) \($0.at)" }.joined(separator: ", "),
          outstanding: outstanding.joined(separator: ", ")))
    }
    return parts.map { LeadTable.printable($0.in(language)) }
  }
}
