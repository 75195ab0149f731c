/// A day of the proleptic Gregorian calendar, from year 1 on.
struct CivilDay: Hashable {
  let year: Int
  let month: Int
  let day: Int

  /// `nil` if the calendar has no such day.
  init?(year: Int, month: Int, day: Int) {
    guard (1...9999).contains(year), (1...12).contains(month),
      (1...Self.length(ofMonth: month, year: year)).contains(day)
    else { return nil }
    self.year = year
    self.month = month
    self.day = day
  }

  /// The number of days since 1970-01-01, negative before.
  var daysSince1970: Int {
    let before = year - 1
    let daysBeforeYear = before * 365 + before / 4 - before / 100 + before / 400
    var daysBeforeMonth = 0
    for earlier in 1..<month { daysBeforeMonth += Self.length(ofMonth: earlier, year: year) }
    return daysBeforeYear + daysBeforeMonth + (day - 1) - Self.daysFromYear1To1970
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
}
