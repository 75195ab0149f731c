package import Ledger
package import Regions

/// One end of the session between a child and its parent: a value that takes inputs and gives
/// effects. It does no I/O and reads no clock; one session is one value.
///
/// A link greets, learns trees that it lacks, and then streams: it sends its two outboxes from the
/// peer's cursors on and takes the peer's. Where a cursor does not match, both directions and lanes
/// are repaired by comparing the sets that were exchanged, while newer data flows on.
package struct Link: Sendable {
  /// Which end this is. The child dials, and drives a comparison.
  package enum Side: Hashable, Sendable {
    case child
    case parent
  }

  enum Phase: Hashable, Sendable {
    /// Before `opened`.
    case new
    /// Our hello is sent; the peer's is awaited. Left by its hello.
    case greeting
    /// The peer named trees that we lack; left when they came, by a close.
    case learning
    /// The peer's cursors are being judged. Left for `streaming`.
    case judging
    /// Data flows. Left only by a close.
    case streaming
    /// Nothing follows.
    case closed
  }

  /// What the peer calls itself and where, for `status`.
  package private(set) var peerIncarnation: UInt32 = 0
  package private(set) var peerSoftware = ""
  package private(set) var protocolVersion: UInt32 = 0

  package let side: Side
  package let peer: RegionID
  /// Whether the newest tree makes the two parent and child.
  let isNeighbour: Bool
  /// In order of version.
  let knownTrees: [Hash]
  /// The trees that the peer named, that we lack, and that have not come.
  var awaitedTrees: Set<Hash> = []

  var phase = Phase.new
  var hello: Hello?
  var sending: Sending
  var receiving = LanePair<Cursor?>(repeating: nil)
  var repair: Repair?
  /// A session repairs at most once.
  var hasRepaired = false
  var carriedKeys: Set<KeyName> = []
  var openedAt: UInt64 = 0
  var lastHeard: UInt64 = 0
  var lastSent: UInt64 = 0

  /// - Parameters:
  ///   - side: which end this is.
  ///   - peer: the region that the other end's certificate names.
  ///   - isNeighbour: whether the newest tree makes the two parent and child. A former parent still
  ///     answers a moved child, with the trees that tell it so.
  ///   - trees: the event hashes of all trees known here, in order of version.
  ///   - throughput: with what the session begins.
  package init(
    side: Side, peer: RegionID, isNeighbour: Bool, trees: [Hash],
    throughput: Throughput = Throughput()
  ) {
    self.side = side
    self.peer = peer
    self.isNeighbour = isNeighbour
    self.knownTrees = trees
    self.sending = Sending(throughput: throughput)
  }

  /// Whether data flows.
  package var isStreaming: Bool { phase == .streaming }

  /// Whether a comparison of sets is under way.
  package var isRepairing: Bool { repair != nil }

  /// What acknowledgements measured.
  package var throughput: Throughput { sending.throughput }

  /// Takes one input.
  ///
  /// - Parameters:
  ///   - input: what happened.
  ///   - now: a monotonic clock's milliseconds.
  /// - Returns: what to do, in order.
  package mutating func handle(_ input: LinkInput, at now: UInt64) -> [LinkEffect] {
    guard phase != .closed else { return [] }
    let effects: [LinkEffect]
    switch input {
    case .opened(let hello): effects = opened(hello, at: now)
    case .heard:
      lastHeard = now
      effects = []
    case .received(let frame):
      lastHeard = now
      effects = received(frame, at: now)
    case .treesLearned(let isNew): effects = treesLearned(isNew: isNew)
    case .cursorsJudged(let verdicts): effects = cursorsJudged(verdicts, at: now)
    case .outboxGrew(let lane, let position):
      sending.grew(lane, to: position)
      effects = pump(at: now)
    case .outboxRead(let batch, let chains): effects = outboxRead(batch, chains, at: now)
    case .taken(let lane, let end, let moved, let setAside):
      effects = taken(lane, end, movedCursor: moved, setAside)
    case .repairBegan(let heads, let set): effects = repairBegan(heads, set, at: now)
    case .treesRead(let shipments): effects = treesRead(shipments)
    case .repairTaken(let hashes, let setAside): effects = repairTaken(hashes, setAside)
    case .tick: effects = tick(at: now)
    case .stop(let goodbye): effects = close(goodbye)
    }
    if effects.contains(where: \.sends) { lastSent = now }
    return effects
  }

  private mutating func received(_ frame: Frame, at now: UInt64) -> [LinkEffect] {
    switch frame {
    case .goodbye(let goodbye):
      phase = .closed
      return [.close(goodbye)]
    case .ping: return []
    case .hello(let hello): return greeted(hello)
    case .trees(let shipment):
      // Trees are hub-signed wherever they come from, so they are welcome in any phase.
      awaitedTrees.subtract(shipment.commits.flatMap { $0.events.map(\.event.hash) })
      return [.learn(shipment)]
    default: break
    }
    guard phase == .streaming || phase == .judging else {
      // A peer may stream as soon as it has our hello; what comes while we still wait for trees
      // belongs to a session that is about to end.
      return phase == .learning ? [] : violation("data before the greeting")
    }
    switch frame {
    case .batch(let batch): return batchArrived(batch)
    case .acknowledgement(let acknowledgement): return acknowledged(acknowledgement, at: now)
    case .noted(let heads): return notedArrived(heads)
    case .compare(let claims): return compare(claims)
    case .want(let hashes): return wanted(hashes)
    case .repair(let shipment): return repairArrived(shipment)
    case .setAside(let notices): return [.report(notices)]
    case .hello, .trees, .ping, .goodbye: return []
    }
  }

  private mutating func tick(at now: UInt64) -> [LinkEffect] {
    guard phase != .new else { return [] }
    if phase != .streaming, now >= openedAt + ReplicationBounds.greetingMilliseconds {
      return close(Goodbye(reason: .stopping, message: "the greeting did not come to its end"))
    }
    if now >= lastHeard + ReplicationBounds.silenceMilliseconds {
      return close(Goodbye(reason: .stopping, message: "nothing heard from the peer"))
    }
    if now >= lastSent + ReplicationBounds.keepAliveMilliseconds { return [.send(.ping)] }
    return []
  }

  mutating func violation(_ what: String) -> [LinkEffect] {
    close(Goodbye(reason: .violation, message: what))
  }

  mutating func close(_ goodbye: Goodbye) -> [LinkEffect] {
    phase = .closed
    return [.send(.goodbye(goodbye)), .close(goodbye)]
  }

  mutating func met(_ hello: Hello, version: UInt32) {
    peerIncarnation = hello.incarnation
    peerSoftware = hello.software
    protocolVersion = version
  }
}
