import Ledger
import Regions
import Replication
import Store
import Synchronization
import Testing

@testable import Node

/// What a session hands to the writer, where one part of it fails.
@Suite(.timeLimit(.minutes(10))) struct SessionWritesTests {
  private let marks = LanePair(repeating: Hash(of: [1]))

  private func batch(_ start: UInt64) -> Batch {
    Batch(
      lane: .bulk, start: Cursor(incarnation: 1, position: start, running: .zero), chains: [],
      items: [.mark(Hash(of: [2]))])
  }

  private func cursors(_ node: CommandsNode, of peer: RegionID) throws -> LanePair<HeldCursor> {
    try node.core.store.read { try $0.cursors(of: peer) }
  }

  @Test func `the end of a repair does not overtake a batch that was not stored`() async throws {
    let city = try CommandsCity()
    let lake = try city.node("lake0")
    let peer = try #require(RegionID("east"))
    let writes = SessionWrites(writer: lake.core.writer, peer: peer)
    let reached = LanePair(repeating: Cursor(incarnation: 1, position: 9, running: Hash(of: [3])))
    let outcomes = Mutex<[Bool]>([])
    // The batch begins beside the cursor, so the store refuses it; the rest is handed over at once.
    for effect in [LinkEffect.take(batch(5), movesCursor: true), .finishRepair(reached)] {
      writes.submit(effect, marks: marks) { outcome in
        outcomes.withLock { $0.append((try? outcome.get()) != nil) }
      }
    }
    try await writes.begin()
    #expect(try cursors(lake, of: peer) == LanePair(repeating: .fresh))
    #expect(outcomes.withLock { $0 }.first == false)
  }

  @Test func `a session whose place was taken writes nothing more`() async throws {
    let city = try CommandsCity()
    let lake = try city.node("lake0")
    let peer = try #require(RegionID("east"))
    let registry = LinkRegistry()
    let former = SessionWrites(writer: lake.core.writer, peer: peer)
    _ = registry.enter(peer, .init(feed: { _ in }, shut: { former.shut() }))
    let later = SessionWrites(writer: lake.core.writer, peer: peer)
    _ = registry.enter(peer, .init(feed: { _ in }, shut: { later.shut() }))
    former.submit(.take(batch(0), movesCursor: true), marks: marks) { _ in }
    try await later.begin()
    #expect(try cursors(lake, of: peer).bulk == .fresh)
    later.submit(.take(batch(0), movesCursor: true), marks: marks) { _ in }
    try await later.begin()
    #expect(try cursors(lake, of: peer).bulk == .at(batch(0).end))
  }

  @Test func `what a session hands over before another one greets is in that one's hello`()
    async throws
  {
    let city = try CommandsCity()
    let lake = try city.node("lake0")
    let peer = try #require(RegionID("east"))
    let former = SessionWrites(writer: lake.core.writer, peer: peer)
    let isHeld = Mutex(true)
    lake.core.writer.submit { _ in
      while isHeld.withLock({ $0 }) {}
    } completion: { _ in
    }
    former.submit(.take(batch(0), movesCursor: true), marks: marks) { _ in }
    async let passed: Void = SessionWrites(writer: lake.core.writer, peer: peer).begin()
    isHeld.withLock { $0 = false }
    try await passed
    #expect(try cursors(lake, of: peer).bulk == .at(batch(0).end))
  }

  @Test func `a peer that asks and never reads is let go at the bound`() {
    let queue = OutgoingQueue()
    let key = SetKey(time: HybridTime(milliseconds: 1), hash: Hash(of: [1]))
    let answer = OutgoingQueue.Item.repair([SetKey](repeating: key, count: 4_096))
    var added = 0
    while queue.add(answer), added < 1_000_000 { added += 1 }
    #expect((1_000_000..<ReplicationBounds.outgoingBytes).contains(added * 4_096 * 40))
    queue.sent(answer)
    #expect(queue.add(answer))
    #expect(!queue.add(answer))
  }
}
