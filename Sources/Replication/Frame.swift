package import Ledger
package import Regions

/// What the two ends of a link say to each other.
package enum Frame: Hashable, Sendable {
  case hello(Hello)
  /// Hub-signed trees that the other side's hello did not name.
  case trees(Shipment)
  case batch(Batch)
  case acknowledgement(Acknowledgement)
  /// Begins a repair, or answers one: the sender's outbox heads at the instant of its noted set.
  case noted(NotedHeads)
  /// Claims about ranges of the sender's noted set.
  case compare([RangeClaim])
  /// Asks for events of the other side's noted set.
  case want([Hash])
  /// Answers `want`.
  case repair(Shipment)
  /// Tells the sender of commits that they did not verify here.
  case setAside([SetAsideNotice])
  /// A sign of life; any other frame is one as well.
  case ping
  /// The sender ends the session.
  case goodbye(Goodbye)
}

/// The first frame of either side.
package struct Hello: Hashable, Sendable {
  /// The protocol numbers that the sender speaks.
  package var protocolVersions: ClosedRange<UInt32>
  package var region: RegionID
  package var incarnation: UInt32
  /// The sender's program version, for people.
  package var software: String
  /// The event hashes of the hub-signed trees that the sender knows.
  package var trees: [Hash]
  /// The sender's places in the receiver's outboxes.
  package var cursors: LanePair<HeldCursor>

  package init(
    protocolVersions: ClosedRange<UInt32>, region: RegionID, incarnation: UInt32,
    software: String, trees: [Hash], cursors: LanePair<HeldCursor>
  ) {
    self.protocolVersions = protocolVersions
    self.region = region
    self.incarnation = incarnation
    self.software = software
    self.trees = trees
    self.cursors = cursors
  }
}

/// A certificate chain as DER, leaf first, without the root.
package typealias CertificateChain = [[UInt8]]

/// Commits outside the order of an outbox, with the certificate chains that they need.
package struct Shipment: Hashable, Sendable {
  package var chains: [CertificateChain]
  package var commits: [Commit]

  package init(chains: [CertificateChain], commits: [Commit]) {
    self.chains = chains
    self.commits = commits
  }
}

/// Consecutive entries of one outbox.
package struct Batch: Hashable, Sendable {
  /// What stands in an outbox: events, grouped here by their commits, and the marks of repairs.
  package enum Item: Hashable, Sendable {
    /// Each event that is present is one entry, in the order of its place in the commit.
    case commit(Commit)
    /// 32 random bytes that only make this outbox unlike any earlier one of its place.
    case mark(Hash)
  }

  package let lane: Lane
  /// The sender's incarnation, position and running hash before the first entry.
  package let start: Cursor
  /// The place after the last entry.
  package let end: Cursor
  /// Chains of keys that the stamps name and that this session has not carried yet.
  package var chains: [CertificateChain]
  package let items: [Item]

  package init(lane: Lane, start: Cursor, chains: [CertificateChain], items: [Item]) {
    self.lane = lane
    self.start = start
    self.chains = chains
    self.items = items
    var (position, running) = (start.position, start.running)
    for hash in Self.entryHashes(of: items) {
      position += 1
      running = running.appending(hash)
    }
    self.end = Cursor(incarnation: start.incarnation, position: position, running: running)
  }

  /// The hashes of the entries, in order: event hashes and marks.
  package var entryHashes: [Hash] { Self.entryHashes(of: items) }

  private static func entryHashes(of items: [Item]) -> [Hash] {
    var hashes: [Hash] = []
    hashes.reserveCapacity(items.count)
    for item in items {
      switch item {
      case .commit(let commit):
        for entry in commit.entries {
          if case .event(let event) = entry { hashes.append(event.hash) }
        }
      case .mark(let mark): hashes.append(mark)
      }
    }
    return hashes
  }

  /// The commits, in order.
  package var commits: [Commit] {
    items.compactMap { item in
      guard case .commit(let commit) = item else { return nil }
      return commit
    }
  }
}

/// Says how far a lane was taken.
package struct Acknowledgement: Hashable, Sendable {
  package var lane: Lane
  package var position: UInt64
  /// Whether the cursor moved there durably; otherwise the data is durable, but a repair under way
  /// holds the cursor back.
  package var movesCursor: Bool

  package init(lane: Lane, position: UInt64, movesCursor: Bool) {
    self.lane = lane
    self.position = position
    self.movesCursor = movesCursor
  }
}

/// A side's outbox heads at the instant at which it noted its set for comparison.
package struct NotedHeads: Hashable, Sendable {
  package var heads: LanePair<Cursor>
  package var count: UInt64

  package init(heads: LanePair<Cursor>, count: UInt64) {
    self.heads = heads
    self.count = count
  }
}

/// A commit that did not verify, reported to the side that sent it.
package struct SetAsideNotice: Hashable, Sendable {
  package var commit: Hash
  package var origin: Origin
  package var sequence: UInt64
  package var reason: String

  package init(commit: Hash, origin: Origin, sequence: UInt64, reason: String) {
    self.commit = commit
    self.origin = origin
    self.sequence = sequence
    self.reason = reason
  }
}

/// Why a session ends, and when to come back.
package struct Goodbye: Hashable, Sendable {
  package enum Reason: UInt8, CaseIterable, Sendable {
    /// The sender stops or restarts.
    case stopping = 0
    /// The sender learned a tree; the link begins anew with it.
    case treeChanged = 1
    /// By the newest tree the two are not parent and child.
    case notNeighbours = 2
    /// No protocol number in common.
    case protocolVersion = 3
    /// The sender has too much to do.
    case overloaded = 4
    /// The receiver broke the protocol.
    case violation = 5
    /// The sender opened a new incarnation.
    case newIncarnation = 6
    /// The certificate bars the link.
    case certificate = 7
    /// An operator paused the link.
    case paused = 8
    /// The sender's disk failed.
    case disk = 9
  }

  package var reason: Reason
  /// For people: what is wrong and what to do.
  package var message: String
  /// How long to wait before the next attempt; `nil` leaves it to the back-off.
  package var retryAfterSeconds: UInt32?

  package init(reason: Reason, message: String, retryAfterSeconds: UInt32? = nil) {
    self.reason = reason
    self.message = message
    self.retryAfterSeconds = retryAfterSeconds
  }
}
