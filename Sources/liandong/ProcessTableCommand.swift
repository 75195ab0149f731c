import ArgumentParser
import Casework
import Regions

/// `liandong process table FILE [--role ROLE]`: what each role may do at each stage 权限表, as a
/// Markdown table, or in JSON as one line for each role, stage and act.
struct ProcessTableCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "table", abstract: Text.processTableAbstract.help)

  @Argument(help: ArgumentHelp(Text.processFileHelp.help, valueName: "file"))
  var file: String
  @Option(help: ArgumentHelp(Text.roleFilterHelp.help, valueName: "role")) var role: String?
  @OptionGroup var common: CommonOptions

  private struct Answer: Encodable {
    let schema = "liandong.process_cell/1"
    let family: String
    let act: String
    let role: String
    /// Absent before the founding.
    let stage: String?
    /// Standpoints as `tier:place`, from which the act may be done.
    let allowed: [String]
    /// The code of the refusal by standpoint.
    let refused: [String: String]
    let code: String?
    let reason: String?
  }

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    let process = try InputFile(path: file).process()
    let known = process.roles.map(\.key)
    if let role, !known.contains(role) {
      throw CommandFailure(.usage, code: "unknown_role", .unknownRole(role, known))
    }
    let table = RuleTable(process)
    if context.output.isJSON {
      try table.forEachCell { cell in
        guard role == nil || cell.role == role else { return }
        try context.output.json(Self.answer(cell, context.language))
      }
    } else {
      var drawing = RuleTableDrawing(of: process, in: context.language)
      table.forEachCell { if role == nil || $0.role == role { drawing.add($0) } }
      for line in drawing.lines() { context.output.line(line) }
      context.output.note(.ruleTableCells(drawing.cells, allowing: drawing.allowing))
    }
    return .good
  }

  private static func answer(_ cell: RuleTable.Cell, _ language: Language) -> Answer {
    Answer(
      family: cell.family, act: cell.kind, role: cell.role, stage: cell.stage,
      allowed: cell.allowed.map(\.name),
      refused: Dictionary(
        cell.refused.map { ($0.standpoint.name, $0.refusal.code.word) },
        uniquingKeysWith: { first, _ in first }),
      code: cell.reason?.code.word,
      reason: cell.reason.map { language == .zh ? $0.chinese : $0.english })
  }
}

/// Cells drawn as one Markdown table for each family: acts in rows, roles in columns, and from where
/// each act may be done. All of it is read off the cells.
struct RuleTableDrawing {
  private(set) var cells = 0
  private(set) var allowing = 0
  private let process: Process
  private let language: Language
  private var rows: [String: Row] = [:]

  private struct Row {
    var roles: Set<String> = []
    var stages: Set<String> = []
    var standpoints: Set<RuleTable.Standpoint> = []
    /// All that was asked, allowed or not.
    var asked: Set<RuleTable.Standpoint> = []
    var needsAnother = false
  }

  init(of process: Process, in language: Language) {
    self.process = process
    self.language = language
  }

  mutating func add(_ cell: RuleTable.Cell) {
    cells += 1
    var row = rows[cell.kind] ?? Row()
    row.asked.formUnion(cell.allowed)
    row.asked.formUnion(cell.refused.map(\.standpoint))
    if !cell.allowed.isEmpty {
      allowing += 1
      row.roles.insert(cell.role)
      if let stage = cell.stage { row.stages.insert(stage) }
      row.standpoints.formUnion(cell.allowed)
      row.needsAnother =
        row.needsAnother || cell.refused.contains { $0.refusal.code == .samePerson }
    }
    rows[cell.kind] = row
  }

  func lines() -> [String] { process.families.flatMap { lines(of: $0) } }

  private func lines(of family: Family) -> [String] {
    let roles = process.roles.map(\.key)
    let head =
      [Text.ruleTableAct.in(language)] + roles
      + [Text.ruleTableStages, .ruleTableTiers, .ruleTablePlaces].map { $0.in(language) }
    return [
      Text.ruleTableHeading(family).in(language), "", line(head),
      line(head.map { _ in "---" }),
    ] + family.kinds.map { line(cells(of: $0, roles, family)) } + [""]
  }

  private func line(_ cells: [String]) -> String {
    "| " + cells.joined(separator: " | ") + " |"
  }

  private func cells(of rule: KindRule, _ roles: [String], _ family: Family) -> [String] {
    let row = rows[rule.kind] ?? Row()
    let any = Text.ruleTableAny.in(language)
    let stages = family.stages.map(\.key).filter(row.stages.contains)
    // The city answers a request wherever it stands; the places are those of the tiers below.
    let above = rule.actors.above
    let standpoints = row.standpoints.filter { above == nil || $0.tier != .city }
    var places =
      Set(standpoints.map(\.place)).count == Set(row.asked.map(\.place)).count
      ? [any]
      : Actors.Place.allCases.filter { place in standpoints.contains { $0.place == place } }
        .map(\.rawValue)
    let tiers = Tier.allCases.filter { tier in row.standpoints.contains { $0.tier == tier } }
    if above != nil { places.append(Text.ruleTableAbove.in(language)) }
    if row.needsAnother { places.append(Text.ruleTableAnother.in(language)) }
    return ["\(language == .zh ? rule.chinese : rule.english) `\(rule.kind)`"]
      + roles.map { row.roles.contains($0) ? "●" : "·" }
      + [
        stages.count == family.stages.count || stages.isEmpty
          ? any : stages.joined(separator: ", "),
        tiers.count == Tier.allCases.count ? any : tiers.map(\.name).joined(separator: ", "),
        places.joined(separator: ", "),
      ]
  }
}
