import Ledger
import Logging
import Regions
import Replication
import Store
import Transport

extension LinkRunner {
  /// What the task that feeds a link works with.
  struct Turn: Sendable {
    let feed: AsyncStream<LinkInput>.Continuation
    let outgoing: OutgoingQueue
    let writes: SessionWrites
    let waiting: FrameCount
  }

  /// Feeds the link until it closes or nothing comes any more.
  func turn(
    _ inputs: AsyncStream<LinkInput>, _ turn: Turn
  ) async throws -> Ending {
    var (link, effects) = try await greet(turn)
    var ending = Ending()
    var inputs = inputs.makeAsyncIterator()
    var noted = LanePair<UInt64?>(repeating: nil)
    defer { note(noted, turn) }
    while true {
      for effect in effects {
        switch effect {
        case .noteAcknowledged(let lane, let position): noted[lane] = position
        case .close(let goodbye):
          ending.goodbye = goodbye
          return ending
        default: try await carryOut(effect, turn)
        }
      }
      guard let input = await inputs.next() else { return ending }
      if case .tick = input {
        note(noted, turn)
        noted = LanePair(repeating: nil)
      }
      effects = link.handle(input, at: core.monotonicMilliseconds())
      if case .received = input {
        core.links.update(peer) { $0.lastSuccessAt = core.wallMilliseconds() }
        let isTaken = effects.contains { if case .take = $0 { true } else { false } }
        if !isTaken { turn.waiting.remove() }
      }
      note(link)
    }
  }

  /// Makes the session's link and opens it.
  private func greet(_ turn: Turn) async throws -> (Link, [LinkEffect]) {
    // What a former session of the peer handed over may still move the cursors that the hello names.
    try await turn.writes.begin()
    let (hello, trees, heads, isNeighbour) = try core.store.read {
      reader -> (Hello, [Hash], LanePair<UInt64>, Bool) in
      (
        try reader.hello(to: peer, software: core.software), try reader.signedTrees().names,
        try reader.outboxHeads(of: peer), try self.isNeighbour(reader)
      )
    }
    var link = Link(
      side: side, peer: peer, isNeighbour: isNeighbour, trees: trees,
      throughput: core.links.beginThroughput(of: peer))
    for lane in Lane.allCases { turn.feed.yield(.outboxGrew(lane, position: heads[lane])) }
    let effects = link.handle(.opened(hello), at: core.monotonicMilliseconds())
    return (link, effects)
  }

  private func isNeighbour(_ reader: StoreReader) throws -> Bool {
    // Before the first tree a child believes its configuration; its parent knows better.
    guard let tree = try reader.signedTrees().newest else { return side == .child }
    switch side {
    case .child: return tree.parent(of: core.region) == peer
    case .parent: return tree.parent(of: peer) == core.region
    }
  }

  private func note(_ link: Link) {
    core.links.update(peer) { status in
      status.isRepairing = link.isRepairing
      status.throughput = link.throughput
      status.hasStreamed = status.hasStreamed || link.isStreaming
      if link.peerIncarnation > 0 {
        status.peerIncarnation = link.peerIncarnation
        status.peerSoftware = link.peerSoftware
      }
    }
  }

  /// Notes how far the peer took our outboxes. What is known late only makes doubles, which are
  /// harmless, so it waits for the next tick instead of flushing the disk for each acknowledgement.
  private func note(_ acknowledged: LanePair<UInt64?>, _ turn: Turn) {
    for lane in Lane.allCases {
      guard let position = acknowledged[lane] else { continue }
      write(.noteAcknowledged(lane, position), turn)
    }
  }

  private func carryOut(_ effect: LinkEffect, _ turn: Turn) async throws {
    switch effect {
    case .send(let frame): try send(.frame(frame), turn)
    case .sendBatch(let batch): try send(.batch(batch), turn)
    case .sendRepair(let keys): try send(.repair(keys), turn)
    case .report(let notices): report(notices)
    case .openIncarnation(let former, let claimed):
      try await core.openIncarnation(
        leaving: former, claim: IncarnationClaim(peer: peer, incarnation: claimed))
    case _ where effect.writes: write(effect, turn)
    default:
      let now = core.wallMilliseconds()
      let input = try core.store.read { try $0.carryOut(effect, for: peer, now: now) }
      if let input { turn.feed.yield(input) }
    }
  }

  private func send(_ item: OutgoingQueue.Item, _ turn: Turn) throws {
    guard turn.outgoing.add(item) else {
      throw TransportError(
        .overloaded,
        "\(peer) asks for more than it reads: over \(ReplicationBounds.outgoingBytes) bytes wait for "
          + "it; check its load and the line")
    }
  }

  private func write(_ effect: LinkEffect, _ turn: Turn) {
    let marks = LanePair(urgent: core.randomHash(), bulk: core.randomHash())
    turn.writes.submit(effect, marks: marks) { [core, peer] outcome in
      if case .take = effect { turn.waiting.remove() }
      switch outcome {
      case .success(let input):
        if let input { turn.feed.yield(input) }
      case .failure(let error):
        core.logger.error(
          "cannot store what a peer sent", metadata: ["peer": "\(peer)", "error": "\(error)"])
        let refused = (error as? StoreError)?.code == .refused
        turn.feed.yield(
          .stop(
            Goodbye(
              reason: refused ? .violation : .disk,
              message: refused ? "\(error)" : "this node cannot write its store now",
              retryAfterSeconds: refused ? nil : 30)))
      }
    }
  }

  private func report(_ notices: [SetAsideNotice]) {
    for notice in notices {
      core.logger.error(
        "the peer set aside a commit that this node sent",
        metadata: [
          "peer": "\(peer)", "origin": "\(notice.origin)", "sequence": "\(notice.sequence)",
          "reason": "\(notice.reason)",
        ])
    }
  }
}
