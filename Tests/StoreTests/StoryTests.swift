import Casework
import Ledger
import Regions
import Replication
import Testing

@testable import Store

/// The story of a lead: who knew what when.
@Suite struct StoryTests {
  private func story(_ id: EntityID, at region: RegionID, _ city: HandTurnedCity) throws -> Story {
    try #require(try city[region].store.read { try $0.story(of: id) })
  }

  @Test func `each holder is proven as far as this node can tell, and others are not`() throws {
    let city = try HandTurnedCity(seed: 701, .twoDistricts())
    try city.settle()
    let lead = try city.report(at: .t1, audience: [.t2])
    let written = city.now
    city.now += 1_000
    try city.settle()
    let exchanged = city.now
    city.now += 1_000
    city.partitions = [[.t1, .d1]]
    city.cutLinks(between: .t1, and: .d1)
    let signed = try city.act(.dispatch(to: [.t1]), on: lead, at: .d1)
    try city.settle()
    let first = try story(lead, at: .d1, city).entries[0]
    let root = first.entry.event.hash
    #expect(first.from == .t1)
    #expect(first.known[.t1] == Knowledge(sinceMilliseconds: written, basis: .wrote(root)))
    #expect(first.known[.d1] == Knowledge(sinceMilliseconds: exchanged, basis: .accepted))
    for region in [RegionID.h, .t2] {
      #expect(
        first.known[region] == Knowledge(sinceMilliseconds: exchanged, basis: .acknowledged))
    }
    let told = try story(lead, at: .d1, city)
    #expect(told.offices == [.d1, .h, .t1, .t2] && told.officesLeftOut == 0)
    let second = told.entries[1]
    #expect(second.from == nil && second.step?.stage == "sign" && second.step?.entersStage == true)
    #expect(second.known[.t1] == nil, "the line to t1 is down")
    #expect(second.known[.h]?.basis == .acknowledged)
    // At the hub the district's word shows what the district knew.
    let above = try story(lead, at: .h, city).entries[0]
    #expect(
      above.known[.d1]
        == Knowledge(sinceMilliseconds: exchanged, basis: .sent), "it came before it was acted on")
    #expect(above.known[.t2] == nil, "the hub has no line to t2")
    #expect(signed.stamp.time.milliseconds > exchanged)
  }

  @Test func `notes of acknowledgements are thinned and only ever say later`() throws {
    let bound = 32
    let city = try HandTurnedCity(seed: 703, .oneChain())
    try city.settle()
    let store = try Store.inMemory(
      for: NodeIdentity(deployment: "test", region: .d1, tier: .district),
      library: .shipped, judge: city.authority, signer: nil,
      bounds: StoreBounds(acknowledgements: bound))
    var truth: [(position: Int64, at: Int64)] = []
    var numbers = SeededNumbers(seed: 703)
    func notes() throws -> [(position: Int64, at: Int64)] {
      try store.read { reader in
        var rows: [(Int64, Int64)] = []
        try reader.connection.query(
          "SELECT position, at FROM acknowledgements ORDER BY position"
        ) {
          rows.append(($0.integer(0), $0.integer(1)))
          return true
        }
        return rows
      }
    }
    var now: UInt64 = 1_000
    for step in 1...1_000 as ClosedRange<Int64> {
      now += UInt64.random(in: 1...100, using: &numbers)
      truth.append((step, Int64(now)))
      _ = try store.write(now: now) { transaction in
        let peer = try transaction.interning.region(.h, transaction.connection)
        let name = StoreTransaction.OutboxName(peer: peer, lane: .bulk)
        try transaction.noteHeld(name, upTo: step)
        try transaction.noteHeld(name, upTo: max(step - 2, 1))
      }
      #expect(try notes().count <= bound)
    }
    let kept = try notes()
    #expect(kept.last?.position == 1_000, "the last note stays")
    var worst: Int64 = 0
    for (position, at) in truth {
      let told = try #require(kept.first { $0.position >= position }).at
      #expect(told >= at, "a note is never too early")
      worst = max(worst, told - at)
    }
    let span = truth[999].at - truth[0].at
    #expect(worst < span / 8, "thinned evenly: at worst \(worst) ms of \(span)")
  }

  @Test func `an event that comes after the rest of its commit is not told of too early`() throws {
    let city = try HandTurnedCity(seed: 704, .twoDistricts())
    try city.settle()
    let commit = try city.author(.h, [city.leadDraft(audience: [.t1]), city.leadDraft()])
    let late = try city.entity(of: commit, at: 1)
    try city.settle()
    let first = city.now
    #expect(try city[.d1].entity(late) == nil)
    city.now += 60_000
    try city.act(.progress("扩散"), on: late, at: .h, audience: [.d1])
    try city.settle()
    let root = try story(late, at: .d1, city).entries[0]
    #expect(root.entry.commit == commit.hash)
    #expect(root.known[.d1]?.sinceMilliseconds ?? 0 >= first + 60_000)
    #expect(root.entry.acceptedAtMilliseconds >= first + 60_000)
  }
}
