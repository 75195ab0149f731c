import Casework
import Crypto
import Ledger
import Regions
import Replication
import Testing

@testable import Store

/// Rows that something else has altered: errors and repairs, never a crash or a blocked link.
@Suite struct DamageTests {
  private struct Undone: Error {}

  /// The node's own notes that nothing else tells.
  private static let uncheckedColumns = ["accepted_at", "cursors"]

  @Test func `a projection that cannot be read is folded anew`() throws {
    let alterations: [StaticString] = [
      "UPDATE entities SET state = x'00' WHERE uuid = ?",
      "UPDATE entities SET heads = x'00' WHERE uuid = ?",
    ]
    for sql in alterations {
      for isRebuilt in [true, false] {
        let city = try HandTurnedCity(seed: 60, .oneChain())
        let lead = try city.report(at: .t1)
        try city.settle()
        _ = try city[.d1].store.write(now: 0) {
          try $0.connection.execute(sql, .blob(lead.bytes))
          $0.entities.removeAll()
        }
        if isRebuilt {
          try city.write(city[.d1]) { _ = try $0.rebuild { _ in } }
          try city.checkStores()
        }
        try city.act(.progress("later"), on: lead, at: .t1)
        try city.settle()
        #expect(city[.d1].failures.isEmpty)
        #expect(try city[.d1].entity(lead)?.heads == city[.h].entity(lead)?.heads)
        try city.checkStores()
      }
    }
  }

  @Test func `a rebuild keeps what its own transaction changed before`() throws {
    let city = try HandTurnedCity(seed: 61, .twoDistricts())
    let lead = try city.report(at: .d1)
    try city.settle()
    let draft = try city.draft(.progress("p"), on: lead, at: .d1, audience: [.t1])
    let report = try city.leadDraft(audience: [.t2])
    let commit = try city.write(city[.d1]) { transaction in
      let commit = try transaction.author(actor: "a", role: "a", lane: .bulk) {
        $0.add(draft)
        $0.add(report)
      }
      _ = try transaction.rebuild { _ in }
      return commit
    }
    city.oracle.note(commit, isHostile: false)
    try city.settle()
    #expect(try city[.t1].entity(lead)?.state != nil)
    try city.checkConverged(alive: city.alive)
    try city.checkStores()
  }

  @Test func `numbers out of range are errors and failures, never a crash`() throws {
    let city = try HandTurnedCity(seed: 62, .oneChain())
    try city.report(at: .t1)
    try city.settle()
    let columns: [StaticString] = [
      "UPDATE node SET tier = ?", "UPDATE node SET incarnation = ?", "UPDATE node SET starts = ?",
      "UPDATE node SET sequence = ?", "UPDATE node SET clock = ?", "UPDATE node SET events = ?",
      "UPDATE node SET lead_serial = ?", "UPDATE outbox_heads SET position = ?",
      "UPDATE outbox_heads SET acknowledged = ?", "UPDATE cursors SET position = ?",
      "UPDATE cursors SET incarnation = ?", "UPDATE commits SET accepted_at = ?",
      "UPDATE commits SET sequence = ?", "UPDATE commits SET id = ?1 WHERE id = 1 AND ?1 IS NOT 1",
      "UPDATE events SET id = ?1 WHERE id = 256", "UPDATE events SET time = ?",
      "UPDATE outbox SET event = ? WHERE position = 1", "UPDATE keys SET tier = ?",
      "UPDATE origins SET incarnation = incarnation + ?", "UPDATE entities SET audience = ?",
    ]
    for sql in columns {
      for value in [-1, Int64.min, Int64.max, 1 << 40] {
        _ = try? city[.d1].store.write(now: 0) { transaction in
          try transaction.connection.execute(sql, .integer(value))
          let reader = StoreReader(
            connection: transaction.connection, rulesMemory: transaction.rulesMemory,
            folder: transaction.folder, bounds: StoreBounds())
          _ = try? reader.figures()
          for peer in [RegionID.h, .t1] {
            _ = try? reader.backlog(for: peer)
            _ = try? reader.hello(to: peer, software: "")
            _ = try? reader.outboxHeads(of: peer)
            for lane in Lane.allCases {
              _ = try? reader.batch(for: peer, lane: lane, from: 0, maximumBytes: 9_000)
            }
            _ = try? transaction.beginRepair(with: peer, marks: LanePair(repeating: .zero))
          }
          let report = try? reader.verify(judge: city.authority) { _ in }
          let isUnchecked = Self.uncheckedColumns.contains { "\(sql)".contains($0) }
          if value < 0, !isUnchecked { #expect(report?.isGood != true, "\(sql) \(value)") }
          throw Undone()
        }
      }
    }
    #expect(try city[.d1].store.read { try $0.verify(judge: city.authority) { _ in } }.isGood)
  }

  @Test func `a tree that moves nobody routes nothing anew`() throws {
    let city = try HandTurnedCity(seed: 67, .twoDistricts())
    let lead = try city.report(at: .t1)
    let far = try city.report(at: .d1, audience: [.t2])
    try city.settle()
    // What is read anew would be found out.
    _ = try city[.d1].store.write(now: 0) {
      try $0.connection.execute(
        "UPDATE events SET bytes = x'00' WHERE entity = (SELECT id FROM entities WHERE uuid = ?)",
        .blob(lead.bytes))
    }
    let tree = try #require(try city[.h].newestTree)
    try city.publish(
      LinkTree(
        entries: tree.entries.map { entry in
          LinkTree.Entry(
            id: entry.id, tier: entry.tier, parent: entry.parent, address: "192.0.2.1:9000")
        }))
    try city.settle()
    #expect(city[.d1].failures.isEmpty)
    #expect(try city[.d1].newestTree?.entries.first?.address == "192.0.2.1:9000")
    // One that moves T3 under D1 routes what concerns T3, and no more.
    try city.move(.t3, under: .d1)
    try city.settle()
    #expect(city[.d1].failures.isEmpty)
    #expect(try city[.t3].entity(far) == nil)
  }

  @Test func `leads of a place are listed without a look at the others`() throws {
    let city = try HandTurnedCity(seed: 68, .twoDistricts())
    try city.settle()
    var leads: [EntityID] = []
    for _ in 0..<6 { leads.append(try city.report(at: .d1)) }
    for lead in leads.prefix(3) {
      try city.act(.dispatch(to: [.t1, .t2]), on: lead, at: .d1, audience: [.t1, .t2])
    }
    try city.act(.withdraw(), on: leads[0], at: .d1)
    try city.act(.dispatch(to: [.t2]), on: leads[0], at: .d1)
    func page(_ body: (inout LeadFilter) -> Void) throws -> Set<EntityID> {
      var filter = LeadFilter(limit: 100)
      body(&filter)
      return Set(try city[.d1].store.read { try $0.leads(filter) }.map(\.id))
    }
    for isRebuilt in [false, true] {
      if isRebuilt { try city.write(city[.d1]) { _ = try $0.rebuild { _ in } } }
      #expect(try page { $0.handler = .t1 } == Set(leads[1...2]))
      #expect(try page { $0.handler = .t2 } == Set(leads[0...2]))
      #expect(try page { $0.region = .d1 } == Set(leads))
      #expect(try page { $0.region = .t1 } == Set(leads[1...2]))
      #expect(try page { ($0.region, $0.handler) = (.d1, .t2) } == Set(leads[0...2]))
      #expect(try page { $0.handler = .h }.isEmpty)
    }
    try city.checkStores()
    _ = try city[.d1].store.write(now: 0) {
      try $0.connection.execute(
        "UPDATE entities SET state = x'00' WHERE uuid = ?", .blob(leads[5].bytes))
    }
    #expect(try page { $0.handler = .t2 } == Set(leads[0...2]))
    // A store of an earlier layout is given its list by the migration.
    _ = try city[.d1].store.write(now: 0) {
      try $0.connection.execute("DELETE FROM lead_places")
      try LeadPlaces.fill($0.connection)
    }
    #expect(try page { $0.handler = .t2 } == Set(leads[0...2]))
  }

  @Test func `taking ancestors along does not scan the outbox`() throws {
    let city = try HandTurnedCity(seed: 63, .oneChain())
    for query in [StoreTransaction.unsentOfEntity, StoreTransaction.urgentOfEntity] {
      let plan = try city.write(city[.d1]) { try $0.connection.plan(of: query) }
      #expect(plan.first?.contains("events_by_entity") == true, "\(plan)")
      #expect(plan.filter { $0.contains("SCAN") }.isEmpty, "\(plan)")
      #expect(plan.contains { $0.contains("outbox_by_event") }, "\(plan)")
    }
  }

  @Test func `the contact is found where another event of the lead came first`() throws {
    let city = try HandTurnedCity(seed: 64, .oneChain())
    try city.settle()
    let report = try city.leadDraft(audience: [.t1])
    let salt = city.numbers.bytes(16)
    let founding = try city.write(city[.t1]) { transaction in
      try transaction.author(actor: "a", role: "a", lane: .bulk) {
        let lead = $0.add(report)
        $0.add(
          ContactSeal(lead: lead, ciphertext: [1], keyName: Hash(of: [1]))
            .draft(rules: HandTurnedCity.rules, salt: salt, audience: [.t1]))
      }
    }
    let lead = try city.entity(of: founding)
    let act = try city.act(.progress("p"), on: lead, at: .t1)
    let fresh = try HandTurnedCity(seed: 65, .oneChain())
    _ = fresh.authority.issue(city[.t1].key.publicKey, .t1, .township)
    for commit in [act, founding] {
      _ = try fresh.write(fresh[.d1]) {
        try $0.take(Shipment(chains: [city[.t1].chain], commits: [commit]), from: .t1)
      }
    }
    let found = try fresh[.d1].store.read { try $0.contacts(of: lead) }
    #expect(found.map(\.id) == [try city.entity(of: founding, at: 1)])
  }

  @Test func `what waits for a rules file is folded by the program that brings it`() throws {
    let scratch = try ScratchFolder()
    let city = try HandTurnedCity(seed: 66, .oneChain())
    let lead = try city.report(at: .d1)
    try city.settle()
    let file = scratch.fresh()
    try city[.d1].store.backup(to: file)
    let folder = try scratch.folder(withStore: file, named: Store.fileName)
    func open(_ library: ProcessLibrary) throws -> Store {
      try Store.open(in: folder, library: library, judge: city.authority, signer: nil)
    }
    // A program that lacks the rules folds nothing.
    let older = try open(ProcessLibrary())
    _ = try older.write(now: 0) { try $0.rebuild { _ in } }
    _ = try older.write(now: 0) { try $0.connection.execute("DELETE FROM rules_known") }
    #expect(try older.read { try $0.entity(lead)?.isWaiting } == true)
    try older.close()
    let newer = try open(.shipped)
    let entity = try newer.read { try $0.entity(lead) }
    #expect(entity?.isWaiting == false && entity?.state != nil)
    #expect(try newer.read { try $0.verify(judge: city.authority) { _ in } }.isGood)
    try newer.close()
  }
}
