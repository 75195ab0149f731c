extension TimeLimit: CustomStringConvertible {
  /// Reads `4h`, `30min`, `7wd`, `4.5wd` or `15d`: a number with at most three decimals and a unit.
  ///
  /// Minutes are another way to write hours, and so must come out in thousandths of an hour, as
  /// multiples of 3 minutes do.
  ///
  /// - Throws: `LimitError` of code `malformed` or `outOfRange`.
  package init(parsing text: some StringProtocol) throws(LimitError) {
    let number = text.prefix { $0.isASCII && $0.isNumber || $0 == "." }
    guard let value = Self.thousandths(number) else { throw Self.malformed(text) }
    let limit: TimeLimit?
    switch text.dropFirst(number.count) {
    case "min":
      guard value.isMultiple(of: 60) else {
        throw LimitError(
          .malformed, chinese: "时限“\(text)”不能换算成千分之一小时：请用3分钟的倍数",
          english: "'\(text)' is no whole number of thousandths of an hour: use 3, 6, 9 min ...")
      }
      limit = TimeLimit(thousandths: value / 60, unit: .hours)
    case let suffix:
      guard let unit = Unit(rawValue: String(suffix)) else { throw Self.malformed(text) }
      limit = TimeLimit(thousandths: value, unit: unit)
    }
    guard let limit else {
      throw LimitError(
        .outOfRange, chinese: "时限“\(text)”应大于零且不超过十年：请改正",
        english: "'\(text)' must be more than nothing and no more than ten years: correct it")
    }
    self = limit
  }

  /// The text that reads back as this limit: the shortest number, whole minutes below an hour.
  package var description: String {
    if unit == .hours, thousandths < 1_000, (thousandths * 60).isMultiple(of: 1_000) {
      return "\(thousandths * 60 / 1_000)min"
    }
    let (whole, part) = thousandths.quotientAndRemainder(dividingBy: 1_000)
    guard part > 0 else { return "\(whole)\(unit.rawValue)" }
    var decimals = String(String(1_000 + part).dropFirst())
    while decimals.hasSuffix("0") { decimals.removeLast() }
    return "\(whole).\(decimals)\(unit.rawValue)"
  }

  private static let maximumDigits = 9
  private static let maximumDecimals = 3

  /// A decimal number times 1,000.
  private static func thousandths(_ text: some StringProtocol) -> Int64? {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first, (1...maximumDigits).contains(whole.count) else { return nil }
    var digits = String(whole)
    if parts.count == 2 {
      guard (1...maximumDecimals).contains(parts[1].count) else { return nil }
      digits += parts[1]
      digits += String(repeating: "0", count: maximumDecimals - parts[1].count)
    } else {
      digits += String(repeating: "0", count: maximumDecimals)
    }
    return Int64(digits)
  }

  private static func malformed(_ text: some StringProtocol) -> LimitError {
    LimitError(
      .malformed, chinese: "“\(text.prefix(40))”不是时限：请写成 4h、30min、7wd、4.5wd 或 15d 的样子",
      english: "'\(text.prefix(40))' is no time limit: write it like 4h, 30min, 7wd, 4.5wd or 15d")
  }
}
