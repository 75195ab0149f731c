import Regions

extension ProcessReader {
  static let limitKeys = ["limit", "urgent", "statutory", "reminder", "warn"]

  /// The clock rule that a stage's keys come to; `nil` where there is none.
  mutating func limit(_ fields: [String: YAMLValue], at place: Place) -> StageLimit? {
    guard let limit = fields["limit"] else {
      if let key = Self.limitKeys.first(where: { fields[$0] != nil }) {
        note(
          place, "missing_key", "有 \(key) 而没有 limit,请写明时限",
          "\(key) stands without a limit: add limit")
      }
      return nil
    }
    guard let text = text(limit) else { return nil }
    do throws(LimitError) {
      let base = try StageLimit.base(parsing: text)
      var urgent: TimeLimit?
      if let value = fields["urgent"], let text = self.text(value) {
        urgent = try TimeLimit(parsing: text)
      }
      var reminder: WarningPoint?
      if let value = fields["reminder"], let text = self.text(value) {
        reminder = try WarningPoint(parsing: text)
      }
      var warnings: StageLimit.Warnings?
      if let value = fields["warn"] {
        let words = words(value)
        guard words.count == 3 else {
          note(
            Place(value), "missing_warnings", "warn 须恰有黄、橙、红三级",
            "warn must have three levels: yellow, orange, red")
          return nil
        }
        warnings = StageLimit.Warnings(
          reminder: reminder, yellow: try WarningPoint(parsing: words[0].word),
          orange: try WarningPoint(parsing: words[1].word),
          red: try WarningPoint(parsing: words[2].word))
      }
      return try StageLimit(
        base: base, urgent: urgent, isStatutory: flag(fields["statutory"]), warnings: warnings)
    } catch {
      note(Place(limit), error.code.word, error.chinese, error.english)
      return nil
    }
  }

  /// The tables of holidays by year.
  mutating func years(_ value: YAMLValue?) -> [WorkingCalendar.Year] {
    var tables: [WorkingCalendar.Year] = []
    for entry in entries(value) {
      guard let year = Int(entry.key), (1_900...2_999).contains(year) else {
        note(
          Place(entry), "malformed_year", "“\(entry.key)”不是年份", "'\(entry.key)' is no year")
        continue
      }
      guard let fields = fields(of: entry.value, allowed: ["off", "work"], required: ["off"]) else {
        continue
      }
      let table = WorkingCalendar.Year(
        year, daysOff: days(fields["off"]), workingWeekendDays: days(fields["work"]))
      do throws(CalendarError) {
        _ = try WorkingCalendar(years: [table])
        tables.append(table)
      } catch {
        note(Place(entry), error.code.word, error.chinese, error.english)
      }
    }
    return tables
  }

  private mutating func days(_ value: YAMLValue?) -> [CalendarDay] {
    var days: [CalendarDay] = []
    for (word, place) in words(value) {
      if let day = CalendarDay(word) {
        days.append(day)
      } else {
        note(
          place, "malformed_date", "“\(word)”不是日期,应形如 2026-10-01",
          "'\(word)' is no date; write it as in 2026-10-01")
      }
    }
    return days
  }
}
