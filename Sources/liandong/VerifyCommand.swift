import ArgumentParser
import Node

/// `liandong verify`: checks every hash, chain, signature and projection.
struct VerifyCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: Text.verifyAbstract.help)

  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    try await relay(
      "verify", NoArguments(), by: nil, in: context, as: VerifyAnswer.self
    ) { answer, output in answer.show(on: output) }
  }
}

extension VerifyAnswer {
  func show(on output: Output) {
    for failure in failures { failure.show(on: output) }
    if findingCount > 0 {
      output.line(.verifyFindings(findingCount))
      for finding in findings { finding.show(on: output) }
    }
    output.line(
      .verified(
        ok, commits: commits, events: events, signatures: signatures, projections: projections,
        failures: failureCount))
  }
}

extension VerifyAnswer.Failure {
  fileprivate func show(on output: Output) {
    output.line("\(commit.value ?? "-")  \(origin)  \(seq)  \(reason.printableLine)")
  }
}
