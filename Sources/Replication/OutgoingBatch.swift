package import Ledger

/// Consecutive entries of one outbox on their way to the peer, as the store holds them: the sender
/// reads nothing in them and hashes nothing anew. The peer reads a `Batch` from them.
package struct OutgoingBatch: Hashable, Sendable {
  package enum Item: Hashable, Sendable {
    case commit(CommitBytes)
    /// 32 random bytes that only make this outbox unlike any earlier one of its place.
    case mark(Hash)
  }

  package let lane: Lane
  /// The sender's incarnation, position and running hash before the first entry.
  package let start: Cursor
  /// The number of entries up to the end of the last item.
  package let endPosition: UInt64
  /// Chains of keys that the stamps name and that this session has not carried yet.
  package var chains: [CertificateChain]
  package let items: [Item]

  package init(
    lane: Lane, start: Cursor, endPosition: UInt64, chains: [CertificateChain], items: [Item]
  ) {
    self.lane = lane
    self.start = start
    self.endPosition = endPosition
    self.chains = chains
    self.items = items
  }

  /// The commits, in order.
  package var commits: [CommitBytes] {
    items.compactMap { item in
      guard case .commit(let commit) = item else { return nil }
      return commit
    }
  }

  /// At least as many bytes as the items take on the wire, and few more.
  package var byteCount: Int {
    items.reduce(0) { sum, item in
      switch item {
      case .commit(let commit): sum + FrameSize.of(commit)
      case .mark: sum + FrameSize.mark
      }
    }
  }
}

extension Batch {
  /// Reads what a peer was sent.
  ///
  /// - Throws: `MalformedBytes` for an ill-formed commit.
  package init(_ outgoing: OutgoingBatch) throws(MalformedBytes) {
    var items: [Item] = []
    items.reserveCapacity(outgoing.items.count)
    for item in outgoing.items {
      switch item {
      case .commit(let bytes): items.append(.commit(try Commit(bytes)))
      case .mark(let mark): items.append(.mark(mark))
      }
    }
    self.init(
      lane: outgoing.lane, start: outgoing.start, chains: outgoing.chains, items: items)
  }
}

extension OutgoingBatch {
  /// The bytes that a batch was read from.
  package init(_ batch: Batch) {
    self.init(
      lane: batch.lane, start: batch.start, endPosition: batch.end.position, chains: batch.chains,
      items: batch.items.map { item in
        switch item {
        case .commit(let commit): .commit(CommitBytes(commit))
        case .mark(let mark): .mark(mark)
        }
      })
  }
}
