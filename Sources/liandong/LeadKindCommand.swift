import ArgumentParser
import Node

/// `liandong lead act LEAD ACT --set NAME=VALUE...`: any act of the lead's process.
struct LeadKindCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "act", abstract: Text.leadActAbstract.help)

  @Argument(help: ArgumentHelp(Text.leadHelp.help)) var lead: String
  @OptionGroup var act: ActOptions
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    try await relay(
      "lead act", act.arguments(on: lead), by: person, in: context, as: ActAnswer.self
    ) { answer, output in output.line(.acted(answer)) }
  }
}
