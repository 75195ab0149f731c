/// Reads the times of lead files. The result counts milliseconds since 1970-01-01T00:00:00Z.
///
/// Forms: `2019/2/28 11:25:05`, `2019-02-28 11:25`, `2019年2月28日`, ISO 8601 with a zone, and
/// spreadsheet serials such as `43782.47` (days in the 1900 date system). A time without a zone is
/// Asia/Shanghai, that is UTC+8; a date without a time of day is its beginning.
package enum LeadTime {
  /// The years that are plausible for a lead or a deadline.
  package static let years = 1990...2100
  /// The first year from which Asia/Shanghai is UTC+8 throughout: in the summers of 1986 to 1991 the
  /// clocks were put forward, so an earlier time without a zone is refused, not guessed.
  package static let firstYearWithoutSummerTime = 1992

  /// The ways of writing a time.
  package enum Form: String, CaseIterable, Sendable {
    /// As people and ISO 8601 write it.
    case written
    /// As a spreadsheet counts days.
    case serial
  }

  /// The time's milliseconds since 1970 UTC.
  /// - Parameters:
  ///   - column: the column's name, for the reason.
  ///   - forms: those that are read.
  package static func milliseconds(
    _ text: String, column: String, forms: Set<Form> = Set(Form.allCases)
  ) throws(RowRefusal) -> Int64 {
    var cursor = TimeCursor(text)
    if forms.contains(.serial), let serial = cursor.spreadsheetSerial() {
      return try fromSerial(serial, text: text, column: column)
    }
    guard forms.contains(.written) else {
      throw refusal(
        .badTime, column, text, zh: "不是电子表格的日期序列值;应形如 43782.47",
        en: "is no serial number of a spreadsheet; write it as in 43782.47")
    }
    guard let year = cursor.number(digits: 4...4),
      let separator = cursor.one(of: "/", "-", "年"), let month = cursor.number(digits: 1...2),
      cursor.one(of: separator == "年" ? "月" : separator) != nil,
      let dayOfMonth = cursor.number(digits: 1...2),
      separator != "年" || cursor.one(of: "日") != nil
    else { throw unreadable(text, column: column) }
    guard let day = CivilDay(year: year, month: month, day: dayOfMonth) else {
      throw refusal(
        .badTime, column, text, zh: "是历法中没有的日子,请改正",
        en: "is a day that the calendar does not have; correct it")
    }
    var ofDay = 0
    var zoneMinutes: Int?
    if !cursor.isAtEnd {
      // A Chinese date may be followed by the time without a space.
      guard cursor.skipDateSeparator() || separator == "年", let clock = cursor.clock() else {
        throw unreadable(text, column: column)
      }
      ofDay = clock
      zoneMinutes = cursor.zoneMinutes()
      guard cursor.isAtEnd else { throw unreadable(text, column: column) }
    }
    guard ofDay < millisecondsPerDay else {
      throw refusal(
        .badTime, column, text, zh: "是不存在的时刻,请改正",
        en: "is a time of day that does not exist; correct it")
    }
    return try located(
      days: day.daysSince1970, ofDay: ofDay, zoneMinutes: zoneMinutes, text: text, column: column)
  }

  private static func fromSerial(
    _ serial: (days: Int, fraction: Double), text: String, column: String
  ) throws(RowRefusal) -> Int64 {
    // Serial 1 is 1900-01-01. Spreadsheets count a 29 February 1900, serial 60, that never was; so
    // from serial 61 on the count begins one day earlier.
    guard serial.days != 60, serial.days >= 1 else {
      throw refusal(
        .badTime, column, text, zh: "不是任何日子的序列值,请改正",
        en: "is a serial number of no day; correct it")
    }
    let dayZero = serial.days < 60 ? -25_568 : -25_569
    let ofDay = Int((serial.fraction * Double(millisecondsPerDay)).rounded())
    return try located(
      days: dayZero + serial.days, ofDay: ofDay, zoneMinutes: nil, text: text, column: column)
  }

  private static func located(
    days: Int, ofDay: Int, zoneMinutes: Int?, text: String, column: String
  ) throws(RowRefusal) -> Int64 {
    let local = Int64(days) * Int64(millisecondsPerDay) + Int64(ofDay)
    let plausible = beginning(ofYear: years.lowerBound)..<beginning(ofYear: years.upperBound + 1)
    guard plausible.contains(local) else {
      throw refusal(
        .timeOutOfRange, column, text,
        zh: "不在 \(years.lowerBound) 至 \(years.upperBound) 年之间,请改正",
        en: "is not between \(years.lowerBound) and \(years.upperBound); correct it")
    }
    if zoneMinutes == nil && local < beginning(ofYear: firstYearWithoutSummerTime) {
      throw refusal(
        .timeBefore1992, column, text,
        zh: "没有时区,而 \(firstYearWithoutSummerTime) 年以前有夏令时,无法断定;应形如 1991-07-01T12:00:00+09:00",
        en: "has no zone, and before \(firstYearWithoutSummerTime) summer time makes it ambiguous; "
          + "write it as in 1991-07-01T12:00:00+09:00")
    }
    return local - Int64(zoneMinutes ?? shanghaiMinutes) * 60_000
  }

  private static func beginning(ofYear year: Int) -> Int64 {
    let days = CivilDay(year: year, month: 1, day: 1)?.daysSince1970 ?? 0
    return Int64(days) * Int64(millisecondsPerDay)
  }

  private static func unreadable(_ text: String, column: String) -> RowRefusal {
    refusal(
      .badTime, column, text, zh: "不能读作时间;应形如 2019-02-28 11:25:05",
      en: "cannot be read as a time; write it as in 2019-02-28 11:25:05")
  }

  private static func refusal(
    _ code: RejectedRow.Code, _ column: String, _ text: String, zh: String, en: String
  ) -> RowRefusal {
    let shown = quotedForReason(text)
    return RowRefusal(code, zh: "“\(column)”\(shown) \(zh)", en: "\(column) \(shown) \(en)")
  }

  /// UTC+8 in minutes.
  static let shanghaiMinutes = 8 * 60
  static let millisecondsPerDay = 86_400_000
}

/// A value in quotes as a reason shows it: its beginning, on one line.
func quotedForReason(_ text: String) -> String {
  let shown = text.prefix(IntakeBounds.quotedCharacters).map { $0.isNewline ? " " : $0 }
  return "'" + String(shown) + (shown.count < text.count ? "…'" : "'")
}
