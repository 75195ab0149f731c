import Foundation
import Node
import Testing

/// Thousands of histories against a reading of table and process that shares no code with ours.
@Suite(.timeLimit(.minutes(5))) struct HistoryModelTests {
  private static let rows =
    ProcessInfo.processInfo.environment["LIANDONG_HISTORIES"].flatMap(Int.init) ?? 1_200

  /// What a row must come to.
  private struct Expected: Decodable {
    struct Act: Decodable {
      let kind: String
      let at: Int64
      let role: String
    }

    let id: String
    let line: Int
    let title: String
    /// Why it is rejected; `nil` for a lead.
    let code: String?
    let stage: String?
    let handler: [String]?
    let department: String?
    let due: Int64?
    let reported: Int64?
    let channel: String?
    let region: String?
    let by: String?
    let warns: Bool?
    let acts: [Act]?
  }

  private static func text(_ milliseconds: Int64) -> String {
    Date(timeIntervalSince1970: (Double(milliseconds) / 1000).rounded(.down)).formatted(.iso8601)
  }

  private static func make(_ seed: Int, in city: CommandsCity) throws -> [Expected] {
    let script = HistoryCity.root.appending(path: "Tests/NodeTests/histories.py").path
    let python = Process()
    python.executableURL = URL(filePath: "/usr/bin/env")
    python.arguments = [
      "python3", "-B", script, HistoryCity.root.appending(path: "topology/process.yaml").path,
      "\(seed)", "\(rows)", "\(CommandsCity.start)", city.path(""),
    ]
    try python.run()
    python.waitUntilExit()
    try #require(python.terminationStatus == 0, "histories.py failed")
    let decoder = JSONDecoder()
    return try decoder.decode(
      [Expected].self, from: Data(contentsOf: URL(filePath: city.path("expected.json"))))
  }

  @Test(arguments: [1])
  func `each row comes to the stage, units and claimed times that its text tells`(
    _ given: Int
  ) async throws {
    let seed =
      ProcessInfo.processInfo.environment["LIANDONG_SEED"].flatMap(Int.init) ?? given
    let office = try await HistoryCity()
    let expected = try Self.make(seed, in: office.city)
    let table = office.city.path("table.csv")
    let mapping = try String(contentsOfFile: office.city.path("mapping.yaml"), encoding: .utf8)
    let codes = expected.map { $0.code ?? "added" }
    let figures = [
      Self.rows, codes.count { $0 == "added" },
      codes.count { $0 != "added" && $0 != "duplicate" }, codes.count { $0 == "duplicate" },
    ]
    try #require(figures[1] > Self.rows / 2 && figures[2] > Self.rows / 10, "a poor table")
    let penalised = expected.count { $0.acts?.contains { $0.kind == "lead.penalised" } ?? false }
    try #require(penalised > Self.rows / 100, "\(penalised) histories with a penalty")

    let before = try office.eventCount
    let foreseen = try await office.run(table, by: mapping, dryRun: true)
    #expect(foreseen.figures == figures, "seed \(seed)")
    #expect(try office.eventCount == before, "a dry run wrote")
    let counts = try await office.run(table, by: mapping)
    #expect(counts.figures == figures, "seed \(seed)")
    for run in [foreseen, counts] {
      let rejects = try HistoryCity.rejects(run)
      let found = Dictionary(uniqueKeysWithValues: rejects.map { ($0.line, $0) })
      for row in expected {
        let code = row.code == "duplicate" ? nil : row.code
        #expect(
          found[row.line]?.code == code,
          "seed \(seed), line \(row.line): \(found[row.line]?.reason ?? "no reject")")
      }
    }
    let leads = try Dictionary(
      uniqueKeysWithValues: office.leads().map { ($0.title ?? "", $0) })
    #expect(leads.count == figures[1])
    for row in expected where row.code == nil {
      let lead = try #require(leads[row.title], "seed \(seed): \(row.id) is missing")
      try compare(lead, with: row, at: office, "seed \(seed): \(row.id)")
    }
    #expect(try await office.run(table, by: mapping).figures[1] == 0, "a second run added")
    #expect(try await office.east.commands.verify().ok)

    office.city.turnClock(by: 366 * 86_400_000)
    try await office.sweep()
    for row in expected where row.code == nil {
      guard let lead = leads[row.title] else { continue }
      let warnings = try office.warnings(on: lead.id)
      #expect(warnings.isEmpty != row.warns, "seed \(seed): \(row.id) \(warnings)")
      #expect(
        warnings.allSatisfy { $0.stage == row.stage && $0.subject != "procedure" },
        "seed \(seed): \(row.id) \(warnings)")
    }
  }

  private func compare(
    _ lead: LeadSummary, with row: Expected, at office: HistoryCity, _ comment: Comment
  ) throws {
    #expect(lead.stage == row.stage, comment)
    #expect(lead.handler == row.handler, comment)
    #expect(lead.department == row.department, comment)
    #expect(lead.due == row.due.map(Self.text), comment)
    #expect(lead.reportedAt == row.reported.map(Self.text), comment)
    #expect(lead.channel == row.channel && lead.region == row.region, comment)
    let lines = try office.east.commands.tellLead(LeadShowArguments(lead: lead.id))
      .compactMap { if case .line(let line) = $0 { line.event } else { nil } }
      .filter { $0.kind.hasPrefix("lead.") }
    let acts = try #require(row.acts, comment)
    #expect(lines.map(\.kind) == ["lead.reported"] + acts.map(\.kind), comment)
    #expect(lines.compactMap(\.claimedAt) == acts.map { Self.text($0.at) }, comment)
    #expect(lines.dropFirst().allSatisfy { $0.claimedBy == row.by }, comment)
    // A commit for each run of acts in one role, of the import's own time, and all of it has its effect.
    let roles = ["platform_office"] + acts.map(\.role)
    #expect(lines.map(\.role) == roles && Set(lines.map(\.at)).count == 1, comment)
    let changes = zip(roles, roles.dropFirst()).count { $0 != $1 }
    #expect(Set(lines.map(\.commit)).count == 1 + changes, comment)
    #expect(lines.allSatisfy { $0.effect == "effective" }, comment)
  }
}
