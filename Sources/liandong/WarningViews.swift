import Node
import Regions

extension WarningAnswer {
  /// The cells of a list, in the order of `Text.warningColumns`.
  func row(in language: Language) -> [String] {
    let about = procedure.map { Text.procedureName($0) } ?? .breachName(breach)
    let line = directive.map { "\($0) \(recipient ?? "")" }
    return [
      [number ?? line ?? lead ?? id, item].compactMap { $0 }.joined(separator: " "),
      Text.markLevel(level).in(language), about.in(language), stageName,
      since, by,
    ]
  }
}

extension SupervisionSummary {
  /// The cells of a list, in the order of `Text.supervisionColumns`.
  func row(in language: Language) -> [String] {
    [
      id, stageName ?? "", number ?? lead ?? "", unit ?? "",
      level.map { Text.markLevel($0).in(language) } ?? "", openedAt, handler.joined(separator: ","),
    ]
  }
}

extension SupervisionDetail {
  func lines(in language: Language) -> [String] {
    let names = Text.supervisionColumns.map { $0.in(language) }
    let values = zip(names, supervision.row(in: language)).filter { !$0.1.isEmpty }
      .map { "\($0): \($1.printableLines)" }
    let clocks = clocks.map { "\(Text.nameClock($0.clock).in(language)): \($0.line(in: language))" }
    return values + clocks + timeline.map { "  " + $0.line(in: language) }
  }
}
