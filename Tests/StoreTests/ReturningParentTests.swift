import Casework
import Ledger
import Regions
import Replication
import Testing

@testable import Store

/// Parents that were declared lost and turn up, some of them while they wait themselves: no node
/// takes back what it routed.
@Suite struct ReturningParentTests {
  /// A lead at D1 and the hub of which T1's last act came, which lets T2 in, and the two before it did
  /// not. The hub declared the latter of these lost.
  private struct Gap {
    let city: HandTurnedCity
    let lead: EntityID
    let grandparent: Commit
    let parent: Commit
    let child: Commit
    let declared: Commit

    init(seed: UInt64) throws {
      city = try HandTurnedCity(seed: seed, .twoDistricts())
      try city.settle()
      lead = try city.report(at: .t1)
      try city.settle()
      city.cutLinks(of: .t1)
      city.partitions = [[.t1, .d1]]
      let root = try #require(try city[.t1].entity(lead)?.heads)
      grandparent = try city.act(.progress("first"), on: lead, at: .t1)
      parent = try city.act(.inspect(finding: "seen"), on: lead, at: .t1)
      let hash = parent.events[0].event.hash
      child = try city.author(
        .t1,
        [
          Act.progress("last").draft(
            entity: lead, heads: root + [hash], salt: city.numbers.bytes(16), audience: [.t2])
        ])
      try city.write(city[.d1]) { [city, child] in
        _ = try $0.take(Shipment(chains: [city[.t1].chain], commits: [child]), from: .t1)
      }
      try city.settle()
      declared = try city.act(.declareLost([hash]), on: lead, at: .h)
      try city.settle()
    }

    /// Hands a commit of T1 or the hub to a node of this city or of another one made alike.
    func take(_ commit: Commit, at region: RegionID, in other: HandTurnedCity) throws {
      let chains = [city[.t1].chain, city[.h].chain]
      try other.write(other[region]) {
        _ = try $0.take(Shipment(chains: chains, commits: [commit]), from: region == .d1 ? .t1 : .h)
      }
    }
  }

  @Test func `an audience does not shrink when a lost parent turns up and waits itself`() throws {
    let gap = try Gap(seed: 311)
    let (city, lead) = (gap.city, gap.lead)
    let before = try #require(try city[.t2].entity(lead))
    #expect(before.audience == [.t1, .t2] && !before.waits)
    try gap.take(gap.parent, at: .d1, in: city)
    try city.settle()
    let later = try city.act(.progress("later"), on: lead, at: .d1)
    try city.settle()
    let need = Need.event(gap.grandparent.events[0].event.hash)
    for region in [RegionID.h, .d1, .t2] {
      let held = try #require(try city[region].entity(lead))
      #expect(held.audience == [.t1, .t2], "\(region)")
      #expect(held.state?.facts["lead.progressed"]?.count == 2, "\(region)")
      #expect(held.state?.facts["lead.inspected"] == nil, "\(region)")
      #expect(held.heads == [later.events[0].event.hash], "\(region)")
      let waiting = try city[region].store.read { try $0.waiting(limit: 9) }
      #expect(waiting.map(\.missing) == [[need]], "\(region)")
    }
    try city.checkStores()
    // The last one comes as well: all counts.
    city.partitions = []
    try city.settle()
    for region in [RegionID.h, .d1, .t1, .t2] {
      let held = try #require(try city[region].entity(lead))
      #expect(held.audience == [.t1, .t2] && !held.waits, "\(region)")
      #expect(held.state?.facts.values.map(\.count).reduce(0, +) == 4, "\(region)")
      #expect(held.state == (try city[.h].entity(lead)?.state), "\(region)")
    }
    try city.checkStores()
    for region in city.regions { try city.write(city[region]) { _ = try $0.rebuild { _ in } } }
    try city.checkStores()
  }

  @Test func `declaration, events and lost parents in any order give the same bytes`() throws {
    let gap = try Gap(seed: 312)
    let numbers = gap.city
    let known = try gap.city[.h].store.read { reader in
      let keys = try reader.timeline(of: gap.lead).map {
        SetKey(time: $0.stamp.time, hash: $0.event.hash)
      }
      var pending = try reader.events(keys)
      var commits: [Commit] = []
      while let shipment = try reader.nextShipment(of: &pending) { commits += shipment.commits }
      return commits
    }
    #expect(known.count == 3 && known.contains(gap.child) && known.contains(gap.declared))
    for all in [known, known + [gap.parent], known + [gap.parent, gap.grandparent]] {
      var states: Set<[UInt8]?> = []
      for _ in 0..<8 {
        let fresh = try HandTurnedCity(seed: 312, .twoDistricts())
        try fresh.settle()
        var audience: Set<RegionID> = []
        for commit in all.shuffled(using: &numbers.numbers) {
          try gap.take(commit, at: .d2, in: fresh)
          let now = Set(try fresh[.d2].entity(gap.lead)?.audience ?? [])
          #expect(now.isSuperset(of: audience))
          audience = now
        }
        #expect(audience == [.t1, .t2])
        states.insert(try fresh[.d2].entity(gap.lead)?.state?.encoded)
        #expect(try fresh[.d2].store.read { try $0.verify(judge: fresh.authority) { _ in } }.isGood)
      }
      #expect(states.count == 1 && !states.contains(nil))
    }
  }

  @Test func `a closure that bars the declaration takes its effect and no audience back`() throws {
    let gap = try Gap(seed: 313)
    let (city, lead) = (gap.city, gap.lead)
    // The hub's key was stolen, and the thief declared the parent lost.
    let origin = gap.declared.stamp.origin
    let good = try city[.h].store.read { try $0.commits(of: origin) }.map(\.hash)
      .filter { $0 != gap.declared.hash }
    let bodies = try #require(
      OriginClosure.bodies(closing: origin, good: good, rules: Process.closures.hash))
    try city.author(
      .h,
      bodies.map {
        EventDraft(
          entity: nil, kind: OriginClosure.kind, parents: [], audience: [.everyone],
          salt: city.numbers.bytes(16), body: $0.encoded)
      })
    try city.settle()
    for region in [RegionID.h, .d1, .t2] {
      let held = try #require(try city[region].entity(lead))
      #expect(held.waits && held.state?.facts["lead.progressed"] == nil, "\(region)")
      #expect(held.audience == [.t1, .t2], "\(region)")
    }
    try city.checkStores()
  }
}
