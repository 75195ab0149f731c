package import Regions

/// China Standard Time (北京时间): UTC+8 in the whole country and the whole year, without summer
/// time. Days of a time limit begin and end by it, whatever the clock of a machine shows.
///
/// Instants are milliseconds since 1970 UTC.
package enum ChinaTime {
  /// How far local time is ahead of UTC.
  package static let offsetMilliseconds: Int64 = 8 * hourMilliseconds

  static let hourMilliseconds: Int64 = 3_600_000
  static let dayMilliseconds: Int64 = 24 * hourMilliseconds

  /// The instants of the years 1 to 9999; with them no sum of a clock overflows.
  static let instants: ClosedRange<Int64> = {
    let days = CalendarDay.numbers
    return start(ofNumber: days.lowerBound)...end(ofNumber: days.upperBound)
  }()

  /// The day on which an instant lies; 00:00 belongs to the day that begins.
  ///
  /// - Throws: `CalendarError.outOfRange` outside the years 1 to 9999.
  package static func day(atMilliseconds instant: Int64) throws(CalendarError) -> CalendarDay {
    try check(instant)
    guard let day = CalendarDay(number: number(at: instant)) else { throw .outOfRange(instant) }
    return day
  }

  /// 00:00 of the day.
  package static func startMilliseconds(of day: CalendarDay) -> Int64 {
    start(ofNumber: day.number)
  }

  /// 24:00 of the day, which is 00:00 of the next one: when a term that ends on this day is over.
  package static func endMilliseconds(of day: CalendarDay) -> Int64 { end(ofNumber: day.number) }

  static func check(_ instant: Int64) throws(CalendarError) {
    guard instants.contains(instant) else { throw .outOfRange(instant) }
  }

  /// - Parameter instant: one of ``instants``.
  static func number(at instant: Int64) -> Int {
    let local = instant + offsetMilliseconds
    let (quotient, remainder) = local.quotientAndRemainder(dividingBy: dayMilliseconds)
    return Int(remainder < 0 ? quotient - 1 : quotient)
  }

  static func start(ofNumber number: Int) -> Int64 {
    Int64(number) * dayMilliseconds - offsetMilliseconds
  }

  static func end(ofNumber number: Int) -> Int64 { start(ofNumber: number + 1) }

  /// - Parameter year: one of 1 to 9999; any other begins with the first or ends with the last.
  static func start(ofYear year: Int) -> Int64 {
    guard let day = CalendarDay(year: year, month: 1, day: 1) else {
      return year < 1 ? instants.lowerBound : instants.upperBound
    }
    return startMilliseconds(of: day)
  }
}
