import Casework
import Foundation
import Regions
import Testing

/// The tables of holidays that the tests use, as their file has them.
struct HolidayTables: Codable {
  struct Year: Codable {
    let off: [String]
    let work: [String]
  }

  let years: [String: Year]

  init() throws {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let file = tests.appending(path: "CaseworkTests/holidays.json")
    years = try JSONDecoder().decode([String: Year].self, from: Data(contentsOf: file))
  }

  func calendar() throws -> WorkingCalendar {
    try WorkingCalendar(
      years: years.map { year, table in
        WorkingCalendar.Year(
          try #require(Int(year)), daysOff: try table.off.map { try #require(CalendarDay($0)) },
          workingWeekendDays: try table.work.map { try #require(CalendarDay($0)) })
      })
  }
}

/// A case and the rule of its stage, as the oracle reads it.
struct DeadlineCase: Encodable {
  var isOrdered = false
  var limit: String?
  var urgent: String?
  var isUrgent = false
  var isStatutory = false
  var levels: [String: String]
  let entry: Int64
  var due: Int64?
  var suspensions: [[Int64?]]
  let extensions: [String]
  /// The instants at which to read the clock.
  var nows: [Int64] = []

  private static let minute: Int64 = 60_000
  private static let day = 1_440 * minute

  /// A random case. Its rule may be refused: whoever draws it draws again.
  init(using numbers: inout ModelNumbers) {
    let entry = Self.instant(using: &numbers)
    self.entry = entry
    let base = Self.limit(using: &numbers)
    levels = [:]
    suspensions = []
    extensions = (0..<[0, 0, 0, 1, 1, 2, 3][Int.random(in: 0..<7, using: &numbers)]).map { _ in
      Self.limit(using: &numbers).text
    }
    isUrgent = Int.random(in: 0..<3, using: &numbers) == 0
    switch Int.random(in: 0..<10, using: &numbers) {
    case 0..<3:
      limit = base.text
      urgent = Bool.random(using: &numbers) ? Self.limit(using: &numbers).text : nil
      levels = ["reminder": "80%", "yellow": "100%", "orange": "150%", "red": "200%"]
    case 3..<5:
      isStatutory = true
      limit = base.text
      levels = ["yellow": "\(Int.random(in: 1..<90, using: &numbers))%", "orange": "95%"]
      levels["red"] = Bool.random(using: &numbers) ? "due" : base.text
    case 5..<8:
      limit = base.text
      let parts = (0..<4).map { _ in Int64.random(in: 1...2_500, using: &numbers) }.sorted()
      for (level, part) in zip(["reminder", "yellow", "orange", "red"], parts) {
        let amount = max(1, base.thousandths * part / 1_000)
        levels[level] = Self.text(thousandths: amount, unit: base.unit)
      }
    default:
      isOrdered = true
      due = Int.random(in: 0..<5, using: &numbers) > 0 ? Self.near(entry, using: &numbers) : nil
      limit = Bool.random(using: &numbers) ? base.text : nil
      urgent = Bool.random(using: &numbers) ? Self.limit(using: &numbers).text : nil
      let unit = ["h", "wd", "d"][Int.random(in: 0..<3, using: &numbers)]
      levels = ["yellow": "due", "orange": "due+3\(unit)", "red": "due+7.5\(unit)"]
    }
    suspensions = (0..<[0, 0, 1, 2, 3, 5][Int.random(in: 0..<6, using: &numbers)]).map { _ in
      let from = Self.near(entry, using: &numbers)
      switch Int.random(in: 0..<12, using: &numbers) {
      case 0: return [from, nil]
      case 1: return [from, from - Self.day]
      case 2: return [from, from]
      default: return [from, Self.near(from, using: &numbers)]
      }
    }
    if suspensions.count > 2, let end = suspensions[0][1] { suspensions[1][0] = end }
  }

  /// Adds a suspension that begins at one of the instants, or beside it.
  mutating func suspend(at instants: [Int64], using numbers: inout ModelNumbers) {
    guard let instant = instants.sorted().randomElement(using: &numbers) else { return }
    let from = instant + Int64.random(in: -1...1, using: &numbers)
    suspensions.append([from, from + Int64.random(in: 1...3 * Self.day, using: &numbers)])
  }

  /// From the last days of 2023, which has no table, to the first of 2027, which has none either; often
  /// at or beside midnight of China or of UTC, often close to a festival or the end of a year.
  private static func instant(using numbers: inout ModelNumbers) -> Int64 {
    let days: [Int64] = [
      19_720, 19_760, 20_083, 20_110, 20_115, 20_360, 20_448, 20_485, 20_495, 20_725, 20_810,
    ]
    let day: Int64 =
      Bool.random(using: &numbers)
      ? days[Int.random(in: 0..<days.count, using: &numbers)]
        + Int64.random(in: -6...12, using: &numbers)
      : Int64.random(in: 19_715...20_825, using: &numbers)
    return day * Self.day + timeOfDay(using: &numbers)
  }

  /// Within some weeks, mostly after.
  private static func near(_ instant: Int64, using numbers: inout ModelNumbers) -> Int64 {
    let days = Int64.random(in: -4...18, using: &numbers)
    let day = instant / Self.day + (Bool.random(using: &numbers) ? days : days / 4)
    return day * Self.day + timeOfDay(using: &numbers)
  }

  private static func timeOfDay(using numbers: inout ModelNumbers) -> Int64 {
    let midnights: [Int64] = [0, 16 * 60 * minute]
    let time =
      Bool.random(using: &numbers)
      ? midnights[Int.random(in: 0..<2, using: &numbers)]
      : Int64.random(in: 0..<Self.day, using: &numbers)
    return time + Int64.random(in: -1...1, using: &numbers)
  }

  private static func limit(
    using numbers: inout ModelNumbers
  ) -> (text: String, thousandths: Int64, unit: String) {
    let unit = ["h", "wd", "d"][Int.random(in: 0..<3, using: &numbers)]
    let most: Int64 = unit == "h" ? 60_000 : unit == "wd" ? 12_000 : 30_000
    var amount = Int64.random(in: 1...most, using: &numbers)
    switch Int.random(in: 0..<4, using: &numbers) {
    case 0: break
    case 1: amount = max(500, amount / 500 * 500)
    default: amount = max(1_000, amount / 1_000 * 1_000)
    }
    if unit == "h", Int.random(in: 0..<6, using: &numbers) == 0 { return ("30min", 500, unit) }
    return (text(thousandths: amount, unit: unit), amount, unit)
  }

  private static func text(thousandths: Int64, unit: String) -> String {
    "\(thousandths / 1_000).\(String(1_000 + thousandths % 1_000).dropFirst())\(unit)"
  }
}

extension DeadlineCase {
  /// - Throws: `LimitError` for a rule that is refused.
  func stageLimit() throws -> StageLimit {
    let limit = try limit.map { try TimeLimit(parsing: $0) }
    var points: [String: WarningPoint] = [:]
    for (name, text) in levels { points[name] = try WarningPoint(parsing: text) }
    let base: StageLimit.Base =
      isOrdered ? .asOrdered(fallback: limit) : .fixed(try #require(limit))
    return try StageLimit(
      base: base, urgent: try urgent.map { try TimeLimit(parsing: $0) }, isStatutory: isStatutory,
      warnings: StageLimit.Warnings(
        reminder: points["reminder"], yellow: try #require(points["yellow"]),
        orange: try #require(points["orange"]), red: try #require(points["red"])))
  }

  func clock(in calendar: WorkingCalendar) throws -> StageClock {
    try StageClock(
      limit: try stageLimit(), entryMilliseconds: entry, orderedDueMilliseconds: due,
      isUrgent: isUrgent,
      suspensions: try suspensions.map {
        Suspension(fromMilliseconds: try #require($0[0]), toMilliseconds: $0[1])
      },
      extensions: try extensions.map { try TimeLimit(parsing: $0) }, calendar: calendar)
  }
}
