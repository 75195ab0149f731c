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
  }

  private struct Entry {
    var status = Status()
    var session: UInt64 = 0
    var feed: (@Sendable (LinkInput) -> Void)?
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

  /// Enters a session; one that the same peer had before is told to end.
  ///
  /// - Returns: the session's number, with which it leaves.
  func enter(_ peer: RegionID, feed: @escaping @Sendable (LinkInput) -> Void) -> UInt64 {
    let (number, former) = contents.withLock { contents in
      contents.lastSession += 1
      let former = contents.entries[peer]?.feed
      contents.entries[peer, default: Entry()].session = contents.lastSession
      contents.entries[peer]?.feed = feed
      return (contents.lastSession, former)
    }
    former?(.stop(Goodbye(reason: .stopping, message: "the peer has opened another session")))
    return number
  }

  /// Takes a session out, unless a later one has taken its place.
  func leave(_ peer: RegionID, session: UInt64) {
    contents.withLock { contents in
      guard contents.entries[peer]?.session == session else { return }
      contents.entries[peer]?.feed = nil
    }
  }

  func update(_ peer: RegionID, _ change: (inout Status) -> Void) {
    contents.withLock { change(&$0.entries[peer, default: Entry()].status) }
  }

  /// What is known of each peer.
  package var statuses: [RegionID: Status] {
    contents.withLock { $0.entries.mapValues(\.status) }
  }

  /// Tells open links what a transaction did.
  func committed(_ effects: StoreEffects) {
    for (growth, position) in effects.grown {
      let feed = contents.withLock { $0.entries[growth.peer]?.feed }
      feed?(.outboxGrew(growth.lane, position: position))
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
    stopAll(Goodbye(reason: .paused, message: "an operator paused the link"))
  }

  /// Lets links come up again, at once.
  package func resume() {
    contents.withLock { $0.isPaused = false }
    wakeUp.signal()
  }

  /// Dials at once instead of waiting for the next attempt.
  package func hurry() { wakeUp.signal() }

  /// Ends all open links.
  func stopAll(_ goodbye: Goodbye) {
    let feeds = contents.withLock { $0.entries.values.compactMap(\.feed) }
    for feed in feeds { feed(.stop(goodbye)) }
  }
}
