import Ledger

extension Link {
  /// What was sent and not yet acknowledged, and how fast it goes.
  struct Sending: Sendable {
    struct LaneState: Sendable {
      /// The number of entries in the outbox, as far as is known.
      var head: UInt64 = 0
      /// The next entry to send; `nil` while a cursor is in doubt.
      var next: UInt64?
      var taken: UInt64 = 0
    }

    struct InFlight: Sendable {
      let lane: Lane
      let end: UInt64
      let bytes: Int
      let sentAt: UInt64
    }

    var lanes = LanePair<LaneState>(repeating: LaneState())
    var inFlight: [InFlight] = []
    var isReading = false
    /// Voids a read that was under way when a repair reset the positions.
    var generation = 0
    var readGeneration = 0
    var throughput: Throughput
    var busySince: UInt64 = 0

    mutating func grew(_ lane: Lane, to position: UInt64) {
      lanes[lane].head = max(lanes[lane].head, position)
    }

    mutating func resume(_ lane: Lane, at position: UInt64) {
      lanes[lane].next = position
      lanes[lane].taken = position
    }

    var inFlightBytes: Int { inFlight.reduce(0) { $0 + $1.bytes } }

    /// Urgent first; bulk only where nothing urgent is left to read.
    var nextLane: Lane? {
      Lane.allCases.first { lane in
        lanes[lane].next.map { $0 < lanes[lane].head } ?? false
      }
    }

    /// How many bytes the next batch may hold; `nil` while the window is full.
    var allowance: Int? {
      guard inFlight.count < ReplicationBounds.unacknowledgedBatches else { return nil }
      let batch = throughput.batchBytes
      if inFlight.isEmpty { return batch }
      let left = throughput.windowBytes - inFlightBytes
      return left > 0 ? min(batch, left) : nil
    }
  }

  /// Asks for the next read where there is something to send and room in the window.
  mutating func pump(at now: UInt64) -> [LinkEffect] {
    guard phase == .streaming, !sending.isReading, let lane = sending.nextLane,
      let next = sending.lanes[lane].next, let bytes = sending.allowance
    else { return [] }
    sending.isReading = true
    sending.readGeneration = sending.generation
    return [.readOutbox(lane, from: next, maximumBytes: bytes)]
  }

  mutating func outboxRead(
    _ read: OutgoingBatch, _ chains: [KeyName: CertificateChain], at now: UInt64
  ) -> [LinkEffect] {
    sending.isReading = false
    guard sending.readGeneration == sending.generation, !read.items.isEmpty else {
      return pump(at: now)
    }
    var batch = read
    for (key, chain) in chains where carriedKeys.insert(key).inserted { batch.chains.append(chain) }
    sending.lanes[batch.lane].next = batch.endPosition
    if sending.inFlight.isEmpty { sending.busySince = now }
    sending.throughput.sent()
    sending.inFlight.append(
      Sending.InFlight(
        lane: batch.lane, end: batch.endPosition, bytes: batch.byteCount, sentAt: now))
    return [.sendBatch(batch)] + pump(at: now)
  }

  mutating func acknowledged(_ ack: Acknowledgement, at now: UInt64) -> [LinkEffect] {
    let state = sending.lanes[ack.lane]
    guard let next = state.next, ack.position <= next else {
      return violation("acknowledgement of what was never sent")
    }
    guard ack.position > state.taken else { return [] }
    sending.lanes[ack.lane].taken = ack.position
    var bytes = 0
    sending.inFlight.removeAll { flight in
      guard flight.lane == ack.lane, flight.end <= ack.position else { return false }
      bytes += flight.bytes
      return true
    }
    sending.throughput.acknowledged(bytes: bytes, milliseconds: now - min(now, sending.busySince))
    sending.busySince = now
    let note: [LinkEffect] =
      ack.movesCursor ? [.noteAcknowledged(ack.lane, ack.position)] : []
    return note + pump(at: now)
  }

  /// Goes on from the noted heads; what was in flight is covered by the comparison.
  mutating func sendFromHeads(_ heads: LanePair<Cursor>) {
    sending.generation += 1
    sending.inFlight.removeAll()
    // The peer passed over what was in flight, and with it the chains that came along.
    carriedKeys.removeAll()
    for lane in Lane.allCases {
      sending.grew(lane, to: heads[lane].position)
      sending.resume(lane, at: heads[lane].position)
    }
  }
}
