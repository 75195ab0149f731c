import Casework
import Foundation
import Ledger
import Node
import Regions
import Store
import Testing

/// Figures, samples and early warnings, of records made for the purpose.
@Suite(.timeLimit(.minutes(20))) struct CommandsFigureTests {
  /// A hub under the shipped process with shorter ways: leads are closed and filed right after intake.
  private struct Office {
    let city: CommandsCity
    let hub: CommandsNode
    let rules: Hash
    var serial = 1

    init() async throws {
      city = try CommandsCity()
      hub = try city.node("hub")
      let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
      var text = try String(
        contentsOf: root.appending(path: "topology/process.yaml"), encoding: .utf8)
      for (long, short) in [
        ("en: closed, from: [verify],", "en: closed, from: [intake, penalty, recheck, verify],"),
        ("en: filed, from: [filing],", "en: filed, from: [intake, filing],"),
        ("en: executed, from: [execute],", "en: executed, from: [penalty, execute],"),
        (
          "{roles: [department], places: [handler]}, takes: {case_number",
          "{roles: [platform_office], places: [handler]}, takes: {case_number"
        ),
        (
          "{roles: [department], places: [handler]}, takes: {enforcement",
          "{roles: [platform_office], places: [handler]}, takes: {enforcement"
        ),
      ] {
        try #require(text.contains(long))
        text = text.replacingOccurrences(of: long, with: short)
      }
      guard case .draft(let draft) = ProcessFile.parse(text, in: nil) else {
        throw CommandsCityFault("the shortened process is not good")
      }
      rules = draft.process.hash
      _ = try await hub.commands.applyProcess(
        ProcessApplyArguments(text: text), by: CommandsNode.clerk())
    }

    /// Writes leads, each with its acts, many to a commit.
    mutating func write(
      _ count: Int, reported: String, region: String = "lake0",
      title: String = "扬尘", respondent: String? = nil, _ acts: [Act] = []
    ) async throws {
      let moment = try #require(ISO8601DateFormatter().date(from: reported))
      let region = try #require(RegionID(region))
      let atOnce = LedgerBounds.commitEvents / (acts.count + 1)
      for done in stride(from: 0, to: count, by: atOnce) {
        let (first, part) = (serial, min(atOnce, count - done))
        serial += part
        let (rules, core) = (rules, hub.core)
        _ = try await core.writer.write { transaction in
          try transaction.author(actor: "wang", role: "platform_office", lane: .bulk) { draft in
            for number in first..<first + part {
              var report = LeadReport(
                number: try #require(LeadNumber(region: 1, incarnation: 9, serial: number)),
                channel: "phone",
                reportedAtMilliseconds: Int64(moment.timeIntervalSince1970 * 1000),
                title: title, text: title)
              report.region = region
              report.respondent = respondent
              let lead = draft.add(
                report.draft(rules: rules, salt: core.salt(), audience: [core.region]))
              for act in acts {
                let heads = [draft.lastHash].compactMap { $0 }
                _ = draft.add(act.draft(entity: lead, heads: heads, salt: core.salt()))
              }
            }
          }
        }
      }
    }

    func figures(_ year: Int, places: Int) throws -> FigureAnswer {
      var arguments = FigureArguments()
      arguments.from = "\(year)-01-01"
      arguments.until = "\(year + 1)-01-01"
      arguments.places = places
      return try hub.commands.tellFigures(arguments)
    }
  }

  private static let closed = Act.close(result: "不属实")
  private static let filed = Act(
    kind: "lead.filed",
    body: .map([
      "case_number": .text("1"), "evidence": .array([.bytes(Hash(of: [1]).bytes)]),
    ]))
  private static let executed = Act(
    kind: "lead.executed", body: .map(["enforcement": .text("缴清")]))

  /// 2,164 leads, 225% more than the year before, 96.7% closed (FEATURES 52).
  @Test func `the figures of a district`() async throws {
    var office = try await Office()
    try await office.write(666, reported: "2025-07-01T04:00:00Z")
    try await office.write(2_093, reported: "2026-07-01T04:00:00Z", [Self.closed])
    try await office.write(71, reported: "2026-12-31T15:59:59Z", region: "west")
    // A second later it is another year in China.
    try await office.write(3, reported: "2026-12-31T16:00:00Z", [Self.closed])
    let figures = try office.figures(2026, places: 1)
    #expect(figures.received == 2_164 && figures.closed == 2_093)
    #expect(figures.closingRate == "96.7")
    #expect(try office.figures(2026, places: 0).growth == "225")
    #expect(figures.receivedYearBefore == 666)
    #expect(figures.regions.map(\.region) == ["lake0", "west"])
    #expect(figures.regions.map(\.closingRate) == ["100.0", "0.0"])
    #expect(try office.figures(2024, places: 2).closingRate == nil)
    #expect(throws: CommandError.self) { try office.figures(2026, places: 9) }
  }

  /// 97,876 leads of which 97,451 are closed, 99.57%; 3,300 filed, 3,278 concluded, 99.3%.
  @Test func `the figures of a city`() async throws {
    let (received, closed, filed, concluded) = (97_876, 97_451, 3_300, 3_278)
    var office = try await Office()
    let reported = "2026-03-01T04:00:00Z"
    try await office.write(
      concluded, reported: reported, [Self.filed, Self.executed, Self.closed])
    try await office.write(filed - concluded, reported: reported, [Self.filed, Self.closed])
    try await office.write(closed - filed, reported: reported, [Self.closed])
    try await office.write(received - closed, reported: reported)
    let figures = try office.figures(2026, places: 2)
    #expect(figures.received == received && figures.closed == closed)
    #expect(figures.filed == filed && figures.concluded == concluded)
    #expect(figures.closingRate == "99.57")
    #expect(try office.figures(2026, places: 1).concludingRate == "99.3")
    print(
      "\(received) leads, \(closed) closed: \(figures.closingRate ?? "-")%; "
        + "\(filed) filed, \(concluded) concluded: \(figures.concludingRate ?? "-")%")
  }

  @Test func `a sample is drawn from what was closed, and noted once`() async throws {
    var office = try await Office()
    try await office.write(40, reported: "2026-11-20T04:00:00Z", [Self.closed])
    try await office.write(9, reported: "2026-11-20T04:00:00Z", region: "west", [Self.closed])
    try await office.write(30, reported: "2026-11-20T04:00:00Z", region: "east")
    var arguments = SampleArguments(size: 10, seed: "2026-W48")
    let drawn = try await office.hub.commands.drawSample(arguments, by: CommandsNode.clerk())
    #expect(drawn.count == 10 && Set(drawn.map(\.id)).count == 10)
    #expect(Set(drawn.map(\.stratum)) == ["lake0", "west"])
    #expect(drawn.allSatisfy { $0.stage == "closed" && !$0.recorded })
    arguments.record = true
    let first = try await office.hub.commands.drawSample(arguments, by: CommandsNode.clerk())
    let second = try await office.hub.commands.drawSample(arguments, by: CommandsNode.clerk())
    #expect(first.map(\.id) == drawn.map(\.id) && second.map(\.id) == drawn.map(\.id))
    #expect(first.allSatisfy(\.recorded) && !second.contains(where: \.recorded))
    let refused = await commandError {
      arguments = SampleArguments(size: 10, seed: "another")
      arguments.record = true
      _ = try await office.hub.commands.drawSample(arguments, by: CommandsNode.clerk("auditor"))
    }
    #expect(refused?.exit == .refused)
  }

  @Test
  func `a finding that does not agree reopens its lead in the same commit, or nothing is written`()
    async throws
  {
    var office = try await Office()
    let commands = office.hub.commands
    try await office.write(2, reported: "2026-11-20T04:00:00Z", [.close(result: "已办")])
    let leads = try commands.listLeads(LeadListArguments())
    let (first, second) = (try #require(leads.first).id, try #require(leads.last).id)
    func events(_ lead: String) throws -> [TimelineLine] {
      try commands.showLead(LeadShowArguments(lead: lead)).timeline
    }
    func check(_ lead: String, _ agrees: String, as role: String) async throws -> ActAnswer {
      var arguments = LeadKindArguments(lead: lead, act: "sample_checked")
      arguments.values = ["agrees": agrees, "finding": "现场仍在排放", "officers": "wang,li"]
      return try await commands.actOnLead(arguments, by: CommandsNode.clerk(role))
    }
    let good = try await check(first, "yes", as: "field_officer")
    #expect(good.stage == "closed" && good.also == nil)
    let before = try events(second).count
    let refused = await commandError { _ = try await check(second, "no", as: "field_officer") }
    #expect(refused?.exit == .refused && refused?.english.contains("(role)") == true)
    #expect(try events(second).count == before)
    let bad = try await check(second, "no", as: "platform_office")
    #expect(bad.stage == "reopened" && bad.also?.map(\.kind) == ["lead.reopened"])
    let written = try events(second).filter { $0.commit == bad.commit }
    #expect(Set(written.map(\.kind)) == ["lead.sample_checked", "lead.reopened"])
    #expect(written.allSatisfy { $0.effect == "effective" })
    let reopening = written.first { $0.kind == "lead.reopened" }
    #expect(reopening?.details["reason"] == "现场仍在排放")
    // Nothing is left to reopen, and the finding is no act of this stage.
    let again = await commandError { _ = try await check(second, "no", as: "platform_office") }
    #expect(again?.exit == .refused && again?.english.contains("(stage)") == true)
  }

  @Test func `reports that heap up are told before anything is overdue`() async throws {
    var office = try await Office()
    // The city's clock stands at 2026-11-23.
    try await office.write(4, reported: "2026-11-20T04:00:00Z", respondent: "恒达 建材")
    try await office.write(1, reported: "2026-11-01T04:00:00Z", respondent: "恒达建材")
    try await office.write(5, reported: "2026-11-20T04:00:00Z", respondent: "常年厂")
    try await office.write(5, reported: "2026-11-01T04:00:00Z", respondent: "常年厂")
    let spots = try office.hub.commands.listHotSpots(HotSpotArguments())
    #expect(spots.map(\.value) == ["恒达建材"])
    #expect(
      spots.first?.reports == 4 && spots.first?.before == 1 && spots.first?.kind == "respondent")
    var arguments = HotSpotArguments()
    arguments.percent = 100
    #expect(try office.hub.commands.listHotSpots(arguments).count == 2)
    arguments.days = 0
    #expect(throws: CommandError.self) { try office.hub.commands.listHotSpots(arguments) }
  }
}

private struct CommandsCityFault: Error {
  let what: String
  init(_ what: String) { self.what = what }
}
