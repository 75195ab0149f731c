import ArgumentParser
import Foundation
import Node

/// `liandong lead timeline LEAD`: the whole story, and who knew what when.
struct LeadTimelineCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "timeline", abstract: Text.leadTimelineAbstract.help)

  @Argument(help: ArgumentHelp(Text.leadHelp.help)) var lead: String
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    let language = context.language
    return try await relay(
      "lead timeline", LeadShowArguments(lead: lead), by: nil, in: context,
      as: StoryRecord.self
    ) { record, output in
      for line in record.lines(in: language) { output.line(line) }
    }
  }
}

/// `liandong lead export LEAD --out FILE`: a custody file for third parties.
struct LeadExportCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: Text.leadExportAbstract.help)

  @Argument(help: ArgumentHelp(Text.leadHelp.help)) var lead: String
  @Option(help: ArgumentHelp(Text.newFileHelp.help, valueName: "file")) var out: String
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    let arguments = LeadExportArguments(lead: lead, path: URL(filePath: out).path)
    return try await relay(
      "lead export", arguments, by: nil, in: context, as: LeadExportAnswer.self
    ) { answer, output in
      output.line(.leadExported(answer))
      output.line(.custodyVerifier(answer.verifier))
    }
  }
}
