import Regions
import Testing

@Suite struct CalendarDayTests {
  @Test(arguments: ["2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31", "2025-04-30"])
  func existingDaysAreReadAndWrittenBack(_ text: String) throws {
    #expect(try #require(CalendarDay(text)).description == text)
  }

  @Test(arguments: [
    "2023-02-29", "1900-02-29", "2025-04-31", "2025-13-01", "2025-00-10", "2025-01-00",
    "0000-01-01", "2025-1-01", "2025/01/01", "2025-01-01 ", "-025-01-01", "２025-01-01", "",
  ])
  func daysThatDoNotExistAreRefused(_ text: String) {
    #expect(CalendarDay(text) == nil)
  }

  @Test func everyFourHundredYearsHave146097Days() {
    var days = 0
    for year in 1601...2000 {
      for month in 1...12 {
        for day in 1...31 where CalendarDay(year: year, month: month, day: day) != nil { days += 1 }
      }
    }
    #expect(days == 146_097)
  }

  @Test func periodsOverlapExactlyWhenADayLiesInBoth() throws {
    // Five days, and every period over them, compared day by day.
    let days = try (1...5).map { try #require(CalendarDay(year: 2025, month: 1, day: $0)) }
    let ends: [CalendarDay?] = [nil, days[1], days[2], days[3]]
    var periods: [DayPeriod] = []
    for from in ends {
      for to in ends {
        if let from, let to, to < from {
          #expect(DayPeriod(from: from, to: to) == nil)
        } else {
          periods.append(try #require(DayPeriod(from: from, to: to)))
        }
      }
    }
    for a in periods {
      for b in periods {
        let shared = days.contains { a.contains($0) && b.contains($0) }
        #expect(a.overlaps(b) == shared, "\(a) and \(b)")
      }
    }
  }
}
