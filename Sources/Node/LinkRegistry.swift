import Ledger
package import Regions
import Replication
import Store
import Synchronization

/// The links that are open now, by peer, and what `status` says of them.
package final class LinkRegistry: Sendable {
  /// What is known of a link, open or not.
  package struct Status: Sendable {
    package enum State: String, Sendable {
      case connected, backoff, refused, paused
    }

    package var role = "parent"
    package var state = State.backoff
    package var tlsVersion = ""
    package var remoteAddress = ""
    /// The wall clock at the last frame that arrived, in milliseconds since 1970 UTC.
    package var lastSuccessAt: UInt64?
    package var retryAt: UInt64?
    package var lastError: String?
    package var peerIncarnation: UInt32?
    package var peerSoftware = ""
    package var bytesSent: UInt64 = 0
    package var bytesReceived: UInt64 = 0
    package var isRepairing = false
    /// What the session measures, or the last one did; `nil` before the first.
    var throughput: Throughput?
    /// Whether data flowed since the dialler last asked.
    var hasStreamed = false
    /// By how far the newest stamps that came of late are ahead of our wall clock; `nil` until some
    /// came.
    package internal(set) var clockDifference: ClockDifference?
  }

  /// A difference of clocks, and when it was measured.
  package struct ClockDifference: Hashable, Sendable {
    /// How long a difference stands before a smaller one takes its place, in milliseconds.
    static let freshMilliseconds: UInt64 = 600_000

    package let milliseconds: Int64
    /// The wall clock, in milliseconds since 1970 UTC.
    let at: UInt64

    /// What is known after one more measurement: old commits that come late say little of a clock,
    /// so the largest of the recent ones counts.
    func followed(by milliseconds: Int64, at now: UInt64) -> ClockDifference {
      let isFresh = now >= at && now - at < Self.freshMilliseconds
      return isFresh && milliseconds < self.milliseconds
        ? self : ClockDifference(milliseconds: milliseconds, at: now)
    }
  }

  private struct Entry {
    var status = Status()
    var session: UInt64 = 0
    var open: Open?
  }

  /// How an open session is reached.
  struct Open: Sendable {
    /// Gives its link an input.
    let feed: @Sendable (LinkInput) -> Void
    /// Has none of its writes carried out any more that are not under way.
    let shut: @Sendable () -> Void
  }

  private struct Contents {
    var entries: [RegionID: Entry] = [:]
    var lastSession: UInt64 = 0
    var isPaused = false
  }

  private let contents = Mutex(Contents())
  /// Wakes the dialler before its wait is over.
  let wakeUp = WakeUp()

  package init() {}

  /// Enters a session; one that the same peer had before writes nothing more and is told to end. One
  /// that comes up while an operator holds the links down is told to end itself.
  ///
  /// - Returns: the session's number, with which it leaves.
  func enter(_ peer: RegionID, _ session: Open) -> UInt64 {
    let (number, former, isPaused) = contents.withLock { contents in
      contents.lastSession += 1
      let former = contents.entries[peer]?.open
      contents.entries[peer, default: Entry()].session = contents.lastSession
      contents.entries[peer]?.open = session
      return (contents.lastSession, former, contents.isPaused)
    }
    former?.shut()
    former?.feed(
      .stop(Goodbye(reason: .stopping, message: "the peer has opened another session")))
    if isPaused { session.feed(.stop(.paused)) }
    return number
  }

  /// Takes a session out, unless a later one has taken its place.
  ///
  /// - Parameter fault: what broke it; `nil` where it ended as it should.
  func leave(_ peer: RegionID, session: UInt64, fault: String?) {
    contents.withLock { contents in
      guard var entry = contents.entries[peer], entry.session == session else { return }
      entry.open = nil
      entry.status.state = .backoff
      entry.status.isRepairing = false
      if let fault { entry.status.lastError = fault }
      contents.entries[peer] = entry
    }
  }

  func update(_ peer: RegionID, _ change: (inout Status) -> Void) {
    contents.withLock { change(&$0.entries[peer, default: Entry()].status) }
  }

  /// With what a session begins that was just entered.
  func beginThroughput(of peer: RegionID) -> Throughput {
    contents.withLock { $0.entries[peer]?.status.throughput }.map { Throughput(after: $0) }
      ?? Throughput()
  }

  /// Whether data flowed since this was last asked.
  func takeStreamed(with peer: RegionID) -> Bool {
    contents.withLock { contents in
      defer { contents.entries[peer]?.status.hasStreamed = false }
      return contents.entries[peer]?.status.hasStreamed == true
    }
  }

  /// What is known of each peer.
  package var statuses: [RegionID: Status] {
    contents.withLock { $0.entries.mapValues(\.status) }
  }

  /// Tells open links what a transaction did.
  ///
  /// - Parameter now: the wall clock, in milliseconds since 1970 UTC.
  func committed(_ effects: StoreEffects, at now: UInt64) {
    for (peer, milliseconds) in effects.clockDifferences {
      update(peer) { status in
        status.clockDifference =
          status.clockDifference?.followed(by: milliseconds, at: now)
          ?? ClockDifference(milliseconds: milliseconds, at: now)
      }
    }
    for (growth, position) in effects.grown {
      let open = contents.withLock { $0.entries[growth.peer]?.open }
      open?.feed(.outboxGrew(growth.lane, position: position))
    }
    if effects.learnedTree {
      stopAll(
        Goodbye(
          reason: .treeChanged, message: "a newer tree was learned; the link begins anew",
          retryAfterSeconds: 0))
    }
  }

  /// Whether an operator holds the links down.
  package var isPaused: Bool { contents.withLock(\.isPaused) }

  /// Ends all links and opens none until `resume()`.
  package func pause() {
    contents.withLock { $0.isPaused = true }
    stopAll(.paused)
    // The dialler forgets when it meant to dial.
    wakeUp.signal()
  }

  /// Lets links come up again, at once.
  package func resume() {
    contents.withLock { $0.isPaused = false }
    wakeUp.signal()
  }

  /// Dials at once instead of waiting for the next attempt.
  package func hurry() { wakeUp.signal() }

  /// The peers with an open link, in order.
  var openPeers: [RegionID] {
    contents.withLock { $0.entries.filter { $0.value.open != nil }.keys.sorted() }
  }

  /// Ends the open link of one peer.
  func stop(_ peer: RegionID, _ goodbye: Goodbye) {
    contents.withLock { $0.entries[peer]?.open }?.feed(.stop(goodbye))
  }

  /// Ends all open links.
  func stopAll(_ goodbye: Goodbye) {
    let sessions = contents.withLock { $0.entries.values.compactMap(\.open) }
    for session in sessions { session.feed(.stop(goodbye)) }
  }
}

extension Goodbye {
  fileprivate static let paused = Goodbye(
    reason: .paused, message: "an operator paused the link")
}
