import ArgumentParser
import Casework
import Ledger
import Node
import Regions

/// `liandong process`: the process that leads go through 流程.
struct ProcessCommands: CommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "process", abstract: Text.processAbstract.help,
    subcommands: [
      ProcessCheckCommand.self, ProcessShowCommand.self, ProcessTableCommand.self,
      ProcessApplyCommand.self,
      ProcessListCommand.self, ProcessMoveCommand.self,
    ])
}

/// `liandong process check FILE`: every fault with its line and cure.
struct ProcessCheckCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: Text.processCheckAbstract.help)

  @Argument(help: ArgumentHelp(Text.processFileHelp.help, valueName: "file"))
  var file: String
  @OptionGroup var common: CommonOptions

  private struct Answer: Encodable {
    let schema = "liandong.process_check/1"
    let file: String
    let ok: Bool
    let process: String?
    let bytes: Int
    let findings: [FileFindingAnswer]
  }

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    let input = InputFile(path: file)
    let output = context.output
    var process: Process?
    var findings: [FileFinding] = []
    let year = CalendarDay(inChinaAt: context.now())?.year
    switch ProcessFile.parse(try input.text(atMost: TopologyFile.maximumBytes), in: year) {
    case .draft(let draft): process = draft.process
    case .refused(let faults): findings = faults
    }
    if output.isJSON {
      try output.json(
        Answer(
          file: file, ok: findings.isEmpty, process: process?.hash.description,
          bytes: process?.encoded.count ?? 0,
          findings: findings.map { FileFindingAnswer($0, in: context.language) }))
    } else if let process {
      output.line(.processGood(file: file, process))
    } else {
      for line in input.lines(of: findings, in: context.language) { output.line(line) }
      output.note(.findings(findings.count))
    }
    return findings.isEmpty ? .good : .badData
  }
}

/// `liandong process show FILE [--dot]`: stages and acts as a table, or as a graph for Graphviz.
struct ProcessShowCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: Text.processShowAbstract.help)

  @Argument(help: ArgumentHelp(Text.processFileHelp.help, valueName: "file"))
  var file: String
  @Flag(help: ArgumentHelp(Text.dotHelp.help)) var dot = false
  @OptionGroup var common: CommonOptions

  private struct Answer: Encodable {
    struct Act: Encodable {
      let kind: String
      let name: String
      let from: [String]
      let to: String?
      let tiers: [String]
      let roles: [String]
      let places: [String]
      let takes: [String]
    }
    struct Family: Encodable {
      let family: String
      let name: String
      let stages: [String]
      let acts: [Act]
    }
    let schema = "liandong.process_show/1"
    let process: String
    let families: [Family]
  }

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    let process = try InputFile(path: file).process()
    let drawing = ProcessDrawing(of: process, in: context.language)
    if dot {
      for line in drawing.dot() { context.output.line(line) }
    } else if context.output.isJSON {
      try context.output.json(Self.answer(process, context.language))
    } else {
      for line in drawing.table() { context.output.line(line) }
    }
    return .good
  }

  private static func answer(_ process: Process, _ language: Language) -> Answer {
    Answer(
      process: process.hash.description,
      families: process.families.map { family in
        Answer.Family(
          family: family.name, name: language == .zh ? family.chinese : family.english,
          stages: family.stages.map(\.key),
          acts: family.kinds.map { rule in
            var to: String?
            if case .move(_, let stage, _) = rule.effect { to = stage }
            return Answer.Act(
              kind: rule.kind, name: language == .zh ? rule.chinese : rule.english,
              from: rule.permittedStages,
              to: to, tiers: rule.actors.tiers.map(\.name), roles: rule.actors.roles,
              places: rule.actors.places.map(\.rawValue),
              takes: rule.demands.map { demand in
                let count = demand.least == 0 ? "?" : demand.least > 1 ? " \(demand.least)" : ""
                return "\(demand.field.name): \(demand.field.shape.rawValue)\(count)"
              })
          })
      })
  }
}

/// `liandong process apply FILE`: publishes a process, at the hub.
struct ProcessApplyCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply", abstract: Text.processApplyAbstract.help)

  @Argument(help: ArgumentHelp(Text.processFileHelp.help, valueName: "file"))
  var file: String
  @Option(help: ArgumentHelp(Text.effectiveFromHelp.help, valueName: "time")) var from: String?
  @Flag(help: ArgumentHelp(Text.dryRunHelp.help)) var dryRun = false
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    let input = InputFile(path: file)
    let text = try input.text(atMost: TopologyFile.maximumBytes)
    // Faults are told here, where the file has a name.
    _ = try input.process(parsing: text, in: CalendarDay(inChinaAt: context.now())?.year)
    var arguments = ProcessApplyArguments(text: text)
    arguments.from = from
    arguments.dryRun = dryRun
    return try await relay(
      "process apply", arguments, by: person, in: context, as: ProcessApplyAnswer.self
    ) { answer, output in output.line(.processApplied(answer)) }
  }
}

/// `liandong process list`: what the hub published.
struct ProcessListCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: Text.processListAbstract.help)

  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    var isEmpty = true
    let status = try await relay(
      "process list", NoArguments(), by: nil, in: context, as: ProcessAnswer.self
    ) { answer, output in
      isEmpty = false
      output.line(.published(answer))
    }
    if isEmpty, !context.output.isJSON { context.output.note(.nothingPublished) }
    return status
  }
}

/// `liandong process move LEAD...`: puts running leads under another process.
struct ProcessMoveCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "move", abstract: Text.processMoveAbstract.help)

  @Argument(help: ArgumentHelp(Text.leadHelp.help, valueName: "lead")) var leads: [String]
  @Option(help: ArgumentHelp(Text.processHashHelp.help, valueName: "process")) var to: String?
  @Flag(help: ArgumentHelp(Text.dryRunHelp.help)) var dryRun = false
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    var arguments = ProcessMoveArguments(entities: leads)
    arguments.to = to
    arguments.dryRun = dryRun
    return try await relay(
      "process move", arguments, by: person, in: context, as: ProcessMoveAnswer.self
    ) { answer, output in output.line(.processMoved(answer)) }
  }
}

extension InputFile {
  /// The process in the file.
  func process() throws -> Process { try process(parsing: text(atMost: TopologyFile.maximumBytes)) }

  /// The process in the text that was read from the file.
  ///
  /// - Parameter year: the year of which the tables of holidays must tell; `nil` for none.
  func process(parsing text: String, in year: Int? = nil) throws -> Process {
    switch ProcessFile.parse(text, in: year) {
    case .draft(let draft): return draft.process
    case .refused(let findings):
      throw CommandFailure(
        .badData, code: "process_faults",
        Text(
          zh: lines(of: findings, in: .zh).joined(separator: "\n"),
          en: lines(of: findings, in: .en).joined(separator: "\n")))
    }
  }

  /// One line for each finding: `file:line:column: what is wrong and the cure`.
  func lines(of findings: [FileFinding], in language: Language) -> [String] {
    findings.map {
      "\(path):\($0.line):\($0.column): \(language == .zh ? $0.chinese : $0.english)"
    }
  }
}
