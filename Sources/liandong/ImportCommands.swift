import ArgumentParser
import Casework
import Foundation
import Node
import Regions

/// `liandong import`: brings in what other systems hold.
struct ImportCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: Text.importAbstract.help,
    subcommands: [ImportLeadsCommand.self])
}

/// `liandong import leads FILE`: a CSV or TSV file of new leads with `--channel KEY`, or of whole
/// histories from an older system with `--mapping FILE`.
struct ImportLeadsCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "leads", abstract: Text.importLeadsAbstract.help)

  @Argument(help: ArgumentHelp(Text.leadFileHelp.help, valueName: "file")) var file: String
  @Option(help: ArgumentHelp(Text.channelHelp.help, valueName: "key")) var channel: String?
  @Option(help: ArgumentHelp(Text.mappingHelp.help, valueName: "file")) var mapping: String?
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
    guard (channel == nil) != (mapping == nil) else {
      throw CommandFailure(.usage, code: "channel_or_mapping", .channelOrMapping)
    }
    let input = mapping.map { InputFile(path: $0) }
    let text = try input?.text(atMost: TopologyFile.maximumBytes)
    var plan = LeadImport.Plan(path: file, channel: channel ?? "")
    if let input, let text {
      plan = LeadImport.Plan(
        path: file, mapping: try input.mapping(parsing: text), named: input.path)
    }
    plan.region = region
    plan.rejectsPath = rejects
    plan.chunkRows = chunk
    plan.isDryRun = dryRun
    plan.language = context.language
    let leadImport = try LeadImport(plan)
    let output = context.output
    let showsProgress = isatty(STDERR_FILENO) == 1
    let counts = try await NodeCall(common, person, in: context).session { session in
      if let input, let text {
        let checked = try await session.ask(
          "import leads mapping", MappingArguments(text: text), as: MappingAnswer.self)
        try input.refuse(checked.answer.findings)
      }
      return try await leadImport.run { chunk in
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

extension InputFile {
  /// The mapping in the text that was read from the file.
  fileprivate func mapping(parsing text: String) throws -> HistoryMapping {
    switch HistoryMappingFile.parse(text) {
    case .mapping(let mapping): return mapping
    case .refused(let findings):
      throw mappingFaults(zh: lines(of: findings, in: .zh), en: lines(of: findings, in: .en))
    }
  }

  /// - Throws: where the node has no place for what the mapping says.
  fileprivate func refuse(_ findings: [MappingAnswer.Finding]) throws {
    guard !findings.isEmpty else { return }
    func lines(_ text: (MappingAnswer.Finding) -> String) -> [String] {
      findings.map { "\(path):\($0.line):\($0.column): \(text($0))" }
    }
    throw mappingFaults(zh: lines(\.chinese), en: lines(\.english))
  }

  private func mappingFaults(zh: [String], en: [String]) -> CommandFailure {
    CommandFailure(
      .badData, code: "mapping_faults",
      Text(zh: zh.joined(separator: "\n"), en: en.joined(separator: "\n")))
  }
}
