import ArgumentParser
import Foundation
import Node

/// `liandong import`: brings in what other systems hold.
struct ImportCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: Text.importAbstract.help,
    subcommands: [ImportLeadsCommand.self])
}

/// `liandong import leads FILE --channel KEY`: a CSV or TSV file of leads.
struct ImportLeadsCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "leads", abstract: Text.importLeadsAbstract.help)

  @Argument(help: ArgumentHelp(Text.leadFileHelp.help, valueName: "file")) var file: String
  @Option(help: ArgumentHelp(Text.channelHelp.help, valueName: "key")) var channel: String
  @Option(help: ArgumentHelp(Text.importRegionHelp.help)) var region: String?
  @Option(help: ArgumentHelp(Text.rejectsHelp.help, valueName: "file")) var rejects: String?
  @Option(help: ArgumentHelp(Text.chunkHelp.help, valueName: "rows"))
  var chunk = LeadImport.usualChunkRows
  @Flag(help: ArgumentHelp(Text.dryRunHelp.help)) var dryRun = false
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  private struct Answer: Encodable {
    let schema = "liandong.import/1"
    let rows: Int
    let leads: Int
    let rejected: Int
    let duplicate: Int
    let dryRun: Bool
    /// Where the rejected rows are; absent where there was none and no file was named.
    let rejectsFile: String?
  }

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    var plan = LeadImport.Plan(path: file, channel: channel)
    plan.region = region
    plan.rejectsPath = rejects
    plan.chunkRows = chunk
    plan.isDryRun = dryRun
    plan.language = context.language
    let leadImport = try LeadImport(plan)
    let output = context.output
    let showsProgress = isatty(STDERR_FILENO) == 1
    let counts = try await NodeCall(common, person, in: context).session { session in
      try await leadImport.run { chunk in
        try await session.ask("import leads chunk", chunk, as: ImportChunkAnswer.self).answer
      } progress: { counts in
        if showsProgress { output.progress(counts.rows, of: counts.rows, .importing) }
      }
    }
    if output.isJSON {
      try output.json(
        Answer(
          rows: counts.rows, leads: counts.leads, rejected: counts.rejected,
          duplicate: counts.duplicate, dryRun: dryRun,
          rejectsFile: counts.rejectsPath))
    } else {
      output.line(
        .imported(
          rows: counts.rows, leads: counts.leads, rejected: counts.rejected,
          duplicate: counts.duplicate))
      if let path = counts.rejectsPath { output.line(.rejectsWritten(path)) }
    }
    return .good
  }
}
