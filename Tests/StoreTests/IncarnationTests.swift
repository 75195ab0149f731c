import Ledger
import Regions
import Replication
import Testing

@testable import Store

/// How a node leaves an incarnation that turned out to be stale, and how a peer cannot make it.
@Suite struct IncarnationTests {
  private static let day: UInt64 = 24 * 60 * 60 * 1000

  private func city(_ seed: UInt64) throws -> HandTurnedCity {
    let city = try HandTurnedCity(seed: seed, .oneChain())
    try city.settle()
    return city
  }

  /// Puts D1's store back unnoticed, so that both of its neighbours know more of it than it does.
  private func putBack(_ city: HandTurnedCity, in scratch: ScratchFolder) throws {
    let copy = try city.backup(.d1, in: scratch)
    try city.report(at: .d1, audience: [.t1])
    try city.settle()
    try city.restore(.d1, from: copy, unnoticed: true, in: scratch)
  }

  @Test func `two peers that contradict at once lead to one new incarnation`() throws {
    let city = try city(40)
    let scratch = try ScratchFolder()
    try putBack(city, in: scratch)
    try city.dial(.d1)
    try city.dial(.t1)
    // Both hellos are judged by the same incarnation before anything follows from either verdict.
    func isVerdict(_ step: HandTurnedCity.Step) -> Bool {
      guard case .turn(let region, let id) = step,
        case .cursorsJudged? = city[region].sessions[id]?.inputs.first
      else { return false }
      return true
    }
    for _ in 0..<10_000 {
      let steps = city.steps
      guard let step = steps.first(where: { !isVerdict($0) }) ?? steps.first else { break }
      try city.take(step)
    }
    #expect(try city[.d1].incarnation == 2)
    try city.report(at: .d1, audience: [.t1])
    try city.settle()
    #expect(try city[.d1].incarnation == 2)
    try city.checkConverged(alive: city.alive)
    try city.checkStores()
    for region in city.regions { #expect(city[region].alarms.isEmpty, "\(region)") }
  }

  @Test func `the second of two who found the same incarnation stale changes nothing`() throws {
    let city = try city(41)
    let node = city[.d1]
    try city.openIncarnation(node, leaving: 1)
    let commit = try city.author(.d1, [city.leadDraft()])
    #expect(commit.stamp.origin.incarnation == 2 && commit.stamp.sequence == 1)
    try city.openIncarnation(node, leaving: 1)
    let next = try city.author(.d1, [city.leadDraft()])
    #expect(next.stamp.origin.incarnation == 2 && next.stamp.sequence == 2)
  }

  @Test(arguments: [18, 9_999, UInt32.max])
  func `a number that this node cannot have opened changes nothing`(_ incarnation: UInt32) throws {
    let city = try city(43)
    let node = city[.t1]
    var draft = CommitDraft(
      stamp: Stamp(
        origin: Origin(region: .t1, incarnation: incarnation), sequence: 1,
        time: HybridTime(milliseconds: city.now), actor: "a", role: "a", tier: .township,
        key: node.signer.key, lane: .bulk))
    draft.add(try city.leadDraft())
    let stolen = try node.signer.seal(draft, previous: .zero)
    _ = try node.store.write(now: city.now) {
      try $0.take(Shipment(chains: [], commits: [stolen]), from: .d1)
    }
    try city.author(.t1, [city.leadDraft()])
    try city.restart(.t1)
    #expect(try node.incarnation == 1)
    // Also where the node has to leave its incarnation for a better reason.
    try city.openIncarnation(node, leaving: 1)
    #expect(try node.incarnation == 2)
    try city.author(.t1, [city.leadDraft()])
  }

  @Test func `a file that names the last incarnation stops no start`() throws {
    let file = StartCounter(starts: 1, incarnation: .max)
    let decision = StartCounter.decide(beside: file, inside: nil)
    #expect(decision.opensNewIncarnation && decision.counter.incarnation == .max)
    let city = try city(44)
    let next = try city.write(city[.t1]) { try $0.counter(leaving: 1, beside: file, claim: nil) }
    #expect(next?.incarnation == .max)
  }

  @Test func `a replaced store writes nothing more, and a crash does not make it forget`() throws {
    let city = try city(42)
    let scratch = try ScratchFolder()
    let copy = try city.backup(.t1, in: scratch)
    let lost = try city.author(.t1, [city.leadDraft()])
    try city.settle()
    try city.restore(.t1, from: copy, unnoticed: true, in: scratch)
    let node = city[.t1]
    _ = try node.store.write(now: city.now) {
      try $0.take(Shipment(chains: [], commits: [lost]), from: .d1)
    }
    #expect(throws: StoreError.self) { try city.author(.t1, [city.leadDraft()]) }
    // The process ends before it acts upon what it found.
    try city.restart(.t1)
    #expect(try node.incarnation == 2)
    let new = try city.author(.t1, [city.leadDraft()])
    #expect(new.stamp.origin.incarnation == 2 && new.stamp.sequence == 1)
    try city.settle()
    try city.checkConverged(alive: city.alive)
    for region in city.regions { #expect(city[region].alarms.isEmpty, "\(region)") }
  }

  @Test func `a commit of a later incarnation of ours leads beyond it`() throws {
    let city = try city(43)
    let scratch = try ScratchFolder()
    let copy = try city.backup(.t1, in: scratch)
    try city.openIncarnation(city[.t1], leaving: 1)
    let later = try city.author(.t1, [city.leadDraft()])
    city[.t1].counter = StartCounter(starts: 1, incarnation: 1)
    try city.restore(.t1, from: copy, unnoticed: true, in: scratch)
    let (_, effects) = try city[.t1].store.write(now: city.now) {
      try $0.take(Shipment(chains: [], commits: [later]), from: .d1)
    }
    #expect(effects.replacedIncarnation == 1)
    try city.openIncarnation(city[.t1], leaving: 1)
    #expect(try city[.t1].incarnation == 3)
  }

  /// What D1 makes of a cursor that T1 made up.
  private func judge(_ city: HandTurnedCity, incarnation: UInt32) throws -> CursorVerdict {
    let made = Cursor(
      incarnation: incarnation, position: 1_000_000_000, running: Hash(of: [7]))
    return try city[.d1].store.read {
      try $0.judge(.at(made), of: .t1, lane: .bulk, now: city.now)
    }
  }

  private func believe(_ city: HandTurnedCity, incarnation: UInt32) throws {
    let former = try city[.d1].incarnation
    try city.openIncarnation(
      city[.d1], leaving: former, IncarnationClaim(peer: .t1, incarnation: incarnation))
  }

  @Test func `a made-up cursor opens one incarnation a day and peer, and after that a repair`()
    throws
  {
    let city = try city(44)
    #expect(try judge(city, incarnation: 1) == .contradictsOurs(incarnation: 1))
    try believe(city, incarnation: 1)
    #expect(try city[.d1].incarnation == 2)
    for incarnation in UInt32(2)...3 {
      #expect(try judge(city, incarnation: incarnation) == .mismatch)
    }
    // Where the verdict was given before the note stood, the note is asked again.
    try believe(city, incarnation: 2)
    #expect(try city[.d1].incarnation == 2)
    city.now += Self.day
    #expect(try judge(city, incarnation: 2) == .contradictsOurs(incarnation: 2))
    try city.settle()
    try city.checkConverged(alive: city.alive)
  }

  @Test func `a made-up incarnation raises ours by little`() throws {
    for (claimed, opened) in [(UInt32(5), UInt32(6)), (4_000_000_000, 2)] {
      let city = try city(45)
      try believe(city, incarnation: claimed)
      #expect(try city[.d1].incarnation == opened)
    }
  }

  @Test func `an unnoticed restore on a day on which the peer was believed is found all the same`()
    throws
  {
    let city = try city(46)
    let scratch = try ScratchFolder()
    try putBack(city, in: scratch)
    try city.settle()
    #expect(try city[.d1].incarnation == 2)
    let copy = try city.backup(.d1, in: scratch)
    let lost = try city.author(.d1, [city.leadDraft(audience: [.t1])])
    try city.settle()
    try city.restore(.d1, from: copy, unnoticed: true, in: scratch)
    try city.settle()
    #expect(try city[.d1].incarnation == 3, "the repair brings the signed commit")
    #expect(try city[.d1].held.contains(lost.events[0].event.hash))
    try city.checkConverged(alive: city.alive)
  }

  @Test func `what a peer holds is noted anew when its store was put back`() throws {
    let city = try city(47)
    try city.report(at: .d1, audience: [.t1])
    try city.settle()
    let node = city[.d1]
    #expect(try node.store.read { try $0.backlog(for: .t1) }.events == 0)
    let heads = try node.store.read { try $0.outboxHeads(of: .t1) }
    try city.write(node) { try $0.noteCursor(of: .t1, .bulk, at: 0) }
    #expect(try node.store.read { try $0.backlog(for: .t1) }.events == heads.bulk)
    try city.write(node) { try $0.noteCursor(of: .t1, .bulk, at: heads.bulk + 1) }
    #expect(try node.store.read { try $0.backlog(for: .t1) }.events == heads.bulk)
  }
}
