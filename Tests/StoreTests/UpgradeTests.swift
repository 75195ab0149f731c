import Casework
import Ledger
import Regions
import Replication
import Testing

@testable import Store

/// Nodes of two fold versions in one city.
@Suite struct UpgradeTests {
  private static let older: Set = [Process.conflictDecidedKind]

  /// A lead on which town and hub disagreed and the hub decided, at a city whose district's program
  /// is too old to know decisions.
  private func disputedCity(seed: UInt64) throws -> (HandTurnedCity, EntityID) {
    let city = try HandTurnedCity(seed: seed, .oneChain(), older: [.d1: Self.older])
    let lead = try city.report(at: .t1)
    try city.settle()
    city.partitions = [[.t1, .d1], [.d1, .h]]
    for region in [RegionID.t1, .h] {
      city.cutLinks(of: region)
      try city.act(.describe("title", .text("by \(region)")), on: lead, at: region)
    }
    city.partitions = []
    try city.settle()
    let pair = try #require(try city[.h].entity(lead)?.state?.conflicts.first)
    try city.act(.decide(pair, .confirmed), on: lead, at: .h)
    try city.settle()
    return (city, lead)
  }

  private func openConflicts(_ store: Store) throws -> Int64 {
    try store.read { try $0.figures() }.openConflicts
  }

  @Test func `an older node holds and relays a decision, and counts its conflict as open`() throws {
    let (city, lead) = try disputedCity(seed: 501)
    let states = try [RegionID.t1, .d1, .h].map { try #require(try city[$0].entity(lead)?.state) }
    #expect(states[0] == states[2] && states[0].openConflictCount == 0)
    #expect(states[1].isPartlyUnderstood && states[1].openConflictCount == 1)
    #expect(try openConflicts(city[.d1].store) == 1)
    #expect(try openConflicts(city[.t1].store) == 0)
    for region in city.regions {
      #expect(try city[region].store.read { try $0.verify(judge: city.authority) { _ in } }.isGood)
    }
  }

  @Test func `entities in conflict are found and counted by their index`() throws {
    let city = try HandTurnedCity(seed: 504, .oneChain())
    for sql in [StoreReader.entitiesInConflict, StoreReader.openConflicts] {
      let plan = try city.write(city[.d1]) { try $0.connection.plan(of: sql) }
      #expect(plan.first?.contains("entities_in_conflict") == true, "\(plan)")
      #expect(plan.filter { $0.contains("TEMP B-TREE") }.isEmpty, "\(plan)")
    }
  }

  @Test func `the upgraded program folds what the older one understood in part`() throws {
    let (city, lead) = try disputedCity(seed: 502)
    let scratch = try ScratchFolder()
    let file = scratch.fresh()
    try city[.d1].store.backup(to: file)
    let folder = try scratch.folder(withStore: file, named: Store.fileName)
    let store = try Store.open(
      in: folder, library: ProcessLibrary([.firstCut]), judge: city.authority, signer: nil)
    let knew = try #require(try city[.h].entity(lead)?.state)
    #expect(try store.read { try $0.entity(lead) }?.state?.encoded == knew.encoded)
    #expect(try openConflicts(store) == 0)
    #expect(try store.read { try $0.verify(judge: city.authority) { _ in } }.isGood)
    try store.close()
  }

  @Test func `a store of a program that noted no fold version is folded further once`() throws {
    let (city, lead) = try disputedCity(seed: 503)
    let scratch = try ScratchFolder()
    let file = scratch.fresh()
    try city[.d1].store.backup(to: file)
    let folder = try scratch.folder(withStore: file, named: Store.fileName)
    func open(_ unknown: Set<String>) throws -> Store {
      try Store.open(
        in: folder, library: ProcessLibrary([.firstCut], unknownKinds: unknown),
        judge: city.authority, signer: nil)
    }
    let former = try open(Self.older)
    try FirstLayout.restore(former)
    try former.close()
    // Opened by the same old kinds it stays as it was; the new program folds further.
    let same = try open(Self.older)
    #expect(try same.read { try $0.entity(lead) }?.state?.isPartlyUnderstood == true)
    try same.close()
    let newer = try open([])
    let state = try newer.read { try $0.entity(lead) }?.state
    #expect(state?.encoded == (try city[.h].entity(lead)?.state?.encoded))
    try newer.close()
  }

  private static func linking() throws -> Process {
    try Process(
      families: [
        Family(
          name: "lead", chinese: "线索", english: "lead",
          stages: [
            Stage("open", "待办", "open"), Stage("back", "撤回", "back"),
            Stage("merged", "并入", "merged"), Stage("done", "办结", "done", isClosing: true),
          ],
          kinds: [
            KindRule("lead.reported", "上报", "reported", .found(.actor)),
            KindRule(
              "lead.withdrawn", "撤回", "withdrawn", .move(from: ["open"], to: "back", .keeps)),
            KindRule(
              IncidentLink.linkedKind, "并入", "merged",
              .move(from: ["back"], to: "merged", .keeps)),
            KindRule("lead.closed", "办结", "closed", .move(from: ["merged"], to: "done", .keeps)),
          ])
      ], movers: Actors(tiers: [.city]))
  }

  @Test func `a link to an incident outlives an older program that added to its lead`() throws {
    let city = try HandTurnedCity(seed: 505, .oneChain())
    try city.settle()
    let lead = try city.report(under: Self.linking(), at: .t1)
    try city.act(Act(kind: "lead.withdrawn", body: .map([:])), on: lead, at: .t1)
    let link = CanonicalValue.map([IncidentLink.entry: .text(lead.description)])
    try city.act(Act(kind: IncidentLink.linkedKind, body: link), on: lead, at: .t1)
    let node = city[.t1]
    #expect(try node.store.read { try $0.incident(of: lead) } == lead)
    let scratch = try ScratchFolder()
    let file = scratch.fresh()
    try node.store.backup(to: file)
    let folder = try scratch.folder(withStore: file, named: Store.fileName)
    func open(_ unknown: Set<String>) throws -> Store {
      try Store.open(
        in: folder, library: ProcessLibrary([.firstCut], unknownKinds: unknown),
        judge: city.authority, signer: node.signer)
    }
    let older = try open(["lead.withdrawn"])
    _ = try older.write(now: city.now) { transaction in
      let heads = try #require(try transaction.reader.entity(lead)?.heads)
      let act = Act(kind: "lead.closed", body: .map([:]))
      _ = try transaction.author(actor: "officer", role: "officer", lane: .bulk) { commit in
        commit.add(act.draft(entity: lead, heads: heads, salt: city.numbers.bytes(16)))
      }
    }
    try older.close()
    let newer = try open([])
    #expect(try newer.read { try $0.entity(lead) }?.state?.stage?.stage == "done")
    #expect(try newer.read { try $0.incident(of: lead) } == lead)
    #expect(try newer.read { try $0.verify(judge: city.authority) { _ in } }.isGood)
    try newer.close()
  }
}
