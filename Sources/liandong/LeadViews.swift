import Node
import Regions

extension LeadSummary {
  /// The cells of a list, in the order of `Text.leadColumns`.
  func row(in language: Language) -> [String] {
    [
      number ?? id, stageName ?? "", handler.joined(separator: ","), reportedAt ?? "",
      region ?? foundedBy, title ?? "", marks.map { $0.in(language) }.joined(separator: " "),
    ]
  }

  /// What a person should know before acting.
  var marks: [Text] {
    var marks: [Text] = []
    if let frozenSince { marks.append(.markFrozen(frozenSince)) }
    if waiting { marks.append(.markWaiting) }
    if partlyUnderstood { marks.append(.markPartly) }
    if needsReview { marks.append(.markReview) }
    if let level { marks.append(.markLevel(level)) }
    if openItems > 0 { marks.append(.markItems(openItems, overdue: overdueItems)) }
    if conflicts > 0 { marks.append(.markConflicts(conflicts)) }
    return marks
  }
}

extension LeadDetail {
  func lines(in language: Language) -> [String] {
    var lines: [String] = []
    func add(_ name: Text, _ value: String?) {
      guard let value, !value.isEmpty else { return }
      lines.append("\(name.in(language)): \(value.printableLines)")
    }
    add(.nameNumber, lead.number)
    add(.nameID, lead.id)
    add(.nameTitle, lead.title)
    add(.nameStage, [lead.stageName, lead.stageSince].compactMap { $0 }.joined(separator: "  "))
    add(.nameHandler, lead.handler.joined(separator: ", "))
    add(.nameDepartment, lead.department)
    add(.nameDue, lead.due)
    for clock in clocks { add(.nameClock(clock.clock), clock.line(in: language)) }
    for warning in warnings {
      add(.nameWarning, warning.row(in: language).dropFirst().joined(separator: "  "))
    }
    for item in items {
      add(.nameItem, item.row(in: language).map { LeadTable.printable($0) }.joined(separator: "  "))
    }
    add(.nameRegion, lead.region)
    add(.nameFounder, lead.foundedBy)
    add(.nameChannel, lead.channel)
    add(.nameReported, lead.reportedAt)
    add(.namePlace, place)
    add(.nameTypes, types.joined(separator: ", "))
    if let latitude, let longitude { add(.nameLocation, "\(latitude), \(longitude)") }
    add(.nameRespondent, respondent)
    add(.nameText, text)
    add(.nameMarks, lead.marks.map { $0.in(language) }.joined(separator: " "))
    add(.nameSealedTo, contactSealedTo.joined(separator: ", "))
    if let reporterContact { lines += reporterContact.lines(in: language) }
    lines += linkLines(in: language)
    return lines + timeline.map { "  " + $0.line(in: language) }
  }
}

extension ClockAnswer {
  /// The deadline, what is left of it and the level reached.
  func line(in language: Language) -> String {
    var parts: [Text] = []
    if state == "suspended" { parts.append(.clockSuspended) }
    if let remainingSeconds { parts.append(.remaining(seconds: remainingSeconds)) }
    if let level { parts.append(.markLevel(level)) }
    let words = [deadline].compactMap { $0 } + parts.map { $0.in(language) }
    return (words + [error].compactMap { $0 }).joined(separator: "  ")
  }
}

extension TimelineLine {
  /// One event on one line.
  func line(in language: Language) -> String {
    var parts = [
      at, LeadTable.printable(kindName), "\(region)/\(tier)",
      LeadTable.printable("\(actor) (\(role))"),
    ]
    parts += said
    if let claimedAt {
      let claim = [claimedAt, claimedBy.map { LeadTable.printable($0) }].compactMap { $0 }
      parts.append("[\(Text.claimed.in(language)): \(claim.joined(separator: " "))]")
    }
    if effect == "waiting" {
      parts.append("[\(Text.markWaiting.in(language)): \(waitsFor.joined(separator: ", "))]")
    } else if effect != "effective" {
      parts.append("[\(Text.ineffective(effect).in(language))]")
    }
    return parts.joined(separator: "  ")
  }

  /// What of the body a person is told.
  var said: [String] {
    details.filter { Self.told.contains($0.key) }.sorted { $0.key < $1.key }
      .map { LeadTable.printable($0.value) }
  }

  private static let told: Set<String> = [
    "to", "department", "note", "reason", "finding", "text", "result", "field", "value", "title",
    "slot", "verdict", "order", "items", "officers", "clause", "basis", "case_number", "notice",
    "decision", "review", "enforcement", "rule", "level", "procedure", "class", "measure",
    "answer", "unit", "score", "checks", "days", "incident", "types", "successor", "name",
  ]
}
