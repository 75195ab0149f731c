import Ledger

extension StageLimit {
  /// What begins the text of a limit that is as ordered.
  static let orderedWord = "ordered"

  /// The limit as process files and the ledger's encoding write it: `4h`, `ordered`, `ordered 15d`.
  var text: String {
    switch base {
    case .fixed(let limit): limit.description
    case .asOrdered(nil): Self.orderedWord
    case .asOrdered(let fallback?): "\(Self.orderedWord) \(fallback)"
    }
  }

  /// Reads what `text` writes.
  ///
  /// - Throws: `LimitError` of code `malformed` or `outOfRange`.
  static func base(parsing text: String) throws(LimitError) -> Base {
    if text == orderedWord { return .asOrdered(fallback: nil) }
    guard text.hasPrefix(orderedWord + " ") else { return .fixed(try TimeLimit(parsing: text)) }
    return .asOrdered(fallback: try TimeLimit(parsing: text.dropFirst(orderedWord.count + 1)))
  }

  var value: CanonicalValue {
    var entries: [String: CanonicalValue] = [
      "base": .text(text),
      "warn": .array([warnings.yellow, warnings.orange, warnings.red].map { .text("\($0)") }),
    ]
    entries["urgent"] = urgent.map { .text($0.description) }
    entries["reminder"] = warnings.reminder.map { .text("\($0)") }
    if isStatutory { entries["statutory"] = .boolean(true) }
    return .map(entries)
  }

  /// `nil` for anything else than what `value` gives.
  init?(value: CanonicalValue) {
    guard let text = value["base"]?.text, let warn = value["warn"]?.array, warn.count == 3 else {
      return nil
    }
    do throws(LimitError) {
      var points: [WarningPoint] = []
      for element in warn {
        guard let text = element.text else { return nil }
        points.append(try WarningPoint(parsing: text))
      }
      var (urgent, reminder): (TimeLimit?, WarningPoint?) = (nil, nil)
      if let value = value["urgent"] {
        guard let text = value.text else { return nil }
        urgent = try TimeLimit(parsing: text)
      }
      if let value = value["reminder"] {
        guard let text = value.text else { return nil }
        reminder = try WarningPoint(parsing: text)
      }
      try self.init(
        base: try Self.base(parsing: text), urgent: urgent,
        isStatutory: value["statutory"] == .boolean(true),
        warnings: Warnings(
          reminder: reminder, yellow: points[0], orange: points[1], red: points[2]))
    } catch {
      return nil
    }
  }

  /// Whether anything of it is counted in working days, for which a calendar is needed.
  var needsCalendar: Bool {
    var limits: [TimeLimit] = []
    switch base {
    case .fixed(let limit): limits.append(limit)
    case .asOrdered(let fallback): limits += fallback.map { [$0] } ?? []
    }
    limits += urgent.map { [$0] } ?? []
    for (_, point) in warnings.points {
      switch point {
      case .afterEntry(let time), .afterDue(let time): limits.append(time)
      case .percent, .due: break
      }
    }
    return limits.contains { $0.unit == .workingDays }
  }
}
