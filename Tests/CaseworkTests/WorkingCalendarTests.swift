import Foundation
import Regions
import Testing

@testable import Casework

struct WorkingCalendarTests {
  @Test func numbersOfDaysAreThoseOfFoundationsCalendar() throws {
    var gregorian = Calendar(identifier: .gregorian)
    gregorian.timeZone = try #require(TimeZone(secondsFromGMT: 8 * 3600))
    var numbers = SeededNumbers(seed: 3)
    // Foundation's calendar is Julian before October 1582.
    for number in (0..<3_000).map({ _ in Int.random(in: -140_000...2_932_896, using: &numbers) }) {
      let day = try #require(CalendarDay(number: number))
      #expect(day.number == number)
      let date = Date(
        timeIntervalSince1970: Double(ChinaTime.startMilliseconds(of: day)) / 1_000)
      let parts = gregorian.dateComponents([.year, .month, .day, .weekday], from: date)
      #expect(parts.year == day.year && parts.month == day.month && parts.day == day.day)
      #expect((parts.weekday == 1 || parts.weekday == 7) == day.isWeekend)
    }
  }

  @Test func everyDayOfTheCalendarFollowsTheOneBefore() throws {
    var former = try SampleCalendar.day("0001-01-01")
    #expect(former.number == CalendarDay.numbers.lowerBound)
    #expect(try SampleCalendar.day("9999-12-31").number == CalendarDay.numbers.upperBound)
    for number in CalendarDay.numbers.dropFirst() {
      guard let day = CalendarDay(number: number) else { break }
      let isNextDay = day.day == former.day + 1 && day.month == former.month
      guard isNextDay || day.day == 1 && day > former && day.number == number else {
        Issue.record("\(day) after \(former)")
        return
      }
      former = day
    }
    #expect(former == (try SampleCalendar.day("9999-12-31")))
    for number in [-719_163, 2_932_897, .min, .max] { #expect(CalendarDay(number: number) == nil) }
  }

  @Test(arguments: [
    ("2026-02-13", true), ("2026-02-14", true), ("2026-02-15", false), ("2026-02-23", false),
    ("2026-02-24", true), ("2026-02-28", true), ("2026-03-01", false), ("2025-10-08", false),
    ("2025-10-11", true), ("2024-02-09", true), ("2024-02-29", true), ("2026-01-04", true),
  ])
  func festivalsAreOffAndTheirWeekendsWorked(text: String, isWorked: Bool) throws {
    let calendar = try SampleCalendar.make()
    #expect(try calendar.isWorkingDay(try SampleCalendar.day(text)) == isWorked)
  }

  /// The yearly counts of working days that employers reckon with.
  @Test(arguments: [(2024, 251), (2025, 248), (2026, 248)])
  func yearHasItsNumberOfWorkingDays(year: Int, count: Int) throws {
    let calendar = try SampleCalendar.make()
    let first = try #require(CalendarDay(year: year, month: 1, day: 1)).number
    let last = try #require(CalendarDay(year: year, month: 12, day: 31)).number
    var worked = 0
    for number in first...last
    where try calendar.isWorkingDay(#require(CalendarDay(number: number))) {
      worked += 1
    }
    #expect(worked == count)
  }

  @Test func nextWorkingDaySkipsTheFestival() throws {
    let calendar = try SampleCalendar.make()
    let next = try calendar.nextWorkingDay(after: SampleCalendar.day("2026-02-14"))
    #expect(next.description == "2026-02-24")
    #expect(
      try calendar.nextWorkingDay(after: SampleCalendar.day("2025-09-30")).description
        == "2025-10-09")
  }

  @Test func yearWithoutATableIsAnErrorThatSaysWhatToDo() throws {
    let calendar = try SampleCalendar.make()
    let day = try SampleCalendar.day("2027-01-04")
    let error = #expect(throws: CalendarError.self) { try calendar.isWorkingDay(day) }
    #expect(error?.code == .missingYear)
    #expect(error == .missingYear(2027))
    for language in Language.allCases {
      let message = error?.message(in: language) ?? ""
      #expect(message.contains("2027") && message.contains("holidays"))
    }
    let last = try SampleCalendar.day("2026-12-31")
    #expect(throws: CalendarError.missingYear(2027)) { try calendar.nextWorkingDay(after: last) }
  }

  @Test func searchForAWorkingDayEnds() throws {
    let years = (1_000...1_040).map { year in
      let first = CalendarDay(year: year, month: 1, day: 1)?.number ?? 0
      let days = (first..<(first + 366)).compactMap { CalendarDay(number: $0) }
      return WorkingCalendar.Year(
        year, daysOff: days.filter { $0.year == year }, workingWeekendDays: [])
    }
    let calendar = try WorkingCalendar(years: years)
    let error = #expect(throws: CalendarError.self) {
      try calendar.nextWorkingDay(after: SampleCalendar.day("1000-01-01"))
    }
    #expect(error?.code == .tooFar)
    #expect(throws: CalendarError.self) {
      try calendar.nextWorkingDay(after: SampleCalendar.day("9999-12-31"))
    }
  }

  @Test func tableThatContradictsItselfIsRefused() throws {
    func code(
      off: [String] = [], work: [String] = [], years: [Int] = [2026]
    ) throws -> CalendarError.Code? {
      let tables = try years.map {
        WorkingCalendar.Year(
          $0, daysOff: try off.map { try SampleCalendar.day($0) },
          workingWeekendDays: try work.map { try SampleCalendar.day($0) })
      }
      let result = Result { () throws(CalendarError) in try WorkingCalendar(years: tables) }
      guard case .failure(let error) = result else { return nil }
      #expect(!error.chinese.isEmpty && !error.english.isEmpty)
      return error.code
    }
    #expect(try code(off: ["2026-02-15", "2026-02-16"], work: ["2026-02-14"]) == nil)
    #expect(try code(years: [2026, 2026]) == .badTable)
    #expect(try code(off: ["2025-02-16"]) == .badTable)
    #expect(try code(off: ["2026-02-16", "2026-02-16"]) == .badTable)
    #expect(try code(off: ["2026-02-14"], work: ["2026-02-14"]) == .badTable)
    #expect(try code(work: ["2026-02-14", "2026-02-14"]) == .badTable)
    #expect(try code(work: ["2026-02-13"]) == .badTable)
  }

  @Test func dayBeginsAtMidnightOfChinaInEverySeason() throws {
    for text in ["1988-07-01", "2024-02-29", "2026-03-29", "2026-10-25"] {
      let day = try SampleCalendar.day(text)
      let start = ChinaTime.startMilliseconds(of: day)
      #expect((start + 8 * 3_600_000) % 86_400_000 == 0)
      #expect(ChinaTime.endMilliseconds(of: day) - start == 86_400_000)
      #expect(try ChinaTime.day(atMilliseconds: start) == day)
      #expect(try ChinaTime.day(atMilliseconds: start - 1) < day)
      #expect(try ChinaTime.day(atMilliseconds: start + 86_399_999) == day)
    }
    for instant in [Int64.min, .max, -1 << 60, ChinaTime.instants.upperBound] {
      #expect(throws: CalendarError.self) { try ChinaTime.day(atMilliseconds: instant) }
    }
  }
}
