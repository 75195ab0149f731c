import Casework
import Ledger
import Regions
import Replication
import Testing

@testable import Store

/// Entities that wait for a parent: what they wait for, how it is asked for, and how the wait ends.
@Suite struct WaitingTests {
  /// A lead at the district of which T1's last act came and the one before it did not.
  private func cityWithGap(
    _ seed: UInt64, widening: [RegionID] = []
  ) throws -> (city: HandTurnedCity, lead: EntityID, lost: Commit, last: Commit) {
    let city = try HandTurnedCity(seed: seed, .twoDistricts())
    try city.settle()
    let lead = try city.report(at: .t1)
    try city.settle()
    city.cutLinks(of: .t1)
    city.partitions = [[.t1, .d1]]
    let root = try #require(try city[.t1].entity(lead)?.heads)
    let lost = try city.act(.inspect(finding: "seen"), on: lead, at: .t1)
    let last = try city.author(
      .t1,
      [
        Act.progress("last").draft(
          entity: lead, heads: root + [lost.events[0].event.hash], salt: city.numbers.bytes(16),
          audience: widening)
      ])
    try take(last, at: .d1, in: city)
    try city.settle()
    return (city, lead, lost, last)
  }

  private func take(_ commit: Commit, at region: RegionID, in city: HandTurnedCity) throws {
    try city.write(city[region]) {
      _ = try $0.take(Shipment(chains: [city[.t1].chain], commits: [commit]), from: .t1)
    }
  }

  /// The hub declares these lost.
  private func declare(_ hashes: [Hash], on lead: EntityID, in city: HandTurnedCity) throws {
    try city.act(.declareLost(hashes), on: lead, at: .h)
    try city.settle()
  }

  @Test func `a waiting entity names what it waits for and since when`() throws {
    let (city, lead, lost, last) = try cityWithGap(301)
    for region in [RegionID.d1, .h] {
      let waiting = try city[region].store.read { try $0.waiting(limit: 9) }
      let entry = try #require(waiting.first)
      #expect(waiting.count == 1)
      #expect((entry.id, entry.family, entry.events) == (lead, "lead", 1))
      #expect(entry.missing == [.event(lost.events[0].event.hash)])
      #expect(entry.sinceMilliseconds == city.now)
      #expect(try city[region].store.read { try $0.waitingCount() } == 1)
    }
    try city.checkStores()
    try take(lost, at: .d1, in: city)
    try city.settle()
    for region in [RegionID.d1, .h] {
      #expect(try city[region].store.read { try $0.waitingCount() } == 0)
      #expect(try city[region].entity(lead)?.heads == [last.events[0].event.hash])
    }
    try city.checkStores()
  }

  @Test
  func `a parent is asked for after the bound, then more and more rarely, once a day at last`()
    throws
  {
    let (city, _, _, _) = try cityWithGap(302)
    let district = city[.d1]
    let hour = ReplicationBounds.askMilliseconds
    func asks() throws -> Bool {
      let isDue = try district.store.read { try $0.lacksSomething(of: .h, at: city.now) }
      let asked = try city.write(district) { try $0.askForMissing(of: .h) }
      #expect(asked == isDue)
      return asked
    }
    let start = city.now
    var hours: [UInt64] = []
    for step in 0..<(4 * 100) as Range<UInt64> {
      city.now = start + step * hour / 4
      if try asks() { hours.append(step) }
    }
    #expect(hours.prefix(6).map { Double($0) / 4 } == [1, 2, 4, 8, 16, 32])
    #expect(hours.dropFirst(6).map { Double($0) / 4 } == [56, 80])
    #expect(try district.store.read { try $0.cursors(of: .h) }.bulk == .void)
    // Set back, the clock puts the question off by no more than the bound.
    city.now = start
    #expect(try !asks())
    city.now = start + hour
    #expect(try asks())
  }

  @Test func `what a peer sent and we lost comes with the session after the bound`() throws {
    let city = try HandTurnedCity(seed: 303, .oneChain())
    try city.settle()
    let lead = try city.report(at: .t1)
    let lost = try city.act(.inspect(finding: "seen"), on: lead, at: .t1)
    try city.settle()
    let event = lost.events[0].event
    // The district lost a row, as a fault of its disk would have it.
    let district = city[.d1]
    try city.write(district) { transaction in
      try transaction.connection.execute("DELETE FROM events WHERE hash = ?", .hash(event.hash))
      transaction.entities.removeAll()
      let record = try transaction.record(of: lead)
      record.needsRefold = true
      transaction.touch(record)
    }
    let last = try city.act(.progress("later"), on: lead, at: .t1)
    try city.settle()
    #expect(try district.entity(lead)?.waits == true)
    city.cutLinks(of: .t1)
    try city.settle()
    #expect(try district.entity(lead)?.waits == true, "asked too early")
    city.now += ReplicationBounds.askMilliseconds
    city.cutLinks(of: .t1)
    try city.settle()
    #expect(try district.entity(lead)?.waits == false)
    #expect(try district.entity(lead)?.heads == [last.events[0].event.hash])
  }

  @Test func `what waits for a rules file alone is not asked for`() throws {
    let city = try HandTurnedCity(seed: 304, .oneChain())
    try city.settle()
    let body = CanonicalValue.map(["rules": .bytes(city.numbers.hash().bytes)])
    try city.author(
      .t1,
      [
        EventDraft(
          entity: nil, kind: "x.found", parents: [], audience: [], salt: city.numbers.bytes(16),
          body: body.encoded)
      ])
    try city.settle()
    let district = city[.d1]
    let waiting = try district.store.read { try $0.waiting(limit: 9) }
    #expect(waiting.count == 1 && waiting[0].missing.count == 1 && waiting[0].family == nil)
    city.now += 2 * ReplicationBounds.askMilliseconds
    #expect(try !district.store.read { try $0.lacksSomething(of: .t1, at: city.now) })
    try city.checkStores()
  }

  @Test func `a declaration ends the wait everywhere, and a widening behind it counts`() throws {
    let (city, lead, lost, last) = try cityWithGap(305, widening: [.t2])
    let hash = lost.events[0].event.hash
    #expect(try city[.t2].entity(lead) == nil)
    try declare([hash], on: lead, in: city)
    for region in [RegionID.h, .d1] {
      let held = try #require(try city[region].entity(lead))
      #expect(!held.waits && held.audience == [.t1, .t2])
      #expect(held.state?.facts["lead.progressed"]?.count == 1)
      #expect(held.state?.facts["lead.inspected"] == nil)
    }
    #expect(try city[.t2].entity(lead)?.state == city[.h].entity(lead)?.state)
    try city.checkStores()
    // It turns up: T1 is back.
    city.partitions = []
    try city.settle()
    for region in [RegionID.h, .d1, .t1, .t2] {
      let held = try #require(try city[region].entity(lead))
      #expect(held.state?.facts["lead.inspected"]?.count == 1, "\(region)")
      #expect(held.state == (try city[.h].entity(lead)?.state))
      #expect(held.audience == [.t1, .t2])
    }
    #expect(try city[.t1].entity(lead)?.heads.contains(last.events[0].event.hash) == true)
    try city.checkStores()
    for region in city.regions { try city.write(city[region]) { _ = try $0.rebuild { _ in } } }
    try city.checkStores()
  }

  @Test func `finding overdue waits uses the index`() throws {
    let city = try HandTurnedCity(seed: 307, .oneChain())
    let plan = try city.write(city[.d1]) { try $0.connection.plan(of: Connection.overdueWaits) }
    #expect(plan.contains { $0.contains("waits_for_events") }, "\(plan)")
    #expect(plan.filter { $0.contains("SCAN") }.isEmpty, "\(plan)")
  }

  @Test func `a damaged note of a wait is told and rebuilt`() throws {
    let (city, _, _, _) = try cityWithGap(308)
    let district = city[.d1]
    for sql in [
      "DELETE FROM waits", "UPDATE waits SET lacks_event = 0",
      "INSERT INTO waits VALUES (1, 0, 0)", "INSERT INTO waits VALUES (99999, 0, 0)",
    ] as [StaticString] {
      try city.write(district) { try $0.connection.execute(sql) }
      #expect(try !district.store.read { try $0.verify(judge: city.authority) { _ in } }.isGood)
      try city.write(district) { _ = try $0.rebuild { _ in } }
      try city.checkStores()
    }
  }
}
