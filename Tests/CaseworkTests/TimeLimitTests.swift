import Testing

@testable import Casework

struct TimeLimitTests {
  @Test(arguments: [
    ("4h", 4_000, TimeLimit.Unit.hours, "4h"), ("30min", 500, .hours, "30min"),
    ("0.5h", 500, .hours, "30min"), ("3min", 50, .hours, "3min"), ("1.5min", 25, .hours, "0.025h"),
    ("90min", 1_500, .hours, "1.5h"), ("7wd", 7_000, .workingDays, "7wd"),
    ("4.5wd", 4_500, .workingDays, "4.5wd"), ("15d", 15_000, .calendarDays, "15d"),
    ("0.001d", 1, .calendarDays, "0.001d"), ("4.50wd", 4_500, .workingDays, "4.5wd"),
  ])
  func textReadsAsTheLimitAndBack(
    text: String, thousandths: Int64, unit: TimeLimit.Unit, written: String
  ) throws {
    let limit = try TimeLimit(parsing: text)
    #expect(limit.thousandths == thousandths && limit.unit == unit)
    #expect(limit.description == written)
    #expect(try TimeLimit(parsing: written) == limit)
  }

  @Test func everyLimitReadsBackAsWritten() throws {
    var numbers = SeededNumbers(seed: 17)
    for unit in TimeLimit.Unit.allCases {
      let amounts =
        Array(1...1_200) + [unit.maximumThousandths]
        + (0..<2_000).map { _ in
          Int64.random(in: 1...unit.maximumThousandths, using: &numbers)
        }
      for amount in amounts {
        let limit = try #require(TimeLimit(thousandths: amount, unit: unit))
        #expect(try TimeLimit(parsing: limit.description) == limit)
        #expect(try WarningPoint(parsing: "due+\(limit)") == .afterDue(limit))
      }
    }
  }

  @Test(arguments: [
    "", "h", "4", "4 h", "4H", "-4h", "+4h", "4.h", ".5h", "4.5.5h", "4.1234h", "4hh", "20min",
    "1.7min", "4w", "P1D", "４h", "1e3h", "9999999999h", "4,5h", "due",
  ])
  func whatIsNoLimitIsRefused(text: String) {
    let error = #expect(throws: LimitError.self) { try TimeLimit(parsing: text) }
    #expect(error?.code == .malformed)
    #expect(error.map { !$0.chinese.isEmpty && !$0.english.isEmpty } ?? false)
  }

  @Test(arguments: ["0h", "0.000wd", "0min", "3661d", "87841h", "999999999wd"])
  func limitOfNothingOrOfMoreThanTenYearsIsRefused(text: String) {
    let error = #expect(throws: LimitError.self) { try TimeLimit(parsing: text) }
    #expect(error?.code == .outOfRange)
  }

  @Test func amountsBeyondTheBoundsMakeNoLimit() {
    for unit in TimeLimit.Unit.allCases {
      for amount in [Int64.min, -1, 0, unit.maximumThousandths + 1, .max] {
        #expect(TimeLimit(thousandths: amount, unit: unit) == nil)
      }
    }
  }

  @Test func partIsRoundedUpAndNeverTraps() throws {
    let tiny = try #require(TimeLimit(thousandths: 1, unit: .hours))
    #expect(tiny.part(percent: 80) == tiny)
    #expect(tiny.part(percent: 150)?.thousandths == 2)
    #expect(try TimeLimit(parsing: "3wd").part(percent: 150)?.description == "4.5wd")
    #expect(try TimeLimit(parsing: "3660d").part(percent: 101) == nil)
    #expect(tiny.part(percent: .max) == nil)
    #expect(try TimeLimit(parsing: "3660d").part(percent: .max) == nil)
  }

  @Test func damagedTextNeverCrashesTheReader() {
    var numbers = SeededNumbers(seed: 23)
    let letters = Array("0123456789.hwdmin+%due ٣½")
    for _ in 0..<5_000 {
      let count = Int.random(in: 0...12, using: &numbers)
      let text = String((0..<count).compactMap { _ in letters.randomElement(using: &numbers) })
      if let limit = try? TimeLimit(parsing: text) {
        #expect((try? TimeLimit(parsing: limit.description)) == limit, "\(text)")
      }
      if let point = try? WarningPoint(parsing: text) {
        #expect((try? WarningPoint(parsing: point.description)) == point, "\(text)")
      }
    }
  }
}
