import ArgumentParser
import Foundation
import Node

/// `liandong evidence`: photos, videos and documents of a lead or a directive 证据.
struct EvidenceCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evidence", abstract: Text.evidenceAbstract.help,
    subcommands: [
      EvidenceAddCommand.self, EvidenceListCommand.self, EvidenceGetCommand.self,
      EvidenceVerifyCommand.self,
    ])
}

/// `liandong evidence add LEAD FILE`.
struct EvidenceAddCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: Text.evidenceAddAbstract.help)

  @Argument(help: ArgumentHelp(Text.evidenceOwnerHelp.help)) var lead: String
  @Argument(help: ArgumentHelp(Text.evidenceFileHelp.help, valueName: "file")) var file: String
  @Option(help: ArgumentHelp(Text.noteHelp.help)) var note: String?
  @Flag(help: ArgumentHelp(Text.urgentHelp.help)) var urgent = false
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    var arguments = EvidenceAddArguments(lead: lead, path: URL(filePath: file).path)
    arguments.note = note
    arguments.urgent = urgent
    return try await relay(
      "evidence add", arguments, by: person, in: context, as: EvidenceAnswer.self
    ) { answer, output in output.line(answer.line(in: output.language)) }
  }
}

/// `liandong evidence list LEAD`.
struct EvidenceListCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: Text.evidenceListAbstract.help)

  @Argument(help: ArgumentHelp(Text.evidenceOwnerHelp.help)) var lead: String
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    var isEmpty = true
    let status = try await relay(
      "evidence list", LeadShowArguments(lead: lead), by: nil, in: context,
      as: EvidenceAnswer.self
    ) { answer, output in
      isEmpty = false
      output.line(answer.line(in: output.language))
    }
    if isEmpty, !context.output.isJSON { context.output.note(.noEvidence) }
    return status
  }
}

/// `liandong evidence get LEAD EVIDENCE FILE`: a file that is not here is fetched first.
struct EvidenceGetCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: Text.evidenceGetAbstract.help)

  @Argument(help: ArgumentHelp(Text.evidenceOwnerHelp.help)) var lead: String
  @Argument(help: ArgumentHelp(Text.evidenceHelp.help)) var evidence: String
  @Argument(help: ArgumentHelp(Text.newFileHelp.help, valueName: "file")) var file: String
  @Option(help: ArgumentHelp(Text.evidenceWaitHelp.help, valueName: "seconds")) var wait = 600
  @OptionGroup var common: CommonOptions

  /// How often the node is asked how far the file is.
  private static let pause = Duration.milliseconds(500)

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    let fetched = try await fetch(in: context)
    guard fetched == .good else { return fetched }
    let arguments = EvidenceGetArguments(
      lead: lead, evidence: evidence, path: URL(filePath: file).path)
    return try await relay(
      "evidence get", arguments, by: nil, in: context, as: EvidenceGetAnswer.self
    ) { answer, output in output.line(.evidenceWritten(answer.path, bytes: answer.bytes)) }
  }

  /// Waits until the file is here, and tells how far it is. It stays wanted also where this gives up.
  private func fetch(in context: CommandContext) async throws -> ExitStatus {
    let deadline = ContinuousClock.now + .seconds(max(wait, 0))
    var told: EvidenceFetchAnswer?
    while true {
      let arguments = EvidenceFetchArguments(
        lead: lead, evidence: evidence, isFirst: told == nil)
      let answer = try await NodeCall(common, nil, in: context).session { session in
        try await session.ask("evidence fetch", arguments, as: EvidenceFetchAnswer.self).answer
      }
      if answer.held { return .good }
      if answer != told { context.output.note(.evidenceFetching(answer)) }
      told = answer
      guard answer.running, ContinuousClock.now < deadline else {
        context.output.note(.evidenceStillWanted(running: answer.running))
        return .unreachable
      }
      try await Task.sleep(for: Self.pause)
    }
  }
}

/// `liandong evidence verify`: every file that is here against its hash.
struct EvidenceVerifyCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: Text.evidenceVerifyAbstract.help)

  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    try await relay(
      "evidence verify", NoArguments(), by: nil, in: context, as: EvidenceVerifyAnswer.self
    ) { answer, output in
      for finding in answer.findings { output.line(finding.message) }
      output.line(.evidenceVerified(ok: answer.ok, files: answer.files, bytes: answer.bytes))
    }
  }
}
