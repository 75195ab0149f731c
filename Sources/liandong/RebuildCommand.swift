import ArgumentParser
import Node

/// `liandong rebuild`: computes every projection anew from the ledger.
struct RebuildCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "rebuild", abstract: Text.rebuildAbstract.help)

  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    try await relay(
      "rebuild", NoArguments(), by: nil, in: context, as: RebuildAnswer.self
    ) { answer, output in output.line(.rebuilt(answer.entities)) }
  }
}
