import ArgumentParser
import Node
import Regions

/// `liandong lead route LEAD`: who should handle it by the duty list 分办建议.
struct LeadRouteCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "route", abstract: Text.leadRouteAbstract.help)

  @Argument(help: ArgumentHelp(Text.leadHelp.help)) var lead: String
  @Option(name: .customLong("on"), help: ArgumentHelp(Text.onDayHelp.help, valueName: "day"))
  var day: String?
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    var arguments = LeadRouteArguments(lead: lead)
    arguments.day = day
    let language = context.language
    return try await relay(
      "lead route", arguments, by: nil, in: context, as: LeadRouteAnswer.self
    ) { answer, output in
      for line in answer.lines(in: language) { output.line(line) }
    }
  }
}

extension LeadRouteAnswer.Unit {
  fileprivate var shown: String { name.map { "\(region) (\($0))" } ?? region }
}

extension LeadRouteAnswer {
  fileprivate func lines(in language: Language) -> [String] {
    var lines: [String] = []
    func add(_ name: Text, _ value: String?) {
      guard let value, !value.isEmpty else { return }
      lines.append("\(name.in(language)): \(value.printableLine)")
    }
    let shownRegion = region?.shown
    add(.nameRegion, shownRegion.map { "\($0) [\(Text.regionBy(regionBy).in(language))]" })
    if region == nil {
      let listed = candidates.map(\.shown).joined(separator: ", ")
      lines.append(Text.regionInDoubt(listed).in(language).printableLine)
    }
    add(.nameLeadUnit, leadUnit?.shown)
    add(.nameDepartment, department)
    add(.nameCoUnits, coUnits.map(\.shown).joined(separator: ", "))
    add(.nameDutyRule, rule)
    for match in types {
      let rows = match.rows.joined(separator: ", ")
      let parts = [match.unit, match.department].compactMap { $0 }.joined(separator: " ")
      let result = Text.routeResult(match.result, rows: rows).in(language)
      lines.append("  \(match.type)  \(result)  \(parts)".printableLine)
    }
    lines.append((decided ? Text.routeDecided : .routeOpen).in(language))
    return lines
  }
}
