import Casework
import Ledger
import Regions
import Replication
import Testing

@testable import Store

/// Stores put back from a copy, and the repairs that follow.
@Suite struct RestoreTests {
  private func city(_ seed: UInt64) throws -> HandTurnedCity {
    let city = try HandTurnedCity(seed: seed, .oneChain())
    try city.settle()
    return city
  }

  @Test func `after a noticed restore the lost commits come back and new ones stay`() throws {
    for region in [RegionID.t1, .d1, .h] {
      let city = try city(30)
      let scratch = try ScratchFolder()
      let early = try city.report(at: region)
      try city.settle()
      let copy = try city.backup(region, in: scratch)
      let lost = try city.report(at: region, audience: [.t1])
      let theirs = try city.report(at: .t1, audience: [region])
      try city.settle()
      try city.restore(region, from: copy, in: scratch)
      #expect(try city[region].entity(lost) == nil)
      #expect(try city[region].incarnation == 2)
      let new = try city.report(at: region)
      try city.settle()
      for lead in [early, lost, theirs, new] {
        #expect(try city[region].entity(lead)?.state != nil, "\(region)")
      }
      try city.checkConverged(alive: city.alive)
      try city.checkStores()
      for node in city.regions { #expect(city[node].alarms.isEmpty, "\(region): \(node)") }
    }
  }

  @Test func `an unnoticed restore is found by the peer's cursor and opens an incarnation`() throws
  {
    for region in [RegionID.t1, .d1, .h] {
      let city = try city(31)
      let scratch = try ScratchFolder()
      let copy = try city.backup(region, in: scratch)
      let lost = try city.report(at: region, audience: [.t1])
      try city.settle()
      try city.restore(region, from: copy, unnoticed: true, in: scratch)
      #expect(try city[region].incarnation == 1)
      try city.settle()
      #expect(try city[region].incarnation == 2, "\(region)")
      #expect(try city[region].entity(lost)?.state != nil, "\(region)")
      let new = try city.report(at: region)
      try city.settle()
      #expect(try city[region].entity(new)?.state != nil)
      try city.checkConverged(alive: city.alive)
      try city.checkStores()
      for node in city.regions { #expect(city[node].alarms.isEmpty, "\(region): \(node)") }
    }
  }

  @Test func `two commits of one sequence are both held everywhere, with an alarm`() throws {
    let city = try city(32)
    let scratch = try ScratchFolder()
    let copy = try city.backup(.t1, in: scratch)
    let first = try city.author(.t1, [city.leadDraft()])
    let follower = try city.author(.t1, [city.leadDraft()])
    try city.settle()
    try city.restore(.t1, from: copy, unnoticed: true, in: scratch)
    let rival = try city.author(.t1, [city.leadDraft()])
    #expect(rival.stamp.sequence == first.stamp.sequence && rival.hash != first.hash)
    try city.settle()
    for region in [RegionID.t1, .d1, .h] {
      for commit in [first, follower, rival] {
        #expect(try city[region].held.contains(commit.events[0].event.hash), "\(region)")
      }
      #expect(city[region].alarms.contains { $0.code == "equivocation" }, "\(region)")
    }
    #expect(try city[.t1].incarnation == 2)
    try city.checkConverged(alive: city.alive)
    try city.checkStores()
  }

  @Test
  func
    `a node that is sent a commit of its own present chain that it lacks asks for an incarnation`()
    throws
  {
    let city = try city(33)
    let scratch = try ScratchFolder()
    let copy = try city.backup(.t1, in: scratch)
    let lost = try city.author(.t1, [city.leadDraft()])
    try city.restore(.t1, from: copy, unnoticed: true, in: scratch)
    let (_, effects) = try city[.t1].store.write(now: city.now) { transaction in
      try transaction.take(Shipment(chains: [], commits: [lost]), from: .d1)
    }
    #expect(effects.replacedIncarnation == 1)
    let (_, again) = try city[.t1].store.write(now: city.now) { transaction in
      try transaction.take(Shipment(chains: [], commits: [lost]), from: .d1)
    }
    #expect(again.replacedIncarnation == nil)
  }

  @Test func `a store put back to before an incarnation that the peer knows opens a new one`()
    throws
  {
    let city = try city(36)
    let scratch = try ScratchFolder()
    let copy = try city.backup(.t1, in: scratch)
    try city.restore(.t1, from: copy, in: scratch)
    try city.report(at: .t1)
    try city.settle()
    #expect(try city[.t1].incarnation == 2)
    try city.restore(.t1, from: copy, unnoticed: true, in: scratch)
    #expect(try city[.t1].incarnation == 1)
    try city.settle()
    #expect(try city[.t1].incarnation == 3)
    try city.checkConverged(alive: city.alive)
  }

  @Test func `a repair cut at any step begins again and ends well`() throws {
    var cuts = 0
    for point in 0..<400 {
      let city = try city(34)
      let scratch = try ScratchFolder()
      let copy = try city.backup(.t1, in: scratch)
      for _ in 0..<3 { try city.report(at: .t1) }
      for _ in 0..<3 { try city.report(at: .d1, audience: [.t1]) }
      try city.settle()
      try city.restore(.t1, from: copy, in: scratch)
      try city.report(at: .t1)
      try city.report(at: .d1, audience: [.t1])
      try city.dial(.t1)
      for _ in 0..<point {
        guard let step = city.steps.first else { break }
        try city.take(step)
      }
      if city.steps.isEmpty { break }
      cuts += 1
      let isRepairing = city[.t1].sessions.values.contains { $0.link.isRepairing }
      city.cutLinks(of: .t1)
      while !city[.t1].writes.isEmpty { try city.commit(city[.t1], 1) }
      if isRepairing {
        // A repair not ended on our side implies a void cursor, once it has begun.
        try city.checkCursors()
      }
      try city.settle()
      try city.checkCursors()
      try city.checkConverged(alive: city.alive)
    }
    #expect(cuts > 30)
  }

  @Test
  func `data that flows while a repair runs is neither lost nor held back, in any interleaving`()
    throws
  {
    for seed in UInt64(1)...25 {
      let city = try city(35)
      var numbers = SeededNumbers(seed: seed)
      let scratch = try ScratchFolder()
      let copy = try city.backup(.t1, in: scratch)
      for _ in 0..<3 { try city.report(at: .t1) }
      try city.settle()
      try city.restore(.t1, from: copy, in: scratch)
      city[.t1].goodbyes = []
      try city.dial(.t1)
      for step in 0..<3_000 {
        if step < 120, numbers.percent(10) {
          try city.report(at: .d1, lane: numbers.pick([.urgent, .bulk]), audience: [.t1])
          try city.report(at: .t1, lane: numbers.pick([.urgent, .bulk]))
        }
        let steps = city.steps
        guard !steps.isEmpty else { break }
        var next = numbers.pick(steps)
        if case .commit(let region, _) = next { next = .commit(region, 1) }
        try city.take(next)
      }
      // The one session did it all: no refusal, no second try.
      #expect(city[.t1].failures.isEmpty && city[.d1].failures.isEmpty, "seed \(seed)")
      #expect(city[.t1].goodbyes.isEmpty, "seed \(seed): \(city[.t1].goodbyes)")
      do {
        try city.checkCursors()
      } catch {
        Issue.record("seed \(seed): \(error)")
      }
      try city.settle()
      try city.checkConverged(alive: city.alive)
    }
  }
}
