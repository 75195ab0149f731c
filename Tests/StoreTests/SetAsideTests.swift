import Ledger
import Regions
import Replication
import Store
import Testing

/// What came altered is asked for again.
@Suite struct SetAsideTests {
  /// Alters the signature of a commit on its way to a node.
  private func spoil(_ commit: Commit, onTheWayTo region: RegionID, in city: HandTurnedCity) throws
  {
    for _ in 0..<10_000 {
      for (wire, frames) in city.wires where wire.to == region {
        for (place, frame) in frames.enumerated() {
          guard case .batch(let batch) = frame, batch.commits.contains(commit) else { continue }
          city.wires[wire]?[place] = .batch(try spoiled(batch, commit))
          return
        }
      }
      try city.take(try #require(city.steps.first))
    }
    Issue.record("the commit was never on its way")
  }

  private func spoiled(_ batch: Batch, _ commit: Commit) throws -> Batch {
    let items = try batch.items.map { item -> Batch.Item in
      guard case .commit(commit) = item else { return item }
      var bytes = CommitBytes(commit)
      bytes.signature[7] ^= 1
      return .commit(try Commit(bytes))
    }
    return Batch(lane: batch.lane, start: batch.start, chains: batch.chains, items: items)
  }

  private func cityWithSpoiledCommit(_ seed: UInt64) throws -> (HandTurnedCity, Commit) {
    let city = try HandTurnedCity(seed: seed, .oneChain())
    try city.settle()
    let commit = try city.author(.t1, [city.leadDraft()])
    try spoil(commit, onTheWayTo: .d1, in: city)
    try city.untilQuiet()
    #expect(try city[.d1].store.read { try $0.setAsideCount(from: .t1) } == 1)
    #expect(try !city[.d1].held.contains(commit.events[0].event.hash))
    return (city, commit)
  }

  @Test func `a commit that was altered on its way comes with the next session`() throws {
    let (city, commit) = try cityWithSpoiledCommit(71)
    city.cutLinks(of: .t1)
    try city.settle()
    #expect(try city[.d1].held.contains(commit.events[0].event.hash))
    #expect(try city[.d1].store.read { try $0.setAsideCount(from: .t1) } == 0)
    try city.checkConverged(alive: city.alive)
  }

  @Test func `a peer is asked once an hour, and only while something is set aside`() throws {
    let (city, _) = try cityWithSpoiledCommit(72)
    let district = city[.d1]
    func asks(_ peer: RegionID) throws -> Bool {
      try city.write(district) { try $0.askForMissing(of: peer) }
    }
    #expect(try !asks(.h))
    #expect(try asks(.t1))
    #expect(try !asks(.t1))
    city.now += ReplicationBounds.askMilliseconds
    #expect(try asks(.t1))
    // The clock was set back: the question is not put off.
    city.now -= 2 * ReplicationBounds.askMilliseconds
    #expect(try asks(.t1))
  }
}
