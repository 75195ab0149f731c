import Casework
import Ledger
import Regions
import Replication
import Store
import Synchronization
import Testing

@testable import Node

/// Links that run for weeks ask for what is missing as well.
@Suite(.timeLimit(.minutes(10))) struct MissingKeeperTests {
  @Test func `a session is ended once an entity has waited too long, and only once an hour`()
    async throws
  {
    let city = try CommandsCity()
    let east = try city.node("east")
    let peer = try #require(RegionID("hub"))
    let goodbyes = Mutex<[Goodbye]>([])
    func open() {
      _ = east.core.links.enter(
        peer,
        .init(
          feed: { input in
            if case .stop(let goodbye) = input { goodbyes.withLock { $0.append(goodbye) } }
          }, shut: {}))
    }
    open()
    let lead = try await east.report()
    let id = try #require(EntityID(text: lead.id))
    let keeper = MissingKeeper(core: east.core)
    let start = CommandsCity.start
    // An act that names a parent which nobody has.
    _ = try east.core.store.write(now: start) { transaction in
      _ = try transaction.author(actor: "a", role: "a", lane: .bulk) { draft in
        draft.add(
          Act.progress("x").draft(entity: id, heads: [Hash(of: [1])], salt: east.core.salt()))
      }
    }
    keeper.check()
    #expect(goodbyes.withLock { $0 }.isEmpty)
    city.turnClock(by: ReplicationBounds.askMilliseconds)
    keeper.check()
    #expect(goodbyes.withLock { $0.map(\.retryAfterSeconds) } == [0])
    // The session that follows asks; then there is nothing to do for an hour.
    try await SessionWrites(writer: east.core.writer, peer: peer).begin()
    #expect(try east.core.store.read { try $0.cursors(of: peer) }.bulk == .fresh)
    keeper.check()
    #expect(goodbyes.withLock { $0.count } == 1)
    city.turnClock(by: 2 * ReplicationBounds.askMilliseconds)
    keeper.check()
    #expect(goodbyes.withLock { $0.count } == 2)
  }
}
