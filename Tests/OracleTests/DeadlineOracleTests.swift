import Casework
import Testing

/// Compares the clocks with a computation in Python, which looks at one day after the other.
@Suite(.serialized) struct DeadlineOracleTests {
  private static let seed: UInt64 = 20_260_214
  private static let caseCount = 6_000

  private struct Question: Encodable {
    let tables: [String: HolidayTables.Year]
    let cases: [DeadlineCase]
  }

  /// What both sides say about one case.
  private struct Answer: Decodable, Hashable {
    let marks: [String: String]
    let readings: [String]
  }

  @Test func clocksAgreeWithTheDayByDayComputationOnRandomCases() throws {
    let tables = try HolidayTables()
    let calendar = try tables.calendar()
    var numbers = ModelNumbers(seed: Self.seed)
    var cases: [DeadlineCase] = []
    var ours: [Answer] = []
    while cases.count < Self.caseCount {
      var drawn = DeadlineCase(using: &numbers)
      var clock = try drawn.clock(in: calendar)
      if Int.random(in: 0..<4, using: &numbers) == 0 {
        drawn.suspend(at: Self.marks(of: clock).values.compactMap { Int64($0) }, using: &numbers)
        clock = try drawn.clock(in: calendar)
      }
      let marks = Self.marks(of: clock)
      let later = Int64.random(in: 0..<2_000_000_000, using: &numbers)
      drawn.nows = [drawn.entry - 1, drawn.entry + later]
      for instant in marks.values.compactMap({ Int64($0) }).sorted() {
        drawn.nows.append(instant + Int64.random(in: -1...1, using: &numbers))
      }
      ours.append(
        Answer(marks: marks, readings: drawn.nows.map { Self.reading(of: clock, at: $0) }))
      cases.append(drawn)
    }
    let oracle = PythonOracle(script: "deadlines.py")
    let question = Question(tables: tables.years, cases: cases)
    guard let answers: [Answer] = try oracle.answer(to: question) else {
      print("skipped: python3 is not here to compute the deadlines")
      return
    }
    try #require(answers.count == cases.count)
    for (index, (mine, theirs)) in zip(ours, answers).enumerated() {
      #expect(mine == theirs, "seed \(Self.seed), case \(index): \(cases[index])")
    }
    report(ours, cases)
  }

  /// Cases that show none of these would prove nothing.
  private func report(_ answers: [Answer], _ cases: [DeadlineCase]) {
    let marks = answers.flatMap { $0.marks.values }
    let readings = answers.flatMap(\.readings)
    let known = marks.count { Int64($0) != nil }
    let missing = marks.count { $0.hasPrefix("missing") }
    let paused = zip(answers, cases).count { answer, drawn in
      answer.marks["deadline"] == "none" && drawn.suspensions.contains { $0[1] == nil }
    }
    let suspended = readings.count { $0.hasPrefix("suspended") }
    let red = readings.count { $0.contains("red") }
    print(
      """
      \(cases.count) cases: \(known) instants, \(missing) in a year without a table, \(paused) paused \
      deadlines; \(readings.count) readings, \(suspended) suspended, \(red) red
      """)
    #expect(known > 15_000 && missing > 500 && paused > 50 && suspended > 1_000 && red > 2_000)
  }

  private static func marks(of clock: StageClock) -> [String: String] {
    var marks = ["deadline": text { () throws(CalendarError) in try clock.deadlineMilliseconds() }]
    for level in WarningLevel.allCases {
      marks[level.rawValue] = text { () throws(CalendarError) in
        try clock.milliseconds(of: level)
      }
    }
    return marks
  }

  private static func text(_ instant: () throws(CalendarError) -> Int64?) -> String {
    do {
      return try instant().map(String.init) ?? "none"
    } catch {
      return text(error)
    }
  }

  private static func text(_ error: CalendarError) -> String {
    error.missingYear.map { "missing \($0)" } ?? error.code.word
  }

  private static func reading(of clock: StageClock, at now: Int64) -> String {
    do {
      let reading = try clock.reading(atMilliseconds: now)
      let reached = reading.reached.map(\.rawValue).joined(separator: "+")
      return [
        reading.state.rawValue, reached.isEmpty ? "-" : reached,
        reading.remainingMilliseconds.map(String.init) ?? "-",
        reading.missingYear.map(String.init) ?? "-",
      ].joined(separator: " ")
    } catch {
      return text(error)
    }
  }
}
