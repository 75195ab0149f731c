import Logging
import Regions
import Replication
import Synchronization
import Transport

/// Runs one neighbour's stream of evidence: answers its questions one after another, and asks it for
/// what is wanted here, one piece at a time.
struct EvidenceRunner: Sendable {
  let carrier: EvidenceCarrier
  let peer: RegionID

  private var core: NodeCore { carrier.core }

  /// Runs the stream until either side ends it.
  ///
  /// - Throws: `TransportError`, also where the neighbour breaks the protocol or is silent.
  func run(_ session: EvidenceSession) async throws {
    let stream = carrier.registry.enter(peer)
    defer { carrier.registry.leave(peer, stream.number) }
    let question = EvidenceQuestion()
    do {
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await receive(session, question) }
        group.addTask {
          let fetcher = EvidenceFetcher(carrier: carrier, peer: peer)
          try await fetcher.run(stream.wakeUp) { request in
            try await question.ask(request, in: session, at: core.monotonicMilliseconds())
          }
        }
        group.addTask { try await watch(session, stream.number, question) }
        defer { group.cancelAll() }
        try await group.next()
      }
    } catch {
      if !(error is CancellationError) {
        core.logger.info(
          "a stream of evidence ended", metadata: ["peer": "\(peer)", "error": "\(error)"])
      }
      throw error
    }
  }

  private func receive(_ session: EvidenceSession, _ question: EvidenceQuestion) async throws {
    let server = EvidenceServer(carrier: carrier, peer: peer)
    while let frame = try await session.receive() {
      guard case .request(let request) = frame else {
        try question.answer(frame)
        continue
      }
      guard carrier.registry.beginAnswer() else {
        try await session.send(.wait(seconds: 1))
        continue
      }
      defer { carrier.registry.endAnswer() }
      try await session.send(server.answer(request))
    }
  }

  /// Ends a stream whose neighbour is silent, has opened another one, has no link or may have none.
  private func watch(
    _ session: EvidenceSession, _ number: UInt64, _ question: EvidenceQuestion
  ) async throws {
    var linkedAt = core.monotonicMilliseconds()
    while carrier.registry.isCurrent(number, of: peer) {
      try await Task.sleep(for: .seconds(1))
      let now = core.monotonicMilliseconds()
      if core.links.openPeers.contains(peer) { linkedAt = now }
      if let refusal = session.peer.linkRefusal(at: core.wallDate(), revoked: []) { throw refusal }
      let since = min(linkedAt, question.askedAt ?? now)
      if now - since > ReplicationBounds.evidenceSilenceMilliseconds {
        throw TransportError(.timedOut, "\(peer) answers no question for evidence, or has no link")
      }
    }
  }
}

/// The one question that is open at the other side.
private final class EvidenceQuestion: Sendable {
  private let (answers, feed) = AsyncStream.makeStream(
    of: EvidenceFrame.self, bufferingPolicy: .bufferingOldest(1))
  private let asked = Mutex<UInt64?>(nil)

  /// When the open question was asked, by the monotonic clock in milliseconds.
  var askedAt: UInt64? { asked.withLock { $0 } }

  /// Asks and waits for the answer. One task asks.
  func ask(
    _ request: EvidenceRequest, in session: EvidenceSession, at now: UInt64
  ) async throws -> EvidenceFrame {
    asked.withLock { $0 = now }
    try await session.send(.request(request))
    for await answer in answers { return answer }
    throw CancellationError()
  }

  /// Takes an answer.
  ///
  /// - Throws: `TransportError`: malformed frame, where no question is open.
  func answer(_ frame: EvidenceFrame) throws {
    let isOpen = asked.withLock { asked in
      defer { asked = nil }
      return asked != nil
    }
    guard isOpen else {
      throw TransportError(
        .malformedFrame, "an answer came that no question was open for; compare the versions")
    }
    feed.yield(frame)
  }
}
