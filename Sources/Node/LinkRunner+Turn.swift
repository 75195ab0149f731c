import Ledger
import Logging
import Regions
import Replication
import Store

extension LinkRunner {
  /// Feeds the link until it closes or nothing comes any more.
  func turn(
    _ inputs: AsyncStream<LinkInput>, _ feed: AsyncStream<LinkInput>.Continuation,
    _ outgoing: AsyncStream<Outgoing>.Continuation, _ waiting: FrameCount, _ throughput: Throughput
  ) async throws -> Ending {
    let (hello, heads, isNeighbour) = try core.store.read {
      reader -> (Hello, LanePair<UInt64>, Bool) in
      let hello = try reader.hello(to: peer, software: core.software)
      return (hello, try reader.outboxHeads(of: peer), try self.isNeighbour(reader))
    }
    var link = Link(
      side: side, peer: peer, isNeighbour: isNeighbour, trees: hello.trees,
      throughput: throughput)
    var ending = Ending(throughput: throughput)
    for lane in Lane.allCases { feed.yield(.outboxGrew(lane, position: heads[lane])) }
    var effects = link.handle(.opened(hello), at: core.monotonicMilliseconds())
    var inputs = inputs.makeAsyncIterator()
    var noted = LanePair<UInt64?>(repeating: nil)
    defer { note(noted) }
    while true {
      for effect in effects {
        switch effect {
        case .send(let frame): outgoing.yield(.frame(frame))
        case .sendBatch(let batch): outgoing.yield(.batch(batch))
        case .report(let notices): report(notices)
        case .noteAcknowledged(let lane, let position): noted[lane] = position
        case .openIncarnation: try await core.openIncarnation()
        case .close(let goodbye):
          ending.goodbye = goodbye
          return ending
        default: try carryOut(effect, feed, waiting)
        }
      }
      guard let input = await inputs.next() else { return ending }
      if case .tick = input {
        note(noted)
        noted = LanePair(repeating: nil)
      }
      effects = link.handle(input, at: core.monotonicMilliseconds())
      if case .received = input {
        core.links.update(peer) { $0.lastSuccessAt = core.wallMilliseconds() }
        let isTaken = effects.contains { if case .take = $0 { true } else { false } }
        if !isTaken { waiting.remove() }
      }
      note(link)
      ending.throughput = link.throughput
      ending.streamed = ending.streamed || link.isStreaming
    }
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
      if link.peerIncarnation > 0 {
        status.peerIncarnation = link.peerIncarnation
        status.peerSoftware = link.peerSoftware
      }
    }
  }

  /// Notes how far the peer took our outboxes. What is known late only makes doubles, which are
  /// harmless, so it waits for the next tick instead of flushing the disk for each acknowledgement.
  private func note(_ acknowledged: LanePair<UInt64?>) {
    guard Lane.allCases.contains(where: { acknowledged[$0] != nil }) else { return }
    core.writer.submit { [peer] transaction in
      for lane in Lane.allCases {
        guard let position = acknowledged[lane] else { continue }
        try transaction.noteAcknowledged(peer, lane, position)
      }
    } completion: { [core, peer] outcome in
      guard case .failure(let error) = outcome else { return }
      core.logger.error(
        "cannot note what a peer acknowledged",
        metadata: ["peer": "\(peer)", "error": "\(error)"])
    }
  }

  private func carryOut(
    _ effect: LinkEffect, _ feed: AsyncStream<LinkInput>.Continuation, _ waiting: FrameCount
  ) throws {
    guard effect.writes else {
      let input = try core.store.read { try $0.carryOut(effect, for: peer) }
      if let input { feed.yield(input) }
      return
    }
    let marks = LanePair(urgent: core.randomHash(), bulk: core.randomHash())
    let answer = Answer()
    core.writer.submit(weight: effect.weight) { [peer] transaction in
      answer.set(try transaction.carryOut(effect, for: peer, marks: marks))
    } completion: { [core, peer] outcome in
      if case .take = effect { waiting.remove() }
      switch outcome {
      case .success:
        if let input = answer.get() { feed.yield(input) }
      case .failure(let error):
        core.logger.error(
          "cannot store what a peer sent", metadata: ["peer": "\(peer)", "error": "\(error)"])
        let refused = (error as? StoreError)?.code == .refused
        feed.yield(
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
