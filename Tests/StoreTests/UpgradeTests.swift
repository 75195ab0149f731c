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
}
