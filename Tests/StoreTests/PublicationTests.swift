import Casework
import Ledger
import Regions
import Replication
import Testing

@testable import Store

/// Processes that the hub publishes and other nodes fold by.
@Suite struct PublicationTests {
  /// A process of one family, with another word for its close.
  private static func process(_ word: String) throws -> Process {
    try Process(
      families: [
        Family(
          name: "lead", chinese: "线索", english: "lead",
          stages: [Stage("open", "待办", "open"), Stage("done", word, word, isClosing: true)],
          kinds: [
            KindRule("lead.reported", "上报", "reported", .found(.actor)),
            KindRule(
              "lead.closed", "办结", "closed", .move(from: ["open"], to: "done", .keeps),
              demands: [Demand(Field("reason", .text), "理由", "reason")]),
          ])
      ], movers: Actors(tiers: [.city]))
  }

  private func publish(
    _ process: Process, from effective: Int64 = 0, at region: RegionID, in city: HandTurnedCity
  ) throws {
    let draft = PublishedProcess.draft(
      process, effectiveMilliseconds: effective, salt: city.numbers.bytes(16))
    try city.author(region, lane: .urgent, [draft])
  }

  private func lead(by process: Process, at region: RegionID, in city: HandTurnedCity) throws
    -> EntityID
  {
    let number = try #require(LeadNumber(region: 1, incarnation: 1, serial: 7))
    let report = LeadReport(
      number: number, channel: "phone", reportedAtMilliseconds: 0, title: "扬尘", text: "夜间")
    let draft = report.draft(rules: process.hash, salt: city.numbers.bytes(16), audience: [])
    return try city.entity(of: city.author(region, [draft]))
  }

  private func isSound(_ city: HandTurnedCity) throws -> Bool {
    try city.regions.allSatisfy { region in
      try city[region].store.read { try $0.verify(judge: city.authority) { _ in } }.isGood
    }
  }

  @Test func `what came before its process waits and is folded when it comes`() throws {
    let city = try HandTurnedCity(seed: 601, .oneChain())
    try city.settle()
    let process = try Self.process("办结")
    let lead = try self.lead(by: process, at: .t1, in: city)
    try city.settle()
    for region in city.regions {
      let held = try #require(try city[region].entity(lead))
      #expect(held.waits && held.state == nil)
    }
    try publish(process, at: .h, in: city)
    try city.settle()
    for region in city.regions {
      let held = try #require(try city[region].entity(lead))
      #expect(!held.waits && held.state?.stage?.stage == "open", "\(region)")
    }
    // A close that says no reason is held, and without effect everywhere.
    try city.act(Act(kind: "lead.closed", body: .map([:])), on: lead, at: .t1)
    try city.act(Act(kind: "lead.closed", body: .map(["reason": .text("完")])), on: lead, at: .t1)
    try city.settle()
    for region in city.regions {
      let state = try #require(try city[region].entity(lead)?.state)
      #expect(state.stage?.stage == "done")
      #expect(state.ineffective.map(\.reason) == [.notUnderstood])
    }
    #expect(try isSound(city))
  }

  @Test func `only the hub's publications count`() throws {
    let city = try HandTurnedCity(seed: 602, .oneChain())
    try city.settle()
    let process = try Self.process("结案")
    try publish(process, at: .d1, in: city)
    let lead = try self.lead(by: process, at: .t1, in: city)
    try city.settle()
    for region in city.regions {
      #expect(try city[region].entity(lead)?.waits == true)
      #expect(try city[region].store.read { try $0.publications() }.isEmpty)
    }
    #expect(try isSound(city))
  }

  @Test func `a publication that is rolled back is not folded by`() throws {
    let city = try HandTurnedCity(seed: 603, .oneChain())
    try city.settle()
    let (first, second) = (try Self.process("甲"), try Self.process("乙"))
    struct Undone: Error {}
    func write(_ process: Process, fails: Bool) throws {
      let draft = PublishedProcess.draft(
        process, effectiveMilliseconds: 0, salt: city.numbers.bytes(16))
      _ = try city[.h].store.write(now: city.now) { transaction in
        _ = try transaction.author(actor: "a", role: "r", lane: .bulk) { $0.add(draft) }
        #expect(transaction.folder.library[process.hash] != nil)
        if fails { throw Undone() }
      }
    }
    #expect(throws: (any Error).self) { try write(first, fails: true) }
    #expect(city[.h].store.rules.library[first.hash] == nil)
    // It takes the row that was given before.
    try write(second, fails: false)
    #expect(city[.h].store.rules.library[first.hash] == nil)
    #expect(city[.h].store.rules.library[second.hash] == second)
  }

  @Test func `the process in force is the last whose time has come`() throws {
    let city = try HandTurnedCity(seed: 604, .oneChain())
    try city.settle()
    let processes = try ["甲", "乙", "丙"].map { try Self.process($0) }
    try publish(processes[0], from: 100, at: .h, in: city)
    try publish(processes[1], from: 300, at: .h, in: city)
    try publish(processes[2], from: 300, at: .h, in: city)
    try city.settle()
    func inForce(_ now: Int64) throws -> Hash? {
      try city[.t1].store.read { try $0.processInForce(for: "lead", at: now) }?.hash
    }
    #expect(try inForce(99) == nil)
    #expect(try inForce(100) == processes[0].hash && inForce(299) == processes[0].hash)
    #expect(try inForce(300) == processes[2].hash)
    #expect(try city[.t1].store.read { try $0.processInForce(for: "tree", at: 500) } == nil)
  }

  @Test func `rebuilding and opening anew fold by what the ledger publishes`() throws {
    let city = try HandTurnedCity(seed: 605, .oneChain())
    let process = try Self.process("办结")
    try publish(process, at: .h, in: city)
    let lead = try self.lead(by: process, at: .h, in: city)
    try city.settle()
    let before = try #require(try city[.h].entity(lead)?.state)
    try city.write(city[.h]) { _ = try $0.rebuild { _ in } }
    #expect(try city[.h].entity(lead)?.state == before)
    let scratch = try ScratchFolder()
    let file = scratch.fresh()
    try city[.h].store.backup(to: file)
    let folder = try scratch.folder(withStore: file, named: Store.fileName)
    let store = try Store.open(
      in: folder, library: ProcessLibrary([.firstCut]), judge: city.authority, signer: nil)
    #expect(try store.read { try $0.entity(lead) }?.state == before)
    #expect(store.rules.library[process.hash] == process)
    #expect(try store.read { try $0.verify(judge: city.authority) { _ in } }.isGood)
    try store.close()
  }
}
