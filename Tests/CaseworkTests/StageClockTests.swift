import Casework
import Regions
import Testing

struct StageClockTests {
  private let calendar: WorkingCalendar

  init() throws { calendar = try SampleCalendar.make() }

  private func clock(
    _ rule: StageLimit, entry: String, due: String? = nil, isUrgent: Bool = false,
    suspended: [(from: String, to: String?)] = [], extended: [String] = []
  ) throws -> StageClock {
    try StageClock(
      limit: rule, entryMilliseconds: try SampleCalendar.instant(entry),
      orderedDueMilliseconds: try due.map { try SampleCalendar.instant($0) }, isUrgent: isUrgent,
      suspensions: try suspended.map {
        Suspension(
          fromMilliseconds: try SampleCalendar.instant($0.from),
          toMilliseconds: try $0.to.map { try SampleCalendar.instant($0) })
      },
      extensions: try extended.map { try TimeLimit(parsing: $0) }, calendar: calendar)
  }

  /// Deadline and levels, `-` for what is not known, as `02-27 24:00` of the year.
  private func marks(_ clock: StageClock) throws -> [String] {
    let instants =
      [try clock.deadlineMilliseconds()]
      + (try WarningLevel.allCases.map { try clock.milliseconds(of: $0) })
    return try instants.map { try SampleCalendar.text($0).map { String($0.dropFirst(5)) } ?? "-" }
  }

  @Test func hoursRunThroughNightAndFestival() throws {
    let rule = try StageLimitTests.rule("24h")
    #expect(
      try marks(clock(rule, entry: "2026-02-16 20:00")) == [
        "02-17 20:00", "02-17 15:12", "02-17 20:00", "02-18 08:00", "02-18 20:00",
      ])
  }

  @Test func workingDaysSkipTheFestivalAndCountTheSaturdaysWorkedForIt() throws {
    let rule = try StageLimitTests.rule("7wd", statutory: true, "- 5wd 6wd 7wd")
    #expect(
      try marks(clock(rule, entry: "2026-02-13 17:00")) == [
        "03-02 24:00", "-", "02-27 24:00", "02-28 24:00", "03-02 24:00",
      ])
  }

  @Test func fourAndAHalfWorkingDaysEndAtNoonOfTheFifth() throws {
    let rule = try StageLimitTests.rule("3wd")
    #expect(
      try marks(clock(rule, entry: "2026-03-02 09:00")) == [
        "03-05 24:00", "03-05 09:36", "03-05 24:00", "03-09 12:00", "03-10 24:00",
      ])
  }

  @Test func ninetyDaysAreCalendarDays() throws {
    let rule = try StageLimitTests.rule("90d", statutory: true, "- 60d 75d 90d")
    #expect(
      try marks(clock(rule, entry: "2026-01-05 09:00")) == [
        "04-05 24:00", "-", "03-06 24:00", "03-21 24:00", "04-05 24:00",
      ])
  }

  @Test(arguments: [
    ("2026-03-01 23:59", "1d", "03-02 24:00"), ("2026-03-02 00:00", "1d", "03-03 24:00"),
    ("2026-03-02 08:00", "1d", "03-03 24:00"), ("2026-03-02 07:59", "1d", "03-03 24:00"),
    ("2026-03-07 12:00", "1wd", "03-09 24:00"), ("2026-03-06 12:00", "0.5wd", "03-09 12:00"),
    ("2024-02-28 10:00", "1d", "02-29 24:00"), ("2024-02-28 10:00", "1wd", "02-29 24:00"),
    ("2024-02-28 10:00", "24h", "02-29 10:00"), ("2024-02-29 10:00", "1wd", "03-01 24:00"),
    ("2024-02-28 10:00", "1.25d", "03-01 06:00"), ("2026-02-28 10:00", "1d", "03-01 24:00"),
    ("2026-02-28 10:00", "24h", "03-01 10:00"), ("2024-12-31 23:59", "2wd", "01-03 24:00"),
    ("2025-03-29 12:00", "24h", "03-30 12:00"), ("2025-10-25 12:00", "48h", "10-27 12:00"),
  ])
  func dayOfEntryDoesNotCount(entry: String, limit: String, deadline: String) throws {
    let rule = try StageLimitTests.rule(limit)
    #expect(try marks(clock(rule, entry: entry))[0] == deadline)
  }

  @Test func suspendedHoursDoNotCount() throws {
    let rule = try StageLimitTests.rule("4h")
    func deadline(_ suspended: [(from: String, to: String?)]) throws -> String {
      try marks(clock(rule, entry: "2026-03-02 10:00", suspended: suspended))[0]
    }
    #expect(try deadline([("2026-03-02 11:00", "2026-03-02 15:00")]) == "03-02 18:00")
    #expect(try deadline([("2026-03-01 11:00", "2026-03-02 11:00")]) == "03-02 15:00")
    #expect(try deadline([("2026-03-01 11:00", "2026-03-02 09:00")]) == "03-02 14:00")
    // A suspension that begins with the deadline moves it; one that begins later does not.
    #expect(try deadline([("2026-03-02 14:00", "2026-03-03 08:00")]) == "03-03 08:00")
    #expect(try deadline([("2026-03-02 14:01", nil)]) == "03-02 14:00")
    #expect(
      try deadline([
        ("2026-03-02 13:00", "2026-03-02 16:00"), ("2026-03-02 11:00", "2026-03-02 12:00"),
        ("2026-03-02 11:30", "2026-03-02 13:00"), ("2026-03-02 16:00", "2026-03-02 12:00"),
      ]) == "03-02 19:00")
  }

  @Test func dayWhoseEndIsSuspendedDoesNotCount() throws {
    let rule = try StageLimitTests.rule("3wd")
    func marks(_ suspended: [(from: String, to: String?)]) throws -> [String] {
      Array(
        try self.marks(clock(rule, entry: "2026-03-02 09:00", suspended: suspended)).prefix(2))
    }
    #expect(
      try marks([("2026-03-03 09:00", "2026-03-03 18:00")]) == ["03-05 24:00", "03-05 09:36"])
    #expect(
      try marks([("2026-03-03 12:00", "2026-03-04 09:00")]) == ["03-06 24:00", "03-06 09:36"])
    #expect(
      try marks([("2026-03-05 08:00", "2026-03-05 20:00")]) == ["03-05 24:00", "03-05 20:00"])
    // Two that touch are one.
    #expect(
      try marks([
        ("2026-03-05 09:00", "2026-03-05 12:00"), ("2026-03-05 12:00", "2026-03-05 13:00"),
      ])
        == ["03-05 24:00", "03-05 13:00"])
    // [from, to): a suspension that ends with the day lets it count, one that begins then does not.
    #expect(try marks([("2026-03-05 20:00", "2026-03-05 24:00")])[0] == "03-05 24:00")
    #expect(try marks([("2026-03-05 24:00", "2026-03-06 01:00")])[0] == "03-06 24:00")
  }

  @Test func openSuspensionPausesTheClock() throws {
    let rule = try StageLimitTests.rule("3wd", "- 1wd 2wd 3wd")
    let clock = try clock(rule, entry: "2026-03-02 09:00", suspended: [("2026-03-04 12:00", nil)])
    #expect(try marks(clock) == ["-", "-", "03-03 24:00", "-", "-"])
    let reading = try clock.reading(atMilliseconds: SampleCalendar.instant("2026-06-01 00:00"))
    #expect(reading.state == .suspended && reading.reached == [.yellow])
    #expect(reading.remainingMilliseconds == nil && !reading.isOverdue)
  }

  @Test func openSuspensionNeedsNoTableForTheYearsItLasts() throws {
    let rule = try StageLimitTests.rule("3wd")
    let paused = try clock(rule, entry: "2026-12-30 09:00", suspended: [("2026-12-31 12:00", nil)])
    #expect(try marks(paused) == ["-", "-", "-", "-", "-"])
    let now = try SampleCalendar.instant("2031-06-01 00:00")
    #expect(try paused.reading(atMilliseconds: now).state == .suspended)
  }

  @Test func extensionMovesDeadlineAndLevels() throws {
    let total = try StageLimitTests.rule("60d", statutory: true, "- 45d 55d 60d")
    #expect(
      try marks(clock(total, entry: "2026-01-05 09:00", extended: ["30d"])) == [
        "04-05 24:00", "-", "03-21 24:00", "03-31 24:00", "04-05 24:00",
      ])
    let filing = try StageLimitTests.rule("7wd", statutory: true, "- 5wd 6wd 7wd")
    #expect(
      try marks(clock(filing, entry: "2026-02-13 17:00", extended: ["30d"])) == [
        "04-01 24:00", "-", "03-29 24:00", "03-30 24:00", "04-01 24:00",
      ])
    let sign = try StageLimitTests.rule("4h")
    #expect(
      try marks(clock(sign, entry: "2026-03-02 10:00", extended: ["2h", "1wd"])) == [
        "03-03 24:00", "03-03 24:00", "03-03 24:00", "03-04 02:00", "03-04 04:00",
      ])
  }

  @Test func extensionsOfOneUnitAddUpBeforeTheyAreCounted() throws {
    let rule = try StageLimitTests.rule("2.5wd")
    let extended = ["0.5wd", "1wd"]
    #expect(
      try marks(clock(rule, entry: "2026-03-02 09:00", extended: extended))[0] == "03-06 24:00")
  }

  @Test func orderedDueTimeHoldsAndItsWarningsFollow() throws {
    let rule = try StageLimitTests.rule("15d", ordered: true, "- due due+3d due+7d")
    func marks(
      _ due: String?, _ suspended: [(from: String, to: String?)] = [], extended: [String] = []
    ) throws -> [String] {
      try self.marks(
        clock(
          rule, entry: "2026-03-02 09:00", due: due, suspended: suspended, extended: extended))
    }
    let whole = ["03-10 24:00", "-", "03-10 24:00", "03-13 24:00", "03-17 24:00"]
    #expect(try marks("2026-03-10 24:00") == whole)
    #expect(try marks("2026-03-10 24:00", [("2026-03-04 00:00", "2026-03-08 00:00")]) == whole)
    #expect(
      try marks("2026-03-10 12:00")
        == ["03-10 12:00", "-", "03-10 12:00", "03-13 24:00", "03-17 24:00"])
    #expect(
      try marks("2026-03-10 24:00", [("2026-03-10 20:00", "2026-03-12 08:00")])[0]
        == "03-12 08:00")
    #expect(try marks("2026-03-10 24:00", extended: ["5d"])[3] == "03-18 24:00")
    #expect(try marks(nil) == ["03-17 24:00", "-", "03-17 24:00", "03-20 24:00", "03-24 24:00"])
  }

  @Test func urgentCaseHasItsOwnLimitUnlessADueTimeIsOrdered() throws {
    let sign = try StageLimitTests.rule("4h", urgent: "30min")
    #expect(
      try marks(clock(sign, entry: "2026-03-02 10:00", isUrgent: true)) == [
        "03-02 10:30", "03-02 10:24", "03-02 10:30", "03-02 10:45", "03-02 11:00",
      ])
    let rectify = try StageLimitTests.rule(
      "15d", ordered: true, urgent: "24h", "- due due+3d due+7d")
    #expect(
      try marks(clock(rectify, entry: "2026-03-02 10:00", isUrgent: true))[0] == "03-03 10:00")
    #expect(
      try marks(
        clock(rectify, entry: "2026-03-02 10:00", due: "2026-03-20 24:00", isUrgent: true))[0]
        == "03-20 24:00")
  }

  @Test func stageWithoutALimitHasNoDeadline() throws {
    let rule = try StageLimitTests.rule(nil, ordered: true, "- due due+7d due+15d")
    let clock = try clock(
      rule, entry: "2026-03-02 10:00", suspended: [("2026-03-02 11:00", nil)], extended: ["3d"])
    #expect(try marks(clock) == ["-", "-", "-", "-", "-"])
    let reading = try clock.reading(atMilliseconds: SampleCalendar.instant("2026-03-03 10:00"))
    #expect(reading.state == .notLimited && reading.level == nil && !clock.isLimited)
  }

  @Test func readingTurnsAtTheInstantAndNotBefore() throws {
    let clock = try clock(StageLimitTests.rule("4h"), entry: "2026-03-02 10:00")
    let due = try SampleCalendar.instant("2026-03-02 14:00")
    let before = try clock.reading(atMilliseconds: due - 1)
    #expect(before.reached == [.reminder] && before.remainingMilliseconds == 1)
    let at = try clock.reading(atMilliseconds: due)
    #expect(at.reached == [.reminder, .yellow] && at.remainingMilliseconds == 0 && !at.isOverdue)
    let after = try clock.reading(atMilliseconds: due + 1)
    #expect(after.level == .yellow && after.remainingMilliseconds == -1 && after.isOverdue)
    let late = try clock.reading(atMilliseconds: due + 86_400_000)
    #expect(late.reached == WarningLevel.allCases)
  }

  @Test func clockThatStepsBackReadsAsItDidThen() throws {
    let clock = try clock(StageLimitTests.rule("4h"), entry: "2026-03-02 10:00")
    let entry = try SampleCalendar.instant("2026-03-02 10:00")
    let hour: Int64 = 3_600_000
    let late = try clock.reading(atMilliseconds: entry + 8 * hour)
    let early = try clock.reading(atMilliseconds: entry - hour)
    #expect(early.state == .running && early.reached.isEmpty)
    #expect(early.remainingMilliseconds == 5 * hour)
    #expect(try clock.reading(atMilliseconds: entry + 8 * hour) == late)
  }

  @Test func missingYearIsAnErrorOnlyOnceItMatters() throws {
    let rule = try StageLimitTests.rule("3wd", "- 1wd 3wd 4.5wd")
    let clock = try clock(rule, entry: "2026-12-30 10:00")
    #expect(throws: CalendarError.missingYear(2027)) { try clock.deadlineMilliseconds() }
    #expect(throws: CalendarError.missingYear(2027)) { try clock.milliseconds(of: .red) }
    let newYear = try SampleCalendar.instant("2027-01-01 00:00")
    #expect(try clock.milliseconds(of: .yellow) == newYear)
    let before = try clock.reading(atMilliseconds: newYear - 1)
    #expect(before.missingYear == 2027 && before.deadlineMilliseconds == nil)
    #expect(before.state == .running && before.reached.isEmpty)
    #expect(throws: CalendarError.missingYear(2027)) {
      try clock.reading(atMilliseconds: newYear)
    }
    let calendarDays = try self.clock(StageLimitTests.rule("15d"), entry: "2026-12-30 10:00")
    #expect(try marks(calendarDays)[0] == "01-14 24:00")
  }
}
