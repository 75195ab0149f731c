import FoundationEssentials
import Regions

/// Times in commands and answers.
enum CommandTime {
  /// Times without a zone are China's, UTC+8 the year round since 1992.
  private static let shanghaiSeconds = 8 * 3600

  /// RFC 3339 in UTC with whole seconds.
  static func text(_ milliseconds: some BinaryInteger) -> String {
    Date(timeIntervalSince1970: (Double(milliseconds) / 1000).rounded(.down)).formatted(.iso8601)
  }

  /// The day in China, by which names and codes are dated.
  static func day(_ milliseconds: UInt64) -> CalendarDay? {
    CalendarDay(text(milliseconds + UInt64(shanghaiSeconds) * 1000).prefix(10))
  }

  /// Reads RFC 3339, or `yyyy-mm-dd` with or without ` hh:mm[:ss]` in China's time.
  ///
  /// - Returns: milliseconds since 1970 UTC; `nil` for another form or a moment that does not exist.
  static func milliseconds(_ text: String) -> Int64? {
    if let date = try? Date(text, strategy: .iso8601) {
      return plausible(date.timeIntervalSince1970)
    }
    let parts = text.split(whereSeparator: { $0 == " " || $0 == "T" })
    guard (1...2).contains(parts.count), let day = CalendarDay(parts[0]) else { return nil }
    var clock = parts.count == 2 ? String(parts[1]) : "00:00"
    if clock.utf8.count == 5 { clock += ":00" }
    guard clock.utf8.count == 8,
      let date = try? Date("\(day)T\(clock)Z", strategy: .iso8601)
    else { return nil }
    return plausible(date.timeIntervalSince1970 - Double(shanghaiSeconds))
  }

  /// Years 1992 to 2100: others are slips of the pen.
  private static func plausible(_ seconds: Double) -> Int64? {
    let range = 694_195_200.0..<4_133_894_400.0
    return range.contains(seconds) ? Int64((seconds * 1000).rounded()) : nil
  }
}
