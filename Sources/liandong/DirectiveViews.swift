import Node
import Regions

extension DirectiveSummary {
  /// The cells of a list, in the order of `Text.directiveColumns`.
  var row: [String] {
    let counts = ["open", "received", "completed"].map { String(receipts[$0] ?? 0) }
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
    add(.nameFounder, directive.issuer)
    add(.nameIssued, directive.issuedAt)
    add(.nameDue, directive.due)
    add(.nameText, text)
    lines += timeline.map { "  " + $0.line(in: language) }
    for receipt in receipts {
      let name = [receipt.recipientName, receipt.recipient].compactMap { $0 }.joined(separator: " ")
      let stage = LeadTable.printable(receipt.stageName ?? "")
      let mark = receipt.frozenSince.map { "  [\(Text.markFrozen($0).in(language))]" } ?? ""
      lines.append("\(LeadTable.printable(name))  \(stage)  \(receipt.stageSince ?? "")\(mark)")
      lines += receipt.timeline.dropFirst().map { "  " + $0.line(in: language) }
    }
    return lines
  }
}
