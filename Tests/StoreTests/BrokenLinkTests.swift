import Casework
import Ledger
import Regions
import Replication
import Testing

@testable import Store

/// Sessions that break, double or begin again.
@Suite struct BrokenLinkTests {
  private func city(_ seed: UInt64) throws -> HandTurnedCity {
    let city = try HandTurnedCity(seed: seed, .oneChain())
    try city.settle()
    return city
  }

  /// Takes the link of T1 and D1 apart and lets both sides write.
  private func prepare(_ city: HandTurnedCity) throws {
    city.cutLinks(of: .t1)
    let lead = try city.report(at: .t1)
    for _ in 0..<2 { try city.report(at: .t1) }
    try city.act(.dispatch(to: [.t1]), on: lead, at: .t1, lane: .urgent)
    for _ in 0..<2 { try city.report(at: .d1, audience: [.t1]) }
    try city.report(at: .d1, lane: .urgent, audience: [.t1])
  }

  @Test func `a session cut at any step resumes without loss and without a double`() throws {
    var cuts = 0
    for point in 0..<400 {
      let city = try city(20)
      try prepare(city)
      try city.dial(.t1)
      for _ in 0..<point {
        guard let step = city.steps.first else { break }
        try city.take(step)
      }
      if city.steps.isEmpty { break }
      cuts += 1
      city.cutLinks(of: .t1)
      try city.settle()
      try city.checkCursors()
      try city.checkConverged(alive: city.alive)
      for region in [RegionID.t1, .d1] { try expectNoDoubles(city[region]) }
      #expect(city[.t1].alarms.isEmpty && city[.d1].alarms.isEmpty, "cut at \(point)")
      #expect(city[.t1].failures.isEmpty && city[.d1].failures.isEmpty, "cut at \(point)")
    }
    #expect(cuts > 20)
  }

  @Test func `a restart at any step loses nothing that was acknowledged`() throws {
    for point in stride(from: 0, to: 90, by: 3) {
      let city = try city(21)
      try prepare(city)
      try city.dial(.t1)
      for _ in 0..<point {
        guard let step = city.steps.last else { break }
        try city.take(step)
      }
      try city.restart(point.isMultiple(of: 2) ? .d1 : .t1)
      try city.settle()
      try city.checkCursors()
      try city.checkConverged(alive: city.alive)
    }
  }

  private func expectNoDoubles(_ node: CityNode) throws {
    let (events, distinct, inOutbox, distinctInOutbox) = try node.store.read { reader in
      func count(_ sql: StaticString) throws -> Int64 {
        try reader.connection.first(sql, read: { $0.integer(0) }) ?? -1
      }
      return (
        try count("SELECT COUNT(*) FROM events"),
        try count("SELECT COUNT(DISTINCT hash) FROM events"),
        try count("SELECT COUNT(event) FROM outbox WHERE lane = 1"),
        try count(
          "SELECT COUNT(*) FROM (SELECT DISTINCT peer, event FROM outbox WHERE lane = 1 AND event IS NOT NULL)"
        )
      )
    }
    #expect(events == distinct)
    #expect(inOutbox == distinctInOutbox)
  }

  @Test func `a second session takes the place of the first, and nothing is lost`() throws {
    for point in stride(from: 0, to: 60, by: 2) {
      let city = try city(22)
      try prepare(city)
      try city.dial(.t1)
      for _ in 0..<point {
        guard let step = city.steps.first else { break }
        try city.take(step)
      }
      // The first connection is half dead: its frames still come, mixed with the second's.
      try city.dial(.t1)
      var numbers = SeededNumbers(seed: UInt64(point))
      for _ in 0..<5_000 {
        let steps = city.steps
        guard !steps.isEmpty else { break }
        try city.take(numbers.pick(steps))
      }
      try city.settle()
      try city.checkCursors()
      try city.checkConverged(alive: city.alive)
    }
  }

  @Test func `what comes twice is held once and changes nothing`() throws {
    let city = try city(23)
    let commits = try (0..<3).map { _ in try city.author(.t1, [city.leadDraft(), city.leadDraft()])
    }
    try city.settle()
    let before = try city[.d1].tables()
    let eventCount = try city[.d1].held.count
    for _ in 0..<2 {
      let outcome = try city.write(city[.d1]) { transaction in
        try transaction.take(Shipment(chains: [], commits: commits), from: .t1)
      }
      #expect(outcome.setAside.isEmpty && outcome.arrived.count == 6)
    }
    #expect(try city[.d1].held.count == eventCount)
    #expect(try city[.d1].tables() == before)
    #expect(city[.d1].alarms.isEmpty)
  }

  @Test func `a batch that does not begin at the cursor is refused by the store`() throws {
    let city = try city(24)
    city.cutLinks(of: .t1)
    let commit = try city.author(.t1, [city.leadDraft()])
    let batch = try Batch(
      city[.t1].store.read {
        try $0.batch(for: .d1, lane: .bulk, from: 0, maximumBytes: 1 << 20).0
      })
    #expect(batch.commits.contains { $0.hash == commit.hash })
    let altered = Batch(
      lane: .bulk,
      start: Cursor(incarnation: 1, position: batch.start.position + 1, running: Hash(of: [1])),
      chains: [], items: batch.items)
    #expect(throws: StoreError.self) {
      try city.write(city[.d1]) { try $0.take(altered, from: .t1, movesCursor: true) }
    }
    #expect(try !city[.d1].held.contains(commit.events[0].event.hash))
    try city.settle()
    try city.checkConverged(alive: city.alive)
  }

  @Test func `after all is quiet nothing is left to acknowledge, repaired or not`() throws {
    let city = try city(25)
    try prepare(city)
    try city.settle()
    let scratch = try ScratchFolder()
    try city.restore(.t1, from: city.backup(.t1, in: scratch), in: scratch)
    try city.settle()
    // A further session tells both sides the cursors that stand.
    city.cutLinks(of: .t1)
    try city.settle()
    for (region, peer) in [(RegionID.t1, RegionID.d1), (.d1, .t1), (.d1, .h), (.h, .d1)] {
      let backlog = try city[region].store.read { try $0.backlog(for: peer) }
      #expect(backlog.events == 0, "\(region) to \(peer)")
    }
  }
}
