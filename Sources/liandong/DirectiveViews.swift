import Node
import Regions

extension DirectiveSummary {
  /// The cells of a list, in the order of `Text.directiveColumns`.
  var row: [String] {
    let groups = [
      ["open", "delivered", "read"], ["received", "accepted", "returned"],
      ["completed", "verified"], ["superseded", "cancelled"],
    ]
    let counts = groups.map { String($0.reduce(0) { $0 + (receipts[$1] ?? 0) }) }
    return [
      id, stageName ?? "", issuer, issuedAt, due ?? "", counts.joined(separator: "/"), title ?? "",
    ]
  }
}

extension DirectiveDetail {
  func lines(in language: Language) -> [String] {
    var lines: [String] = []
    func add(_ name: Text, _ value: String?) {
      guard let value, !value.isEmpty else { return }
      lines.append("\(name.in(language)): \(value.printableLines)")
    }
    add(.nameID, directive.id)
    add(.nameTitle, directive.title)
    add(.nameStage, directive.stageName)
    add(.nameSuccessor, successor)
    add(.nameFounder, directive.issuer)
    add(.nameIssued, directive.issuedAt)
    add(.nameDue, directive.due)
    add(.nameText, text)
    for lead in leads { add(.nameLinkedLead, lead.line(in: language)) }
    for attachment in attachments { add(.nameAttachment, attachment.line(in: language)) }
    lines += timeline.map { "  " + $0.line(in: language) }
    return lines + receipts.flatMap { $0.lines(in: language) }
  }
}

extension DirectiveLead {
  fileprivate func line(in language: Language) -> String {
    guard held else { return "\(id)  [\(Text.leadNotHeld.in(language))]" }
    return [number ?? id, stageName, title.map { LeadTable.printable($0) }]
      .compactMap { $0 }.joined(separator: "  ")
  }
}

extension ReceiptSummary {
  /// The recipient and where its line stands, then its clock and warnings, then what was done when and
  /// by whom.
  fileprivate func lines(in language: Language) -> [String] {
    let name = [recipientName, recipient, department].compactMap { $0 }.joined(separator: " ")
    var marks: [Text] = []
    if let frozenSince { marks.append(.markFrozen(frozenSince)) }
    if conflicts > 0 { marks.append(.markConflicts(conflicts)) }
    let head =
      [LeadTable.printable(name), LeadTable.printable(stageName ?? ""), stageSince ?? ""]
      + marks.map { "[\($0.in(language))]" }
    let clocks = clocks.map { "\(Text.nameClock($0.clock).in(language)): \($0.line(in: language))" }
    let warnings = warnings.map {
      let told = $0.row(in: language).dropFirst().joined(separator: "  ")
      return "\(Text.nameWarning.in(language)): \(told.printableLines)"
    }
    let history = timeline.dropFirst().map { $0.line(in: language) }
    return [head.joined(separator: "  ")] + (clocks + warnings + history).map { "  " + $0 }
  }
}
