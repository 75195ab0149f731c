/// A time by a camera's clock (EXIF 2.32, DateTimeOriginal): wall time at the place, whose distance
/// from UTC only some cameras note.
package struct CameraTime: Hashable, Sendable {
  /// What the clock on the wall showed, as milliseconds since it showed 1970-01-01T00:00:00. Not an
  /// instant: for that the offset is needed.
  package var wallMilliseconds: Int64
  /// How many minutes that clock was ahead of UTC; `nil` if the camera did not note it.
  package var offsetMinutes: Int?

  /// A time with its parts.
  package init(wallMilliseconds: Int64, offsetMinutes: Int?) {
    self.wallMilliseconds = wallMilliseconds
    self.offsetMinutes = offsetMinutes
  }

  /// Milliseconds since 1970-01-01T00:00:00Z; `nil` without an offset.
  package var instantMilliseconds: Int64? {
    offsetMinutes.map { wallMilliseconds - Int64($0) * 60_000 }
  }

  /// The years that a picture can have.
  package static let years = 1900...2199
  static let millisecondsPerDay: Int64 = 86_400_000

  /// Reads `2024:05:06 07:08:09`, decimals of a second such as `25`, and an offset such as `+08:00`.
  /// Without a readable time there is none; unreadable decimals or offset count as absent.
  init?(text: String?, fraction: String?, offset: String?) {
    guard let bytes = text.map({ Array($0.utf8) }), bytes.count == 19, bytes[10] == space,
      let days = Self.days(bytes[..<10]), let ofDay = Self.seconds(bytes[11...])
    else { return nil }
    wallMilliseconds =
      Int64(days) * Self.millisecondsPerDay + Int64(ofDay) * 1000
      + Int64(Self.milliseconds(fraction) ?? 0)
    offsetMinutes = Self.minutes(offset)
  }

  /// The days from 1970-01-01 to a date such as `2024:05:06`; `nil` if the calendar has none such.
  static func days(_ text: ArraySlice<UInt8>) -> Int? {
    guard let parts = numbers(text, digits: [4, 2, 2]) else { return nil }
    let (year, month, day) = (parts[0], parts[1], parts[2])
    guard years ~= year, 1...12 ~= month, 1...length(ofMonth: month, year: year) ~= day else {
      return nil
    }
    let before = year - 1
    let daysBeforeYear = before * 365 + before / 4 - before / 100 + before / 400
    let daysBeforeMonth = (1..<month).reduce(0) { $0 + length(ofMonth: $1, year: year) }
    return daysBeforeYear + daysBeforeMonth + day - 1 - daysFromYear1To1970
  }

  /// The days from 0001-01-01 to 1970-01-01: 1,969 years, 477 of them leap years.
  private static let daysFromYear1To1970 = 1969 * 365 + 477

  private static func length(ofMonth month: Int, year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// The seconds of the day at a time such as `07:08:09`.
  private static func seconds(_ text: ArraySlice<UInt8>) -> Int? {
    guard let parts = numbers(text, digits: [2, 2, 2]), parts[0] < 24, parts[1] < 60, parts[2] < 60
    else { return nil }
    return parts[0] * 3600 + parts[1] * 60 + parts[2]
  }

  private static func milliseconds(_ text: String?) -> Int? {
    guard let text else { return nil }
    let digits = Array(text.utf8.prefix { $0 != space })
    guard !digits.isEmpty, digits.allSatisfy(isDigit) else { return nil }
    return (digits + [zero, zero]).prefix(3).reduce(0) { $0 * 10 + Int($1 - zero) }
  }

  private static func minutes(_ text: String?) -> Int? {
    guard let bytes = text.map({ Array($0.utf8) }), let sign = bytes.first,
      let parts = numbers(bytes.dropFirst(), digits: [2, 2]), parts[1] < 60
    else { return nil }
    let minutes = parts[0] * 60 + parts[1]
    guard minutes <= farthestOffsetMinutes else { return nil }
    switch sign {
    case UInt8(ascii: "+"): return minutes
    case UInt8(ascii: "-"): return -minutes
    default: return nil
    }
  }

  /// The farthest that a clock is ahead of UTC anywhere.
  private static let farthestOffsetMinutes = 14 * 60

  /// Numbers of exactly so many digits with a colon between each two, and nothing else.
  private static func numbers(_ text: ArraySlice<UInt8>, digits: [Int]) -> [Int]? {
    let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard parts.map(\.count) == digits, parts.allSatisfy({ $0.allSatisfy(isDigit) }) else {
      return nil
    }
    return parts.map { $0.reduce(0) { $0 * 10 + Int($1 - zero) } }
  }
}

private let space = UInt8(ascii: " ")
private let zero = UInt8(ascii: "0")

private func isDigit(_ byte: UInt8) -> Bool { zero...UInt8(ascii: "9") ~= byte }
