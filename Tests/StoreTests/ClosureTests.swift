import Casework
import Ledger
import Regions
import Replication
import Testing

@testable import Store

/// Origins that the hub closes.
@Suite struct ClosureTests {
  private static let stolen = Origin(region: .t1, incarnation: 1)

  /// Closes T1's first origin at the hub; what the hub holds of it stays good, but for those named.
  @discardableResult
  func close(_ city: HandTurnedCity, except: Set<Hash> = []) throws -> EntityID {
    let hub = city[.h]
    let good = try hub.store.read { try $0.commits(of: Self.stolen) }.map(\.hash)
      .filter { !except.contains($0) }
    return try city.write(hub) { transaction in
      try transaction.close(
        Self.stolen, good: good, rules: Process.closures.hash, actor: "chief", role: "officer"
      ) { city.numbers.bytes(16) }
    }
  }

  /// A commit that T1's key signs outside its chain, with one act upon these heads of an entity.
  private func forge(
    _ act: Act, on entity: EntityID, heads: [Hash], sequence: UInt64, in city: HandTurnedCity
  ) throws -> Commit {
    let thief = city[.t1]
    var draft = CommitDraft(
      stamp: Stamp(
        origin: Self.stolen, sequence: sequence,
        time: HybridTime(milliseconds: city.now - 1_000_000), actor: "officer", role: "officer",
        tier: .township, key: thief.signer.key, lane: .bulk))
    draft.add(act.draft(entity: entity, heads: heads, salt: city.numbers.bytes(16)))
    return try thief.signer.seal(draft, previous: city.numbers.hash())
  }

  private func take(_ commits: [Commit], at region: RegionID, in city: HandTurnedCity) throws {
    try city.write(city[region]) {
      _ = try $0.take(Shipment(chains: [city[.t1].chain], commits: commits), from: .t1)
    }
  }

  private func reason(_ event: Hash, of entity: EntityID, at node: CityNode) throws -> Reason? {
    try node.entity(entity)?.state?.ineffective.first { $0.event == event }?.reason
  }

  @Test func `a forged backdated commit that comes after the closure is barred everywhere`() throws
  {
    let city = try HandTurnedCity(seed: 201, .twoDistricts())
    try city.settle()
    let lead = try city.report(at: .t1)
    try city.settle()
    let root = try #require(city[.d1].entity(lead)?.heads)
    try close(city)
    try city.settle()
    let forged = try forge(.progress("planted"), on: lead, heads: root, sequence: 2, in: city)
    let event = forged.events[0].event.hash
    try take([forged], at: .d1, in: city)
    try city.settle()
    for region in [RegionID.h, .d1] {
      #expect(try city[region].held.contains(event), "\(region) holds and relays it")
      #expect(try reason(event, of: lead, at: city[region]) == .originClosed, "\(region)")
      let state = try #require(city[region].entity(lead)?.state)
      #expect(state.facts["lead.progressed"] == nil)
      #expect(state.ineffective.count == 1, "the founding event stays good")
    }
    try city.checkStores()
  }

  @Test func `the order of arrival of closure and events does not matter`() throws {
    var states: Set<[UInt8]> = []
    for order in 0..<4 {
      let city = try HandTurnedCity(seed: 202, .oneChain())
      try city.settle()
      let lead = try city.report(at: .t1)
      let good = try city.act(.progress("true"), on: lead, at: .t1)
      try city.settle()
      let heads = try #require(city[.d1].entity(lead)?.heads)
      // One of them follows the heads, so that it may take the fast path; the other forks.
      let forged = [
        try forge(.dispatch(to: [.t1]), on: lead, heads: heads, sequence: 7, in: city),
        try forge(
          .close(result: "done"), on: lead, heads: [good.events[0].event.parents[0]], sequence: 2,
          in: city),
      ]
      let arrivals: [() throws -> Void] = [
        { try take([forged[0]], at: .d1, in: city) }, { try take([forged[1]], at: .d1, in: city) },
        {
          try close(city, except: Set(forged.map(\.hash)))
          try city.settle()
        },
      ]
      for step in [[0, 1, 2], [2, 0, 1], [0, 2, 1], [1, 2, 0]][order] { try arrivals[step]() }
      try city.settle()
      for region in [RegionID.h, .d1] {
        let state = try #require(city[region].entity(lead)?.state)
        #expect(state.ineffective.map(\.reason) == [.originClosed, .originClosed])
        #expect(state.facts["lead.progressed"]?.count == 1)
        #expect(state.stage?.stage == "dispatch")
        states.insert(state.encoded)
      }
      try city.checkStores()
    }
    #expect(states.count == 1)
  }

  @Test func `parts come in any order, and nothing is barred before the last`() throws {
    let city = try HandTurnedCity(seed: 203, .oneChain())
    try city.settle()
    let lead = try city.report(at: .t1)
    let act = try city.act(.progress("p"), on: lead, at: .t1).events[0].event
    try city.settle()
    let held = try city[.h].store.read { try $0.commits(of: Self.stolen) }.map(\.hash)
    // Made-up commits fill three parts.
    let many = held.dropLast() + (0..<9_000).map { _ in city.numbers.hash() }
    let closure = try city.write(city[.h]) {
      try $0.close(
        Self.stolen, good: Array(many), rules: Process.closures.hash, actor: "chief",
        role: "officer"
      ) { city.numbers.bytes(16) }
    }
    let parts = try commits(of: closure, at: city[.h])
    #expect(parts.count == 3)
    for order in [[2, 1, 0], [1, 0, 2], [0, 2, 1]] {
      let scratch = try HandTurnedCity(seed: 203, .oneChain())
      try scratch.settle()
      let node = scratch[.d1]
      let all = try commits(of: lead, at: city[.d1])
      try scratch.write(node) {
        _ = try $0.take(
          Shipment(chains: [city[.h].chain, city[.t1].chain], commits: all), from: .t1)
      }
      for (step, part) in order.enumerated() {
        #expect(try reason(act.hash, of: lead, at: node) == nil, "before step \(step)")
        try scratch.write(node) {
          _ = try $0.take(Shipment(chains: [], commits: [parts[part]]), from: .h)
        }
      }
      #expect(try reason(act.hash, of: lead, at: node) == .originClosed)
      #expect(try node.entity(lead)?.state?.encoded == city[.h].entity(lead)?.state?.encoded)
      #expect(try node.store.read { try $0.verify(judge: scratch.authority) { _ in } }.isGood)
    }
  }

  private func commits(of entity: EntityID, at node: CityNode) throws -> [Commit] {
    try node.store.read { reader in
      var keys: [SetKey] = []
      for entry in try reader.timeline(of: entity) {
        keys.append(SetKey(time: entry.stamp.time, hash: entry.event.hash))
      }
      var pending = try reader.events(keys)
      var commits: [Commit] = []
      while let shipment = try reader.nextShipment(of: &pending) { commits += shipment.commits }
      return commits
    }
  }

  @Test func `a rebuild derives the same, and damage of the notes is told`() throws {
    let city = try HandTurnedCity(seed: 204, .oneChain())
    try city.settle()
    let lead = try city.report(at: .t1)
    let act = try city.act(.progress("p"), on: lead, at: .t1)
    try city.settle()
    try close(city, except: [act.hash])
    try city.settle()
    let district = city[.d1]
    let before = try #require(district.entity(lead)?.state?.encoded)
    #expect(try reason(act.events[0].event.hash, of: lead, at: district) == .originClosed)
    let damages: [StaticString] = [
      "DELETE FROM closures", "DELETE FROM closure_parts", "DELETE FROM good_commits",
      "INSERT INTO good_commits VALUES (1, x'00')", "UPDATE closures SET parts = 2",
      "UPDATE closures SET incarnation = 7",
    ]
    for damage in damages {
      try city.write(district) { try $0.connection.execute(damage) }
      let report = try district.store.read { try $0.verify(judge: city.authority) { _ in } }
      #expect(!report.isGood, "\(damage)")
      try city.write(district) { _ = try $0.rebuild { _ in } }
      #expect(try district.entity(lead)?.state?.encoded == before, "\(damage)")
      try city.checkStores()
    }
  }

  @Test func `a township's closure is void`() throws {
    let city = try HandTurnedCity(seed: 205, .twoDistricts())
    try city.settle()
    let lead = try city.report(at: .t1)
    try city.settle()
    let bodies = try #require(
      OriginClosure.bodies(closing: Self.stolen, good: [], rules: Process.closures.hash))
    let commit = try city.author(
      .t2,
      [
        EventDraft(
          entity: nil, kind: OriginClosure.kind, parents: [], audience: [.everyone],
          salt: city.numbers.bytes(16), body: bodies[0].encoded)
      ])
    try city.settle()
    let closure = try city.entity(of: commit)
    for region in [RegionID.h, .d1, .t1] {
      #expect(
        try city[region].entity(closure)?.state?.ineffective.map(\.reason) == [.notAuthorised])
    }
    #expect(try city[.h].entity(lead)?.state?.ineffective.isEmpty == true)
    #expect(throws: StoreError.self) {
      try city.write(city[.t2]) {
        _ = try $0.close(
          Self.stolen, good: [], rules: Process.closures.hash, actor: "a", role: "a"
        ) { city.numbers.bytes(16) }
      }
    }
    try city.checkStores()
  }

  @Test func `of two closures each bars what it leaves out`() throws {
    let city = try HandTurnedCity(seed: 206, .oneChain())
    try city.settle()
    let lead = try city.report(at: .t1)
    let acts = try (0..<3).map { try city.act(.progress("\($0)"), on: lead, at: .t1) }
    try city.settle()
    for act in acts.prefix(2) {
      try close(city, except: [act.hash])
      try city.settle()
    }
    for region in city.regions {
      let barred = try acts.map {
        try reason($0.events[0].event.hash, of: lead, at: city[region]) == .originClosed
      }
      #expect(barred == [true, true, false], "\(region)")
    }
    try city.checkStores()
  }

  @Test func `what a stolen key wrote shows nothing of its office once it is closed`() throws {
    let city = try HandTurnedCity(seed: 209, .oneChain())
    try city.settle()
    city.partitions = [[.t1, .d1]]
    city.cutLinks(of: .t1)
    let lead = try city.report(at: .d1, audience: [.t1])
    try city.settle()
    let root = try #require(city[.d1].entity(lead)?.heads)
    let forged = try forge(.progress("planted"), on: lead, heads: root, sequence: 2, in: city)
    try take([forged], at: .d1, in: city)
    func proof() throws -> Knowledge.Basis? {
      try city[.d1].store.read { try $0.story(of: lead) }?.entries
        .first { $0.entry.event.hash == root[0] }?.known[.t1]?.basis
    }
    let planted = forged.events[0].event.hash
    #expect(try proof() == .wrote(planted), "nobody can tell it from the office's own yet")
    try city.settle()
    try close(city, except: [forged.hash])
    try city.settle()
    #expect(try proof() == nil)
  }

  @Test func `a closed node writes nothing more before its next start opens an incarnation`() throws
  {
    let city = try HandTurnedCity(seed: 207, .oneChain())
    try city.settle()
    let lead = try city.report(at: .t1)
    try city.settle()
    try close(city)
    try city.settle()
    #expect(throws: StoreError.self) { try city.act(.progress("p"), on: lead, at: .t1) }
    try city.restart(.t1)
    #expect(try city[.t1].incarnation == 2)
    let act = try city.act(.progress("p"), on: lead, at: .t1)
    try city.settle()
    #expect(try city[.h].entity(lead)?.heads == [act.events[0].event.hash])
    #expect(try city[.h].entity(lead)?.state?.ineffective.isEmpty == true)
    #expect(throws: StoreError.self) {
      try city.write(city[.h]) {
        _ = try $0.close(
          Origin(region: .h, incarnation: 1), good: [], rules: Process.closures.hash, actor: "a",
          role: "a"
        ) { city.numbers.bytes(16) }
      }
    }
    try city.checkStores()
  }

  @Test func `a row whose lead was barred may be imported once more`() throws {
    let city = try HandTurnedCity(seed: 210, .oneChain())
    try city.settle()
    let key = city.numbers.hash()
    func draft() throws -> EventDraft {
      var report = LeadReport(
        number: try #require(LeadNumber(region: 1, incarnation: 1, serial: 1)), channel: "phone",
        reportedAtMilliseconds: 1, title: "x", text: "y")
      report.sourceKey = key
      return report.draft(
        rules: HandTurnedCity.rules, salt: city.numbers.bytes(16), audience: [.t1])
    }
    func isImported() throws -> Bool {
      try city[.t1].store.read { try $0.isImported(key) }
    }
    let commit = try city.author(.t1, [draft()])
    try city.settle()
    #expect(try isImported())
    try close(city, except: [commit.hash])
    try city.settle()
    #expect(try isImported() == false)
    try city.checkStores()
    try city.restart(.t1)
    try city.author(.t1, [draft()])
    #expect(try isImported())
    try city.settle()
    for region in city.regions { try city.write(city[region]) { _ = try $0.rebuild { _ in } } }
    #expect(try isImported())
    try city.checkStores()
  }

  @Test func `a program that knows closures takes those that an older one held`() throws {
    let scratch = try ScratchFolder()
    let city = try HandTurnedCity(seed: 208, .oneChain())
    try city.settle()
    let lead = try city.report(at: .t1)
    let act = try city.act(.progress("p"), on: lead, at: .t1)
    try city.settle()
    let closure = try close(city, except: [act.hash])
    try city.settle()
    let file = scratch.fresh()
    try city[.d1].store.backup(to: file)
    let folder = try scratch.folder(withStore: file, named: Store.fileName)
    func open(_ library: ProcessLibrary) throws -> Store {
      try Store.open(in: folder, library: library, judge: city.authority, signer: nil)
    }
    // An older program lacked the process of closures and the tables.
    let older = try open(ProcessLibrary([.firstCut]))
    _ = try older.write(now: 0) { transaction in
      let tables: [StaticString] = [
        "DELETE FROM closures", "DELETE FROM closure_parts", "DELETE FROM good_commits",
      ]
      for sql in tables { try transaction.connection.execute(sql) }
    }
    _ = try older.write(now: 0) { transaction in
      transaction.closedOrigins = try ClosedOrigins(transaction.connection)
      for id in [lead, closure] {
        let record = try transaction.record(of: id)
        record.needsRefold = true
        transaction.touch(record)
      }
      try transaction.connection.execute("DELETE FROM rules_known")
    }
    #expect(try older.read { try $0.entity(lead) }?.state?.ineffective.isEmpty == true)
    try older.close()
    let newer = try open(.shipped)
    #expect(try newer.read { try $0.entity(lead) }?.state?.ineffective.count == 1)
    #expect(try newer.read { try $0.verify(judge: city.authority) { _ in } }.isGood)
    try newer.close()
  }

  @Test func `finding what a closure bars does not scan the ledger`() throws {
    let city = try HandTurnedCity(seed: 209, .oneChain())
    let plan = try city.write(city[.d1]) {
      try $0.connection.plan(of: StoreTransaction.barredByClosure)
    }
    #expect(plan.filter { $0.contains("SCAN") }.isEmpty, "\(plan)")
    #expect(plan.contains { $0.contains("commits_by_origin") }, "\(plan)")
    #expect(plan.contains { $0.contains("SEARCH e USING INTEGER PRIMARY KEY") }, "\(plan)")
  }
}
