import ArgumentParser
import Casework
import Ledger
import Node
import Regions

/// `liandong duties`: the duty list 职责清单.
struct DutyCommands: CommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "duties", abstract: Text.dutiesAbstract.help,
    subcommands: [
      DutyCheckCommand.self, DutyShowCommand.self, DutyApplyCommand.self, DutyListCommand.self,
    ])
}

/// `liandong duties check FILE`: every fault with its line and cure.
struct DutyCheckCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: Text.dutiesCheckAbstract.help)

  @Argument(help: ArgumentHelp(Text.dutiesFileHelp.help, valueName: "file")) var file: String
  @OptionGroup var common: CommonOptions

  private struct Answer: Encodable {
    let schema = "liandong.duties_check/1"
    let file: String
    let ok: Bool
    let duties: String?
    let bytes: Int
    let findings: [FileFindingAnswer]
  }

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    let input = InputFile(path: file)
    let output = context.output
    var list: DutyList?
    var findings: [FileFinding] = []
    switch DutyFile.parse(try input.text(atMost: TopologyFile.maximumBytes)) {
    case .list(let good): list = good
    case .refused(let faults): findings = faults
    }
    if output.isJSON {
      try output.json(
        Answer(
          file: file, ok: findings.isEmpty, duties: list?.hash.description,
          bytes: list?.encoded.count ?? 0,
          findings: findings.map { FileFindingAnswer($0, in: context.language) }))
    } else if let list {
      output.line(.dutiesGood(file: file, list))
    } else {
      for line in input.lines(of: findings, in: context.language) { output.line(line) }
      output.note(.findings(findings.count))
    }
    return findings.isEmpty ? .good : .badData
  }
}

/// `liandong duties show FILE`: the rows as a table.
struct DutyShowCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: Text.dutiesShowAbstract.help)

  @Argument(help: ArgumentHelp(Text.dutiesFileHelp.help, valueName: "file")) var file: String
  @OptionGroup var common: CommonOptions

  private struct Answer: Encodable {
    struct Channel: Encodable {
      let channel: String
      let name: String
      let enabled: Bool
      let sourceId: Bool
    }
    struct Row: Encodable {
      let row: String
      let region: String?
      let types: [String]
      let department: String
      let lead: String
      let with: [String]
      let from: String?
      let to: String?
      let administrative: Bool
    }
    let schema = "liandong.duties_show/1"
    let duties: String
    let channels: [Channel]
    let rows: [Row]
  }

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    let input = InputFile(path: file)
    let list = try input.duties(parsing: input.text(atMost: TopologyFile.maximumBytes))
    let language = context.language
    let rows = list.rows.map { row in
      Answer.Row(
        row: row.key, region: row.region?.rawValue, types: row.types, department: row.department,
        lead: row.lead.word, with: row.coUnits.map(\.word), from: row.period.from?.description,
        to: row.period.to?.description, administrative: row.isAdministrative)
    }
    guard !context.output.isJSON else {
      try context.output.json(
        Answer(
          duties: list.hash.description,
          channels: list.channels.map {
            .init(
              channel: $0.key, name: language == .zh ? $0.chinese : $0.english,
              enabled: $0.isEnabled, sourceId: $0.demandsSourceID)
          }, rows: rows))
      return .good
    }
    var table = LeadTable(Text.dutyColumns.map { $0.in(language) })
    for row in rows {
      let days =
        [row.from, row.to].contains { $0 != nil } ? "\(row.from ?? "")..\(row.to ?? "")" : ""
      table.add([
        row.row, row.region ?? "*", row.types.joined(separator: ","), row.department, row.lead,
        row.with.joined(separator: ","), days,
      ])
    }
    for line in table.lines { context.output.line(line) }
    return .good
  }
}

/// `liandong duties apply FILE`: publishes a duty list, at the hub.
struct DutyApplyCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply", abstract: Text.dutiesApplyAbstract.help)

  @Argument(help: ArgumentHelp(Text.dutiesFileHelp.help, valueName: "file")) var file: String
  @Option(help: ArgumentHelp(Text.effectiveFromHelp.help, valueName: "time")) var from: String?
  @Flag(help: ArgumentHelp(Text.dryRunHelp.help)) var dryRun = false
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    let input = InputFile(path: file)
    let text = try input.text(atMost: TopologyFile.maximumBytes)
    // Faults are told here, where the file has a name.
    _ = try input.duties(parsing: text)
    var arguments = DutyApplyArguments(text: text)
    arguments.from = from
    arguments.dryRun = dryRun
    return try await relay(
      "duties apply", arguments, by: person, in: context, as: DutyApplyAnswer.self
    ) { answer, output in output.line(.dutiesApplied(answer)) }
  }
}

/// `liandong duties list`: the versions that the hub published.
struct DutyListCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: Text.dutiesListAbstract.help)

  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    var isEmpty = true
    let status = try await relay(
      "duties list", NoArguments(), by: nil, in: context, as: DutyAnswer.self
    ) { answer, output in
      isEmpty = false
      output.line(.dutiesVersion(answer))
    }
    if isEmpty, !context.output.isJSON { context.output.note(.noDuties) }
    return status
  }
}

extension InputFile {
  /// The duty list in the text that was read from the file.
  func duties(parsing text: String) throws -> DutyList {
    switch DutyFile.parse(text) {
    case .list(let list): return list
    case .refused(let findings):
      throw CommandFailure(
        .badData, code: "duties_faults",
        Text(
          zh: lines(of: findings, in: .zh).joined(separator: "\n"),
          en: lines(of: findings, in: .en).joined(separator: "\n")))
    }
  }
}
