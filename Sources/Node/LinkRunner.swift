import Ledger
import Logging
import Regions
import Replication
import Store
import Synchronization
import Transport

/// Carries one session's effects to store and connection, and what comes back to the link.
///
/// One task feeds the link and carries its effects out in order; one receives, one sends, one ticks.
/// What the link sends waits in a bounded queue.
struct LinkRunner: Sendable {
  /// Frames that may wait for the link; a peer that keeps to its window never has so many under way.
  private static let inputBound = 4 * ReplicationBounds.unacknowledgedBatches
  /// How long a goodbye may take to leave.
  private static let farewell = Duration.seconds(2)

  let core: NodeCore
  let side: Link.Side
  let peer: RegionID

  /// How many frames arrived and are not yet dealt with.
  final class FrameCount: Sendable {
    private let count = Atomic(0)

    func add() -> Int { count.wrappingAdd(1, ordering: .relaxed).newValue }

    func remove() { count.wrappingSubtract(1, ordering: .relaxed) }
  }

  /// How a session ended.
  struct Ending: Sendable {
    var goodbye: Goodbye?
  }

  /// Runs the session until either side ends it.
  func run(_ session: LinkSession) async throws -> Ending {
    let (inputs, feed) = AsyncStream.makeStream(of: LinkInput.self)
    let writes = SessionWrites(writer: core.writer, peer: peer)
    let number = core.links.enter(
      peer, LinkRegistry.Open(feed: { feed.yield($0) }, shut: { writes.shut() }))
    do {
      let ending = try await run(session, inputs, feed, writes)
      core.links.leave(peer, session: number, fault: fault(ending.goodbye))
      return ending
    } catch {
      core.links.leave(peer, session: number, fault: "\(error)")
      throw error
    }
  }

  /// What an operator should know of how a session ended; logged as well.
  private func fault(_ goodbye: Goodbye?) -> String? {
    guard let goodbye, goodbye.reason.isFault else { return nil }
    core.logger.warning(
      "a session ended for a fault",
      metadata: [
        "peer": "\(peer)", "reason": "\(goodbye.reason)", "message": "\(goodbye.message)",
      ])
    return goodbye.message
  }

  private func run(
    _ session: LinkSession, _ inputs: AsyncStream<LinkInput>,
    _ feed: AsyncStream<LinkInput>.Continuation, _ writes: SessionWrites
  ) async throws -> Ending {
    core.links.update(peer) { status in
      status.role = side == .child ? "parent" : "child"
      status.state = .connected
      status.tlsVersion = session.tlsVersion
      status.remoteAddress = session.remoteAddress
      status.retryAt = nil
    }
    let outgoing = OutgoingQueue()
    let turn = Turn(feed: feed, outgoing: outgoing, writes: writes, waiting: FrameCount())
    return try await withThrowingTaskGroup(of: Ending?.self) { group in
      group.addTask {
        try await send(outgoing, in: session)
        await session.close()
        return nil
      }
      group.addTask {
        try await receive(session, feed, turn.waiting)
        return nil
      }
      group.addTask {
        try await tick(session, feed)
        return nil
      }
      group.addTask {
        defer { outgoing.finish() }
        return try await self.turn(inputs, turn)
      }
      return try await ending(of: &group, session)
    }
  }

  private func ending(
    of group: inout ThrowingTaskGroup<Ending?, any Error>, _ session: LinkSession
  ) async throws -> Ending {
    defer { group.cancelAll() }
    while let result = try await group.next() {
      guard let ending = result else { continue }
      core.links.update(peer) { status in
        status.bytesSent += session.bytesSent
        status.bytesReceived += session.bytesReceived
        status.isRepairing = false
      }
      // The goodbye is on its way; a peer that takes none of it is not waited for.
      group.addTask {
        try await Task.sleep(for: Self.farewell)
        return ending
      }
      _ = try? await group.next()
      return ending
    }
    return Ending()
  }

  private func tick(
    _ session: LinkSession, _ feed: AsyncStream<LinkInput>.Continuation
  ) async throws {
    var arrived: UInt64 = 0
    while !Task.isCancelled {
      try await Task.sleep(for: .seconds(1))
      let bytes = session.bytesArrived
      if bytes != arrived { feed.yield(.heard) }
      arrived = bytes
      feed.yield(.tick)
    }
  }

  private func send(_ outgoing: OutgoingQueue, in session: LinkSession) async throws {
    for await next in outgoing.items {
      switch next {
      case .frame(let frame): try await session.send(frame)
      case .batch(let batch): try await session.send(batch)
      case .repair(let keys):
        var pending = try core.store.read { try $0.events(keys) }
        while let shipment = try core.store.read({ try $0.nextShipment(of: &pending) }) {
          try await session.send(.repair(shipment))
        }
      }
      outgoing.sent(next)
    }
  }

  private func receive(
    _ session: LinkSession, _ feed: AsyncStream<LinkInput>.Continuation,
    _ waiting: FrameCount
  ) async throws {
    defer { feed.finish() }
    for try await frame in session.inbound {
      guard waiting.add() <= Self.inputBound else {
        feed.yield(
          .stop(Goodbye(reason: .violation, message: "more frames than the window allows")))
        return
      }
      feed.yield(.received(frame))
    }
  }
}

extension Goodbye.Reason {
  /// Whether a link that ends for this reason stays down until somebody sees to it.
  fileprivate var isFault: Bool {
    switch self {
    case .notNeighbours, .protocolVersion, .violation, .certificate, .disk: true
    case .stopping, .treeChanged, .overloaded, .newIncarnation, .paused: false
    }
  }
}
