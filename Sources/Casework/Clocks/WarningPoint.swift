/// When a stage reaches a level, as its rule says it.
package enum WarningPoint: Hashable, Sendable {
  /// So long after the stage was entered.
  case afterEntry(TimeLimit)
  /// At that part of the limit, 1 to ``maximumPercent``.
  case percent(Int)
  /// When the limit is up.
  case due
  /// So long after the limit was up.
  case afterDue(TimeLimit)

  package static let maximumPercent = 1_000

  /// Where the point lies against the limit.
  ///
  /// - Parameter limit: `nil` where an ordered due time stands in its place.
  /// - Throws: `LimitError` for a point that needs a limit and has none, has a unit other than the
  ///   limit's, or is out of range.
  func offset(from limit: TimeLimit?) throws(LimitError) -> WarningOffset {
    switch self {
    case .due: return .due
    case .afterDue(let distance): return .after(distance)
    case .percent(let percent):
      guard (1...Self.maximumPercent).contains(percent) else { throw outOfRange }
      guard let limit else { throw needsLimit }
      guard let time = limit.part(percent: Int64(percent)) else { throw outOfRange }
      return WarningOffset(time, from: limit)
    case .afterEntry(let time):
      guard let limit else { throw needsLimit }
      guard time.unit == limit.unit else {
        throw LimitError(
          .unitsDiffer, chinese: "预警“\(self)”与时限“\(limit)”单位不同，无法比较：请改用同一单位",
          english: "the warning '\(self)' has another unit than the limit '\(limit)': use one unit")
      }
      return WarningOffset(time, from: limit)
    }
  }

  private var needsLimit: LimitError {
    LimitError(
      .unsuitable, chinese: "期限以责令文书为准时，预警“\(self)”无从计算：请写成 due 或 due+3d 的样子",
      english: """
        the warning '\(self)' cannot be counted where the due time is ordered: write it like due \
        or due+3d
        """)
  }

  private var outOfRange: LimitError {
    LimitError(
      .outOfRange, chinese: "预警“\(self)”超出范围（1%至\(Self.maximumPercent)%，不超过十年）：请改正",
      english: """
        the warning '\(self)' is out of range (1% to \(Self.maximumPercent)%, at most ten years): \
        correct it
        """)
  }
}

/// Where a level lies against a limit: before it, counted from entry, at it, or after it.
enum WarningOffset: Hashable, Sendable {
  case before(TimeLimit)
  case due
  case after(TimeLimit)

  /// - Parameter time: from entry, in the limit's unit.
  init(_ time: TimeLimit, from limit: TimeLimit) {
    if time.thousandths < limit.thousandths {
      self = .before(time)
    } else if let distance = TimeLimit(
      thousandths: time.thousandths - limit.thousandths, unit: limit.unit)
    {
      self = .after(distance)
    } else {
      self = .due
    }
  }

  /// Whether this comes no later than the other; `nil` for times in different units.
  func precedes(_ other: WarningOffset) -> Bool? {
    switch (self, other) {
    case (.before(let a), .before(let b)), (.after(let a), .after(let b)):
      a.unit == b.unit ? a.thousandths <= b.thousandths : nil
    case (.before, _), (.due, .due), (.due, .after): true
    case (.due, .before), (.after, _): false
    }
  }
}

extension WarningPoint: CustomStringConvertible {
  private static let dueWord = "due"

  /// Reads `24h`, `150%`, `due` or `due+3d`.
  ///
  /// - Throws: `LimitError` of code `malformed` or `outOfRange`.
  package init(parsing text: some StringProtocol) throws(LimitError) {
    if text == Self.dueWord {
      self = .due
    } else if text.hasPrefix(Self.dueWord + "+") {
      self = .afterDue(try TimeLimit(parsing: text.dropFirst(Self.dueWord.count + 1)))
    } else if text.hasSuffix("%"), let percent = Int(text.dropLast()), text.first != "+" {
      self = .percent(percent)
      guard (1...Self.maximumPercent).contains(percent) else { throw outOfRange }
    } else {
      self = .afterEntry(try TimeLimit(parsing: text))
    }
  }

  /// The text that reads back as this point.
  package var description: String {
    switch self {
    case .afterEntry(let time): time.description
    case .percent(let percent): "\(percent)%"
    case .due: Self.dueWord
    case .afterDue(let distance): "\(Self.dueWord)+\(distance)"
    }
  }
}
