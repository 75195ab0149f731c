import Regions
import Replication
import Synchronization
import Testing

@testable import Node

/// What `status` says of links whose sessions come and go.
@Suite final class LinkRegistryTests {
  private let registry = LinkRegistry()
  private let stopped = Mutex<[Goodbye.Reason]>([])

  private func peer() throws -> RegionID { try #require(RegionID("lake")) }

  private func enter() throws -> UInt64 {
    let feed = Feed()
    let number = registry.enter(
      try peer(), .init(feed: { feed.note($0) }, shut: {}))
    registry.update(try peer()) { $0.state = .connected }
    feed.reasons.withLock { reasons in stopped.withLock { $0 += reasons } }
    return number
  }

  private final class Feed: Sendable {
    let reasons = Mutex<[Goodbye.Reason]>([])

    func note(_ input: LinkInput) {
      if case .stop(let goodbye) = input { reasons.withLock { $0.append(goodbye.reason) } }
    }
  }

  @Test func `a session that ends after another took its place says nothing of the link`() throws {
    let former = try enter()
    let later = try enter()
    registry.leave(try peer(), session: former, fault: "broken")
    #expect(registry.statuses[try peer()]?.state == .connected)
    #expect(registry.statuses[try peer()]?.lastError == nil)
    registry.leave(try peer(), session: later, fault: "broken")
    #expect(registry.statuses[try peer()]?.state == .backoff)
    #expect(registry.statuses[try peer()]?.lastError == "broken")
  }

  @Test func `a session that comes up while links are paused is told to end`() throws {
    registry.pause()
    _ = try enter()
    #expect(stopped.withLock { $0 } == [.paused])
    registry.resume()
    _ = try enter()
    #expect(stopped.withLock { $0 } == [.paused])
  }

  @Test func `a pause wakes the dialler`() async {
    registry.pause()
    await registry.wakeUp.wait(atMost: .seconds(600))
  }
}
