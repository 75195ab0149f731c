import Casework
import Regions
import Testing

struct StageLimitTests {
  /// A rule from text, as a process file has it; the levels are reminder (`-` for none), yellow,
  /// orange and red.
  static func rule(
    _ limit: String?, ordered: Bool = false, urgent: String? = nil, statutory: Bool = false,
    _ levels: String? = nil
  ) throws -> StageLimit {
    let limit = try limit.map { try TimeLimit(parsing: $0) }
    let warnings = try levels.map { text in
      let points = try text.split(separator: " ").map {
        $0 == "-" ? nil : try WarningPoint(parsing: $0)
      }
      try #require(points.count == 4)
      return StageLimit.Warnings(
        reminder: points[0], yellow: try #require(points[1]), orange: try #require(points[2]),
        red: try #require(points[3]))
    }
    return try StageLimit(
      base: ordered ? .asOrdered(fallback: limit) : .fixed(try #require(limit)),
      urgent: try urgent.map { try TimeLimit(parsing: $0) }, isStatutory: statutory,
      warnings: warnings)
  }

  @Test func operationalStageWithoutLevelsHasTheStandardOnes() throws {
    let rule = try Self.rule("4h", urgent: "30min")
    #expect(rule.warnings == .operational)
    let written = [rule.warnings.yellow, rule.warnings.orange, rule.warnings.red].map(\.description)
    #expect(written == ["100%", "150%", "200%"])
    #expect(rule.warnings.reminder == .percent(80))
    #expect(WarningLevel.allCases == WarningLevel.allCases.sorted())
    #expect(WarningLevel.allCases.filter(\.isScored) == [.yellow, .orange, .red])
  }

  /// The limits and warnings of the stage table, with the row each stands for.
  @Test(arguments: [
    ("2h", false, "- 2h 3h 4h"), ("24h", false, "80% 24h 36h 48h"), ("7wd", true, "- 5wd 6wd 7wd"),
    ("90d", true, "- 60d 75d due"), ("30d", true, "- 20d 25d 30d"),
    ("3wd", false, "80% 3wd 4.5wd 6wd"), ("60d", true, "- 45d 55d 100%"),
    ("4h", false, "- due due+2h due+4h"), ("3wd", false, "- 3wd due due+1d"),
  ])
  func rulesOfTheStageTableAreTaken(limit: String, statutory: Bool, levels: String) throws {
    _ = try Self.rule(limit, statutory: statutory, levels)
  }

  @Test func rulesWithAnOrderedDueTimeAreTaken() throws {
    _ = try Self.rule("15d", ordered: true, "- due due+3d due+7d")
    _ = try Self.rule(nil, ordered: true, urgent: "3d", statutory: true, "due due due+7d due+15d")
  }

  private static let contradictions:
    [(limit: String, urgent: String?, statutory: Bool, levels: String?, code: LimitError.Code)] = [
      ("4h", nil, false, "- 6h 4h 8h", .outOfOrder),
      ("4h", nil, false, "100% 80% 150% 200%", .outOfOrder),
      ("4h", nil, false, "- 4h 8h 6h", .outOfOrder),
      ("4h", nil, false, "- due+1h due due+2h", .outOfOrder),
      ("4h", nil, false, "- 5h due 6h", .outOfOrder),
      ("4h", nil, false, "- 6h due+1h due+2h", .outOfOrder),
      ("7wd", nil, false, "- 5d 6wd 7wd", .unitsDiffer),
      ("7wd", nil, false, "- 8wd due+3d due+7d", .unitsDiffer),
      ("4h", nil, false, "- due+1h due+3d due+7d", .unitsDiffer),
      ("4h", "30min", false, "80% 4h 150% 200%", .unsuitable),
      ("7wd", nil, true, "- 5wd 6wd 6.5wd", .unsuitable),
      ("7wd", nil, true, "- 5wd 7wd 8wd", .unsuitable),
      ("7wd", nil, true, "- due due due", .unsuitable),
      ("7wd", nil, true, nil, .missingWarnings),
      ("3660d", nil, false, nil, .outOfRange),
      ("4h", "87840h", false, nil, .outOfRange),
    ]

  @Test func ruleThatContradictsItselfIsRefused() {
    for rule in Self.contradictions {
      let error = #expect(throws: LimitError.self, "\(rule)") {
        try Self.rule(
          rule.limit, urgent: rule.urgent, statutory: rule.statutory, rule.levels)
      }
      #expect(error?.code == rule.code, "\(rule)")
      #expect(error.map { !$0.chinese.isEmpty && !$0.english.isEmpty } ?? false)
    }
  }

  @Test func ruleThatAnOrderedDueTimeCannotFollowIsRefused() {
    let rules: [(levels: String?, code: LimitError.Code)] = [
      (nil, .missingWarnings), ("80% due due+3d due+7d", .unsuitable),
      ("- 3d due due+7d", .unsuitable), ("- due due+7d due+3d", .outOfOrder),
      ("- due due+3d due+7wd", .unitsDiffer),
    ]
    for (levels, code) in rules {
      let error = #expect(throws: LimitError.self) { try Self.rule("15d", ordered: true, levels) }
      #expect(error?.code == code)
    }
  }

  @Test func refusalNamesTheTwoLevels() {
    let error = #expect(throws: LimitError.self) { try Self.rule("4h", "- 6h 5h 8h") }
    #expect(
      error?.english == "orange '5h' comes before yellow '6h': put the levels in ascending order")
    #expect(error?.message(in: .zh).contains("yellow '6h'") == true)
  }

  @Test(arguments: [
    "0%", "1001%", "-5%", "99999999999999%", "80.5%", "%", "due+", "due-3d", "due+0d", "+5%",
  ])
  func whatIsNoWarningIsRefused(text: String) {
    #expect(throws: LimitError.self) { try WarningPoint(parsing: text) }
  }

  @Test(arguments: ["80%", "due", "due+3d", "24h", "30min", "4.5wd"])
  func warningReadsBackAsWritten(text: String) throws {
    #expect(try WarningPoint(parsing: text).description == text)
  }
}
