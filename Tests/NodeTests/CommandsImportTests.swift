import Foundation
import Ledger
import Node
import Regions
import Store
import Testing

/// Lead files from the disk into the ledger.
@Suite(.timeLimit(.minutes(10))) struct CommandsImportTests {
  private static let header = "来源编号,举报时间,标题,内容,属地,举报人,联系电话\n"

  private static func rows(_ numbers: Range<Int>) -> String {
    numbers.map {
      "A\($0),2026/11/2 08:0\($0 % 10):00,扬尘 \($0),工地未覆盖,湖0镇,张三\($0),1390000\($0 + 1000)\n"
    }.joined()
  }

  private static func run(
    _ plan: LeadImport.Plan, at node: CommandsNode, stopAfter chunks: Int = .max
  ) async throws -> LeadImport.Counts {
    struct Cut: Error {}
    let clerk = try CommandsNode.clerk()
    var sent = 0
    return try await LeadImport(plan).run(
      submit: { chunk in
        guard sent < chunks else { throw Cut() }
        sent += 1
        return try await node.commands.importLeads(chunk, by: clerk)
      }, progress: { _ in })
  }

  @Test func `each row counts once, bad rows are kept aside, a second run adds nothing`()
    async throws
  {
    let city = try CommandsCity()
    let lake = try city.node("lake0")
    let bad = "B1,昨天,无时间,内容,,,\n"
    let repeated = Self.rows(3..<4)
    let file = try city.write(
      Self.header + Self.rows(0..<25) + bad + repeated, to: "leads.csv")
    var plan = LeadImport.Plan(path: file, channel: "hotline_12345")
    plan.chunkRows = 10
    plan.rejectsPath = city.path("rejects.csv")
    let counts = try await Self.run(plan, at: lake)
    #expect(counts.all == [27, 25, 1, 1])
    let rejects = try String(contentsOfFile: city.path("rejects.csv"), encoding: .utf8)
    #expect(rejects.contains("bad_time"))
    #expect(rejects.contains("27,"))
    #expect(try lake.core.store.read { try $0.figures().leads } == 25)

    let events = try lake.core.store.read { try $0.identity().eventCount }
    plan.rejectsPath = nil
    let again = try await Self.run(plan, at: lake)
    #expect(again.all == [27, 0, 1, 26])
    #expect(again.rejectsPath == file + ".rejects.csv")
    plan.language = .en
    let third = try await Self.run(plan, at: lake)
    #expect(third.rejectsPath == file + ".rejects-2.csv", "a file that stands is not overwritten")
    let reasons = try [again, third].map {
      try String(contentsOfFile: #require($0.rejectsPath), encoding: .utf8)
    }
    #expect(reasons[0].contains("不能读作时间") && reasons[1].contains("cannot be read as a time"))
    #expect(try lake.core.store.read { try $0.identity().eventCount } == events)

    var list = LeadListArguments()
    list.limit = 100
    let leads = try lake.commands.listLeads(list)
    #expect(Set(leads.compactMap(\.number)).count == 25)
    #expect(leads.allSatisfy { $0.region == "lake0" && $0.channel == "hotline_12345" })
    let asked = ContactArguments(lead: try #require(leads.first).id, reason: "回访")
    let contact = try await lake.commands.showContact(asked, by: CommandsNode.clerk())
    #expect(contact.name == "张三24")
    let database = try Data(contentsOf: URL(filePath: lake.home.database))
    let log = try Data(contentsOf: URL(filePath: lake.home.database + "-wal"))
    #expect((database + log).range(of: Data("张三".utf8)) == nil)
    #expect(try await lake.commands.verify().ok)
  }

  @Test func `an import that was cut adds exactly the rest when it is repeated`() async throws {
    let city = try CommandsCity()
    let lake = try city.node("lake0")
    let file = try city.write(Self.header + Self.rows(0..<25), to: "leads.csv")
    var plan = LeadImport.Plan(path: file, channel: "hotline_12345")
    plan.chunkRows = 10
    await #expect(throws: (any Error).self) {
      _ = try await Self.run(plan, at: lake, stopAfter: 1)
    }
    let rest = try await Self.run(plan, at: lake)
    #expect(rest.all == [25, 15, 0, 10])
    #expect(try lake.core.store.read { try $0.figures().leads } == 25)
  }

  @Test func `a dry run counts the same and writes nothing`() async throws {
    let city = try CommandsCity()
    let lake = try city.node("lake0")
    let file = try city.write(Self.header + Self.rows(0..<5), to: "leads.csv")
    var plan = LeadImport.Plan(path: file, channel: "hotline_12345")
    plan.isDryRun = true
    let before = try lake.core.store.read { try $0.identity().sequence }
    #expect(try await Self.run(plan, at: lake).leads == 5)
    #expect(try lake.core.store.read { try $0.identity().sequence } == before)
    #expect(!FileManager.default.fileExists(atPath: file + ".rejects.csv"))
  }

  @Test func `a dry run foresees repeats that lie chunks apart, and the real run agrees`()
    async throws
  {
    let city = try CommandsCity()
    let lake = try city.node("lake0")
    let tooLong = String(repeating: "长", count: 21_500)
    let large = "来源编号,举报时间,标题,内容,属地,举报人,联系电话\nL,2026-11-02,过长,\(tooLong),,,\n"
    let small = "L,2026-11-02,缩短,内容,,,\n"
    let file = try city.write(
      large + Self.rows(0..<8) + Self.rows(2..<4) + small + Self.rows(0..<1) + small,
      to: "leads.csv")
    var plan = LeadImport.Plan(path: file, channel: "hotline_12345")
    plan.chunkRows = 3
    plan.isDryRun = true
    let foreseen = try await Self.run(plan, at: lake)
    #expect(foreseen.all == [14, 9, 1, 4])
    plan.isDryRun = false
    #expect(try await Self.run(plan, at: lake).all == foreseen.all)
  }

  @Test func `two imports of one file at the same time add each row once`() async throws {
    let city = try CommandsCity()
    let lake = try city.node("lake0")
    let file = try city.write(Self.header + Self.rows(0..<30), to: "leads.csv")
    var plan = LeadImport.Plan(path: file, channel: "hotline_12345")
    plan.chunkRows = 3
    let shared = plan
    async let one = Self.run(shared, at: lake)
    async let two = Self.run(shared, at: lake)
    let counts = try await [one, two]
    #expect(counts[0].leads + counts[1].leads == 30)
    #expect(try lake.core.store.read { try $0.figures().leads } == 30)
  }

  @Test func `rows near the bounds split into commits, rows beyond are rejected`()
    async throws
  {
    let city = try CommandsCity()
    let lake = try city.node("lake0")
    let long = String(repeating: "长", count: 20_000)
    let tooLong = String(repeating: "长", count: 21_500)
    var text = "举报时间,标题,内容\n"
    for index in 0..<9 { text += "2026-11-02 08:00,第 \(index) 件,\(long)\n" }
    text += "2026-11-02 08:00,过长,\(tooLong)\n"
    let file = try city.write(text, to: "leads.csv")
    var plan = LeadImport.Plan(path: file, channel: "hotline_12345")
    plan.rejectsPath = city.path("rejects.csv")
    let counts = try await Self.run(plan, at: lake)
    #expect(counts.all == [10, 9, 1, 0])
    let rejects = try String(contentsOfFile: city.path("rejects.csv"), encoding: .utf8)
    #expect(rejects.contains("row_too_long"))
  }

  @Test func `a bad file, channel or region is refused before anything is written`()
    async throws
  {
    let city = try CommandsCity()
    let lake = try city.node("lake0")
    let before = try lake.core.store.read { try $0.identity().sequence }
    let good = try city.write(Self.header + Self.rows(0..<2), to: "leads.csv")
    let headless = try city.write("a,b\n1,2\n", to: "headless.csv")
    for (path, channel, region) in [
      (city.path("absent.csv"), "phone", nil), (headless, "phone", nil), (good, "No!", nil),
      (good, "phone", "nowhere"),
    ] as [(String, String, String?)] {
      var plan = LeadImport.Plan(path: path, channel: channel)
      plan.region = region
      let refused = plan
      do {
        _ = try await Self.run(refused, at: lake)
        Issue.record("\(path) \(channel) was taken")
      } catch {
        #expect(
          ControlFailure(explaining: error, in: .zh).exit == CommandExit.badData.rawValue)
      }
    }
    #expect(try lake.core.store.read { try $0.identity().sequence } == before)
  }
}

extension LeadImport.Counts {
  /// Rows, leads, rejected, duplicate.
  fileprivate var all: [Int] { [rows, leads, rejected, duplicate] }
}
