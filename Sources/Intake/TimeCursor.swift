/// Walks over the text of one time.
struct TimeCursor {
  private var rest: Substring.UnicodeScalarView

  init(_ text: String) { rest = text[...].unicodeScalars }

  var isAtEnd: Bool { rest.isEmpty }

  /// The whole text as a spreadsheet serial, one to six digits and perhaps a fraction, if it is one.
  func spreadsheetSerial() -> (days: Int, fraction: Double)? {
    var copy = self
    guard let days = copy.number(digits: 1...6) else { return nil }
    if copy.isAtEnd { return (days, 0) }
    guard copy.one(of: ".") != nil, !copy.isAtEnd, copy.rest.allSatisfy(Self.isDigit),
      let fraction = Double("0." + String(copy.rest))
    else { return nil }
    return (days, fraction)
  }

  /// A number of so many ASCII digits.
  mutating func number(digits: ClosedRange<Int>) -> Int? {
    let found = rest.prefix(digits.upperBound).prefix(while: Self.isDigit)
    guard digits.contains(found.count), let value = Int(String(found)) else { return nil }
    rest.removeFirst(found.count)
    return value
  }

  /// The next scalar, if it is one of these.
  mutating func one(of scalars: Unicode.Scalar...) -> Unicode.Scalar? {
    guard let first = rest.first, scalars.contains(first) else { return nil }
    rest.removeFirst()
    return first
  }

  /// Passes over what stands between date and time of day: a `T`, or spaces.
  mutating func skipDateSeparator() -> Bool {
    if one(of: "T", "t") != nil { return true }
    var found = false
    while one(of: " ", "\u{A0}", "\u{3000}") != nil { found = true }
    return found
  }

  /// A time of day, `h:mm` with seconds and fraction if they are there, in milliseconds; a day's
  /// length or more when the form is right but the clock has no such time.
  mutating func clock() -> Int? {
    guard let hour = number(digits: 1...2), one(of: ":", "：") != nil,
      let minute = number(digits: 2...2)
    else { return nil }
    var second = 0
    var milliseconds = 0
    if one(of: ":", "：") != nil {
      guard let read = number(digits: 2...2) else { return nil }
      second = read
      if one(of: ".", ",") != nil {
        let digits = rest.prefix(while: Self.isDigit)
        guard !digits.isEmpty else { return nil }
        // Finer than a millisecond is cut off.
        milliseconds = Int((String(digits.prefix(3)) + "00").prefix(3)) ?? 0
        rest.removeFirst(digits.count)
      }
    }
    guard hour < 24, minute < 60, second < 60 else { return LeadTime.millisecondsPerDay }
    return ((hour * 60 + minute) * 60 + second) * 1000 + milliseconds
  }

  /// A zone as ISO 8601 writes it (`Z`, `+08:00`, `+0800`, `+08`), in minutes east of UTC.
  mutating func zoneMinutes() -> Int? {
    let before = rest
    if one(of: "Z", "z") != nil { return 0 }
    guard let sign = one(of: "+", "-"), let hours = number(digits: 2...2) else {
      rest = before
      return nil
    }
    let hasColon = one(of: ":") != nil
    let minutes = number(digits: 2...2)
    guard minutes != nil || !hasColon, hours <= 14, (minutes ?? 0) < 60 else {
      rest = before
      return nil
    }
    return (sign == "-" ? -1 : 1) * (hours * 60 + (minutes ?? 0))
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
    ("0"..."9").contains(scalar)
  }
}
