import Casework
import Regions
import Testing

/// What holds for every clock, and what no input can do to one.
struct StageClockPropertyTests {
  static let seeds: Range<UInt64> = 0..<400
  private static let day: Int64 = 86_400_000

  private struct Sample {
    let rule: StageLimit
    let entry: Int64
    let due: Int64
    let isUrgent: Bool
    let suspensions: [Suspension]
    let extensions: [TimeLimit]

    init(seed: UInt64) throws {
      var numbers = SeededNumbers(seed: seed)
      let rules = [
        try StageLimitTests.rule("4h", urgent: "30min"), try StageLimitTests.rule("3wd"),
        try StageLimitTests.rule("7wd", statutory: true, "- 5wd 6wd 7wd"),
        try StageLimitTests.rule("90d", statutory: true, "40d 60d 75d due"),
        try StageLimitTests.rule("15d", ordered: true, "- due due+3d due+7d"),
        try StageLimitTests.rule("2.5wd", "1.2wd 2.5wd due due+6h"),
      ]
      rule = rules[Int.random(in: 0..<rules.count, using: &numbers)]
      let entry = Int64.random(in: 1_704_100_000_000...1_770_000_000_000, using: &numbers)
      self.entry = entry
      due = entry + Int64.random(in: -2...30, using: &numbers) * day
      isUrgent = Bool.random(using: &numbers)
      suspensions = (0..<Int.random(in: 0...6, using: &numbers)).map { _ in
        let from = entry + Int64.random(in: -3 * day...20 * day, using: &numbers)
        let length = Int64.random(in: -day...10 * day, using: &numbers)
        let isOpen = Int.random(in: 0..<15, using: &numbers) == 0
        return Suspension(fromMilliseconds: from, toMilliseconds: isOpen ? nil : from + length)
      }
      extensions = try ["2wd", "3d", "5h", "0.5wd"].prefix(Int.random(in: 0...4, using: &numbers))
        .map { try TimeLimit(parsing: $0) }
    }

    func clock(_ suspensions: [Suspension]? = nil) throws -> StageClock {
      try StageClock(
        limit: rule, entryMilliseconds: entry, orderedDueMilliseconds: due, isUrgent: isUrgent,
        suspensions: suspensions ?? self.suspensions, extensions: extensions,
        calendar: SampleCalendar.make())
    }
  }

  @Test(arguments: seeds) func levelsAscendAndNothingLiesInASuspension(seed: UInt64) throws {
    let sample = try Sample(seed: seed)
    let clock = try sample.clock()
    var former = Int64.min
    for level in WarningLevel.allCases
    where level != .reminder || sample.rule.warnings.reminder != nil {
      // What an open suspension hides comes after everything that is known.
      let instant = try clock.milliseconds(of: level) ?? .max
      #expect(former <= instant, "seed \(seed)")
      former = instant
    }
    let marks =
      [try clock.deadlineMilliseconds()]
      + (try WarningLevel.allCases.map { try clock.milliseconds(of: $0) })
    for case let mark? in marks {
      for suspension in sample.suspensions {
        let end = suspension.toMilliseconds ?? .max
        #expect(mark < suspension.fromMilliseconds || end <= mark, "seed \(seed)")
      }
    }
  }

  @Test(arguments: seeds) func orderOfSuspensionsAndDoublesDoNotMatter(seed: UInt64) throws {
    let sample = try Sample(seed: seed)
    var numbers = SeededNumbers(seed: seed &+ 1)
    let doubled = (sample.suspensions + sample.suspensions.prefix(2)).shuffled(using: &numbers)
    #expect(try sample.clock(doubled) == sample.clock())
  }

  @Test(arguments: seeds) func laterReadingHasReachedAllThatAnEarlierOneHad(seed: UInt64) throws {
    let clock = try Sample(seed: seed).clock()
    var numbers = SeededNumbers(seed: seed &+ 2)
    let nows = (0..<20).map { _ in
      Int64.random(in: 1_704_000_000_000...1_780_000_000_000, using: &numbers)
    }
    var former: ClockReading?
    for now in nows.sorted() {
      let reading = try clock.reading(atMilliseconds: now)
      #expect(try clock.reading(atMilliseconds: now) == reading)
      #expect(Set(reading.reached).isSuperset(of: former?.reached ?? []))
      #expect(reading.reached == reading.reached.sorted())
      former = reading
    }
  }

  @Test func hostileInputsAreRefusedOrCountedAndNeverTrap() throws {
    let calendar = try SampleCalendar.make()
    let instants: [Int64] = [
      .min, .min + 1, -1 << 53, -62_135_625_600_000, -1, 0, 1_772_000_000_000, 253_402_271_999_999,
      253_402_272_000_000, 1 << 48, .max - 1, .max,
    ]
    let rules = [
      try StageLimitTests.rule("87840h", "- 87839h 87840h due+87840h"),
      try StageLimitTests.rule("3660d", "- 0.001d due due+3660d"),
      try StageLimitTests.rule("3660wd", "- 0.001wd due due+3660wd"),
      try StageLimitTests.rule(nil, ordered: true, "- due due+0.001h due+87840h"),
    ]
    let long = try ["87840h", "3660d", "3660wd"].map { try TimeLimit(parsing: $0) }
    for rule in rules {
      for entry in instants {
        for other in instants {
          let clock = try? StageClock(
            limit: rule, entryMilliseconds: entry, orderedDueMilliseconds: other,
            suspensions: [
              Suspension(fromMilliseconds: min(entry, other), toMilliseconds: max(entry, other))
            ], extensions: Array(repeating: long, count: 30).flatMap { $0 }, calendar: calendar)
          for now in instants {
            let remaining = try? clock?.reading(atMilliseconds: now).remainingMilliseconds
            if let remaining { #expect(abs(remaining) < 1 << 50) }
          }
        }
      }
    }
  }

  @Test func whatReachesTooFarIsAnErrorThatSaysSo() throws {
    let calendar = try SampleCalendar.make()
    let entry = try SampleCalendar.instant("2026-03-02 09:00")
    let decades = try TimeLimit(parsing: "3660d")
    func error(
      _ rule: String, _ extensions: [TimeLimit] = [], _ suspensions: [Suspension] = [],
      entry: Int64
    ) -> CalendarError? {
      #expect(throws: CalendarError.self) {
        try StageClock(
          limit: StageLimitTests.rule(rule), entryMilliseconds: entry, suspensions: suspensions,
          extensions: extensions, calendar: calendar
        ).deadlineMilliseconds()
      }
    }
    #expect(error("3d", [decades, decades, decades], entry: entry)?.code == .tooFar)
    let century = Suspension(
      fromMilliseconds: entry, toMilliseconds: entry + 36_500 * Self.day)
    #expect(error("3wd", [], [century], entry: entry)?.code == .tooFar)
    #expect(error("3d", [], [], entry: .max)?.code == .outOfRange)
    let end = try SampleCalendar.instant("9999-12-31 23:00")
    #expect(error("4h", entry: end)?.code == .outOfRange)
    #expect(error("1d", entry: end)?.code == .tooFar)
    let many = Array(repeating: century, count: StageClock.maximumSuspensions + 1)
    #expect(error("3d", [], many, entry: entry)?.code == .tooMany)
    let extensions = Array(repeating: decades, count: StageClock.maximumExtensions + 1)
    #expect(error("3d", extensions, entry: entry)?.code == .tooMany)
  }
}
