package import Regions

/// Which days are working days (工作日): Monday to Friday, without the days off of the holidays
/// (放假), and the weekend days that are worked in exchange (调休上班).
///
/// The State Council's office publishes both for one year at a time, late in the year before. A year
/// without a table is an error, never a guess.
package struct WorkingCalendar: Hashable, Sendable {
  /// The table of one year.
  package struct Year: Hashable, Sendable {
    package let year: Int
    /// Days off. Those on a weekend may be left out.
    package let daysOff: [CalendarDay]
    /// Saturdays and Sundays that are worked.
    package let workingWeekendDays: [CalendarDay]

    package init(_ year: Int, daysOff: [CalendarDay], workingWeekendDays: [CalendarDay]) {
      self.year = year
      self.daysOff = daysOff
      self.workingWeekendDays = workingWeekendDays
    }

    /// The same days in ascending order.
    package var sorted: Year {
      Year(year, daysOff: daysOff.sorted(), workingWeekendDays: workingWeekendDays.sorted())
    }
  }

  /// No count runs over more days than this, which is some 27 years.
  package static let maximumDays = 10_000

  private let years: Set<Int>
  private let daysOff: Set<CalendarDay>
  private let workingWeekendDays: Set<CalendarDay>

  /// A calendar without any year.
  package init() { (years, daysOff, workingWeekendDays) = ([], [], []) }

  /// - Throws: `CalendarError` of code `badTable` for a year or a day that stands twice, a day of
  ///   another year, or a shifted working day that is no Saturday or Sunday.
  package init(years tables: [Year]) throws(CalendarError) {
    var years: Set<Int> = []
    var daysOff: Set<CalendarDay> = []
    var workingWeekendDays: Set<CalendarDay> = []
    for table in tables {
      guard years.insert(table.year).inserted else {
        throw .badTable(
          "\(table.year)年的节假日表出现两次：请删去一个",
          "the holiday table of \(table.year) stands twice: keep one of them")
      }
      for day in table.daysOff + table.workingWeekendDays where day.year != table.year {
        throw .badTable(
          "\(table.year)年的节假日表中有\(day)：请移到\(day.year)年",
          "the holiday table of \(table.year) holds \(day): move it to \(day.year)")
      }
      for day in table.workingWeekendDays where !day.isWeekend {
        throw .badTable(
          "调休上班日\(day)不是周六或周日：请核对日期",
          "\(day), given as a shifted working day, is no Saturday or Sunday: correct it")
      }
      for day in table.daysOff {
        guard daysOff.insert(day).inserted else { throw Self.doubled(day) }
      }
      for day in table.workingWeekendDays {
        guard !daysOff.contains(day), workingWeekendDays.insert(day).inserted else {
          throw Self.doubled(day)
        }
      }
    }
    self.years = years
    self.daysOff = daysOff
    self.workingWeekendDays = workingWeekendDays
  }

  /// The table of a year, its days in ascending order; `nil` where there is none.
  package func table(of year: Int) -> Year? {
    guard years.contains(year) else { return nil }
    return Year(
      year, daysOff: daysOff.filter { $0.year == year }.sorted(),
      workingWeekendDays: workingWeekendDays.filter { $0.year == year }.sorted())
  }

  /// Whether offices work on that day.
  ///
  /// - Throws: `CalendarError.missingYear` where the day's year has no table.
  package func isWorkingDay(_ day: CalendarDay) throws(CalendarError) -> Bool {
    guard years.contains(day.year) else { throw .missingYear(day.year) }
    return day.isWeekend ? workingWeekendDays.contains(day) : !daysOff.contains(day)
  }

  /// The first working day after that day.
  ///
  /// - Throws: `CalendarError` for a year without a table, or where no working day comes within
  ///   ``maximumDays``.
  package func nextWorkingDay(after day: CalendarDay) throws(CalendarError) -> CalendarDay {
    let number = day.number
    for step in 1...Self.maximumDays {
      guard let next = CalendarDay(number: number + step) else { break }
      if try isWorkingDay(next) { return next }
    }
    throw .tooFar(days: Self.maximumDays)
  }

  private static func doubled(_ day: CalendarDay) -> CalendarError {
    .badTable(
      "节假日表中\(day)出现两次：请删去一个", "\(day) stands twice in the holiday tables: keep one of them")
  }
}
