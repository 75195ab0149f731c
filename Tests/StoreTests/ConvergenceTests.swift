import Casework
import Crypto
import Ledger
import Regions
import Replication
import Testing

@testable import Store

/// Data flows up always and down by audience.
@Suite struct ConvergenceTests {
  private func city(_ seed: UInt64 = 1) throws -> HandTurnedCity {
    let city = try HandTurnedCity(seed: seed, .twoDistricts())
    try city.settle()
    return city
  }

  @Test func `a relay passes on an origin's urgent commits within its quota`() throws {
    let city = try city()
    let quota = ReplicationBounds.urgentBurst
    let known = try city[.t1].queued(to: .d1, .urgent).count
    let lead = try city.report(at: .t1)
    var sent = 0
    for number in 0..<quota + 20 {
      try city.act(.progress("\(number)"), on: lead, at: .t1, lane: .urgent)
      sent += 1
    }
    try city.settle()
    // What the node writes itself is all urgent, with the founding event that came along.
    #expect(try city[.t1].queued(to: .d1, .urgent).count == known + sent + 1)
    let urgent = try city[.d1].queued(to: .h, .urgent).count
    #expect((quota...quota + 2).contains(urgent))
    #expect(city[.d1].alarms.filter { $0.code == "urgent_quota" }.count == 1)
    #expect(try city[.h].entity(lead)?.heads == city[.t1].entity(lead)?.heads)
    // Another neighbour that comes later gets them in the same lanes.
    try city.move(.t1, under: .d2)
    try city.settle()
    let moved = try city[.h].queued(to: .d2, .urgent).count
    #expect(moved <= quota + 2)
    try city.checkConverged(alive: city.alive)
    try city.checkStores()
  }

  @Test func `three tiers converge: up unconditionally, down by audience`() throws {
    let city = try city()
    let lead = try city.report(at: .t1)
    let order = try city.report(at: .h, audience: [.t3])
    try city.settle()
    for region in city.regions {
      #expect(
        (try city[region].entity(lead) != nil) == [.h, .d1, .t1].contains(region), "\(region)")
      #expect(
        (try city[region].entity(order) != nil) == [.h, .d2, .t3].contains(region), "\(region)")
    }
    try city.checkConverged(alive: city.alive)
    try city.checkStores()
  }

  @Test func `offices that wrote while apart agree afterwards`() throws {
    let city = try city(2)
    let lead = try city.report(at: .t1)
    try city.settle()
    city.partitions = [[.t1, .d1], [.d1, .h]]
    for region in [RegionID.t1, .d1, .h] {
      city.cutLinks(of: region)
      try city.act(.describe("title", .text("by \(region)")), on: lead, at: region)
      try city.act(.inspect(finding: "\(region)"), on: lead, at: region)
    }
    city.partitions = []
    try city.settle()
    let states = try [RegionID.t1, .d1, .h].map { try city[$0].entity(lead)?.state?.encoded }
    #expect(states[0] != nil && Set(states).count == 1)
    let state = try #require(try city[.t1].entity(lead)?.state)
    // The city's title stands against two rivals; three inspections add up.
    #expect(Lead(state)?.title == "by h")
    #expect(Lead(state)?.inspections == 3)
    #expect(state.conflicts.count == 2)
    try city.checkConverged(alive: city.alive)
  }

  @Test func `nothing is sent back to where it came from`() throws {
    let city = try city(3)
    let commit = try city.author(.t1, [city.leadDraft(audience: [.t2])])
    try city.settle()
    let hash = commit.events[0].event.hash
    for lane in Lane.allCases {
      #expect(try !city[.d1].queued(to: .t1, lane).contains(hash))
      #expect(try !city[.h].queued(to: .d1, lane).contains(hash))
      #expect(try !city[.t2].queued(to: .d1, lane).contains(hash))
    }
    #expect(try city[.d1].queued(to: .t2, .bulk).contains(hash))
    #expect(try city[.d1].queued(to: .h, .bulk).contains(hash))
  }

  @Test func `only the visible events of a commit travel; a later widening brings the rest`() throws
  {
    let city = try city(4)
    let commit = try city.author(
      .d1, [city.leadDraft(audience: [.t1]), city.leadDraft(), city.leadDraft(audience: [.t2])])
    try city.settle()
    let entities = try (0..<3).map { try city.entity(of: commit, at: $0) }
    func held(_ region: RegionID) throws -> [Bool] {
      try entities.map { try city[region].entity($0) != nil }
    }
    #expect(try held(.t1) == [true, false, false])
    #expect(try held(.t2) == [false, false, true])
    #expect(try held(.h) == [true, true, true])
    // What is not visible stands in the commit as its bare hash, so the chain still verifies.
    try city.checkStores()
    try city.act(.progress("shared"), on: entities[1], at: .h, audience: [.t1])
    try city.act(.progress("shared"), on: entities[2], at: .d1, audience: [.t1])
    try city.settle()
    #expect(try held(.t1) == [true, true, true])
    #expect(try held(.t2) == [false, false, true])
    try city.checkConverged(alive: city.alive)
    try city.checkStores()
  }

  @Test func `an urgent act overtakes bulk and takes its unsent ancestors along`() throws {
    let city = try city(5)
    city.cutLinks(of: .t1)
    let lead = try city.report(at: .t1)
    for _ in 0..<300 { try city.report(at: .t1) }
    let urgent = try city.act(.dispatch(to: [.t1]), on: lead, at: .t1, lane: .urgent)
    #expect(try city[.t1].queued(to: .d1, .urgent).count == 2)
    // The very first frame of data carries the lead and the act on it.
    try city.dial(.t1)
    var isBatchSeen = false
    for _ in 0..<10_000 where !isBatchSeen {
      guard let step = city.steps.first else { break }
      if case .commit(.d1, _) = step,
        city[.d1].writes.contains(where: {
          if case .take = $0.effect { true } else { false }
        })
      {
        isBatchSeen = true
      }
      try city.take(step)
    }
    #expect(isBatchSeen)
    let held = try #require(try city[.d1].entity(lead))
    #expect(held.heads == [urgent.events[0].event.hash])
    #expect(!held.waits)
    #expect(try city[.d1].held.count < 200)
    try city.settle()
    try city.checkConverged(alive: city.alive)
  }

  @Test func `whatever comes first, an urgent act's ancestors are queued as urgent`() throws {
    let city = try city(8)
    city.cutLinks(of: .t1)
    city.partitions = [[.t1, .d1]]
    let founding = try city.author(.t1, [city.leadDraft()])
    let lead = try city.entity(of: founding)
    var commits = [founding]
    for note in ["a", "b"] { commits.append(try city.act(.progress(note), on: lead, at: .t1)) }
    commits.append(try city.act(.dispatch(to: [.t1]), on: lead, at: .t1, lane: .urgent))
    let hashes = commits.map { $0.events[0].event.hash }
    for (number, order) in commits.permutations.enumerated() {
      for isOneTransaction in [false, true] {
        let fresh = try HandTurnedCity(seed: UInt64(400 + number), .twoDistricts())
        try fresh.settle()
        _ = fresh.authority.issue(city[.t1].key.publicKey, .t1, .township)
        let node = fresh[.d1]
        for group in isOneTransaction ? [order] : order.map({ [$0] }) {
          _ = try fresh.write(node) { transaction in
            for commit in group {
              let shipment = Shipment(chains: [city[.t1].chain], commits: [commit])
              _ = try transaction.take(shipment, from: .t1)
            }
          }
        }
        let urgent = try node.queued(to: .h, .urgent).filter(hashes.contains)
        #expect(Set(urgent) == Set(hashes), "order \(number), one transaction: \(isOneTransaction)")
        if isOneTransaction { #expect(urgent == hashes, "order \(number)") }
      }
    }
  }

  @Test func `an outsider's widening adds nothing, raises an alarm and is routed`() throws {
    let city = try city(6)
    let lead = try city.report(at: .t1)
    try city.settle()
    let known = try #require(try city[.h].entity(lead))
    let draft = Act.progress("mine").draft(
      entity: lead, heads: known.heads, salt: city.numbers.bytes(16), audience: [.t3])
    let attack = try city.author(.t3, isHostile: true, [draft])
    try city.settle()
    let hash = attack.events[0].event.hash
    for region in [RegionID.h, .d1, .t1] {
      #expect(try city[region].held.contains(hash), "\(region)")
      #expect(try city[region].entity(lead)?.audience == [.t1], "\(region)")
    }
    #expect(city[.h].alarms.contains { $0.code == "void_widening" })
    #expect(try city[.t3].entity(lead)?.state == nil)
    #expect(try !city[.t3].held.contains(known.heads[0]))
    // The entity goes on.
    try city.act(.sign(), on: lead, at: .t1)
    try city.settle()
    try city.checkConverged(alive: city.alive)
    try city.checkScopes()
  }

  @Test func `a moved township brings its new parent all in scope; the former keeps a frozen copy`()
    throws
  {
    let city = try city(7)
    let before = try (0..<5).map { _ in try city.report(at: .t1) }
    try city.settle()
    try city.move(.t1, under: .d2)
    try city.settle()
    for lead in before {
      let held = try #require(try city[.d2].entity(lead))
      #expect(try held.state?.encoded == city[.t1].entity(lead)?.state?.encoded)
    }
    let frozen = try #require(try city[.d1].entity(before[0])?.state?.encoded)
    try city.act(.progress("after the move"), on: before[0], at: .t1)
    let after = try city.report(at: .t1)
    try city.settle()
    #expect(try city[.d1].entity(before[0])?.state?.encoded == frozen)
    #expect(try city[.d1].entity(after) == nil)
    #expect(try city[.d2].entity(after) != nil)
    try city.checkConverged(alive: city.alive)
    // And back: the former parent catches up.
    try city.move(.t1, under: .d1)
    try city.settle()
    #expect(try city[.d1].entity(after) != nil)
    try city.checkConverged(alive: city.alive)
    try city.checkStores()
  }

  @Test func `a moved child that was away hears of its new parent from the former`() throws {
    let city = try city(8)
    city.partitions = [[.t1, .d1]]
    city.cutLinks(of: .t1)
    try city.move(.t1, under: .d2)
    try city.settle()
    city.partitions = []
    let lead = try city.report(at: .t1)
    #expect(try city.parent(of: city[.t1]) == .d1)
    try city.settle()
    #expect(try city.parent(of: city[.t1]) == .d2)
    #expect(try city[.d2].entity(lead) != nil)
    #expect(try city[.d1].entity(lead) == nil)
    try city.checkConverged(alive: city.alive)
  }

  @Test func `a new node is seeded with all that names its region`() throws {
    let city = try city(9)
    let t5 = try #require(RegionID("t5"))
    let early = try city.report(at: .h, audience: [t5])
    let other = try city.report(at: .h, audience: [.t1])
    try city.settle()
    #expect(try city[.d2].entity(early) == nil)
    let tree = try #require(try city[.h].newestTree)
    try city.publish(
      LinkTree(entries: tree.entries + [.init(id: t5, tier: .township, parent: .d2)]))
    try city.settle()
    #expect(try city[.d2].entity(early) != nil)
    try city.addNode(t5, .township)
    city.oracle.configured = try city[.h].newestTree
    try city.settle()
    #expect(try city[t5].entity(early) != nil)
    #expect(try city[t5].entity(other) == nil)
    try city.checkConverged(alive: city.alive)
    try city.checkStores()
  }

  @Test func `a rebuild gives the same store, byte for byte`() throws {
    let city = try city(10)
    let lead = try city.report(at: .t1, audience: [.t2])
    try city.settle()
    city.cutLinks(of: .t1)
    try city.act(.describe("title", .text("a")), on: lead, at: .t1)
    try city.act(.describe("title", .text("b")), on: lead, at: .d1)
    let issue = DirectiveIssue(title: "巡查", text: "夜查")
    let commit = try city.author(
      .h, lane: .urgent,
      [issue.draft(rules: HandTurnedCity.rules, salt: city.numbers.bytes(16), audience: [.t1])])
    let line = ReceiptOpening(directive: try city.entity(of: commit), recipient: .t1)
    try city.author(
      .h, lane: .urgent,
      [line.draft(rules: HandTurnedCity.rules, salt: city.numbers.bytes(16), audience: [.t1])])
    try city.settle()
    for region in city.regions {
      let before = try city[region].tables()
      let count = try city.write(city[region]) { try $0.rebuild { _ in } }
      #expect(count > 0)
      #expect(try city[region].tables() == before, "\(region)")
    }
    try city.checkConverged(alive: city.alive)
  }
}

extension CityNode {
  /// Every row that a rebuild may touch, and the outboxes that it must not.
  func tables() throws -> [String] {
    try store.read { reader in
      var rows: [String] = []
      func dump(_ sql: StaticString, _ columns: Int32) throws {
        try reader.connection.query(sql) { row in
          rows.append((0..<columns).map { row.blob($0).hex }.joined(separator: " "))
          return true
        }
      }
      try dump(
        """
        SELECT id, uuid, audience, waiting, heads, conflicts, decided, family, state FROM entities
        """, 9)
      try dump("SELECT entity, number, stage, region, reported_at FROM leads", 5)
      try dump("SELECT entity, stage, issued_at FROM directives", 3)
      try dump("SELECT entity, directive, recipient, stage FROM receipts", 4)
      try dump("SELECT key, entity FROM sources", 2)
      try dump("SELECT peer, lane, position, event, mark, running FROM outbox", 6)
      try dump("SELECT peer, lane, position, running, acknowledged FROM outbox_heads", 5)
      try dump("SELECT peer, lane, void, incarnation, position, running FROM cursors", 6)
      return rows
    }
  }
}

extension Array {
  /// All orders of the elements.
  fileprivate var permutations: [[Element]] {
    guard let first else { return [[]] }
    return Array(dropFirst()).permutations.flatMap { rest in
      (0...rest.count).map { Array(rest[..<$0]) + [first] + Array(rest[$0...]) }
    }
  }
}
