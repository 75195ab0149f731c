import Evidence
import Regions
import Replication
import Store
import Synchronization

/// What is going on with evidence between this node and its neighbours: the open streams, the files on
/// their way, and whom not to ask for now. It is forgotten when the process ends; what is wanted
/// stands in the store.
package final class EvidenceRegistry: Sendable {
  /// A file on its way here.
  struct Progress: Hashable, Sendable {
    let peer: RegionID
    var receivedBytes: Int
  }

  /// How asking one neighbour for one file went.
  struct Attempt: Hashable, Sendable {
    /// Not before then by the monotonic clock, in milliseconds.
    var retryAt: UInt64
    var refusals = 0
    /// What is wrong, for an operator; `nil` where the neighbour only asked to wait.
    var fault: String?
  }

  private struct Contents {
    var streams: [RegionID: (number: UInt64, wakeUp: WakeUp)] = [:]
    var lastStream: UInt64 = 0
    var fetching: [EvidenceName: Progress] = [:]
    var attempts: [EvidenceName: [RegionID: Attempt]] = [:]
    var answers = 0
    var place: Int64 = 0
    var firstUnseen: Int64?
  }

  /// How long after its first refusal a neighbour is asked for the file again, in milliseconds; after
  /// each further one twice as long.
  static let firstRetryMilliseconds: UInt64 = 15_000
  /// The longest such time, and the time after wrong bytes.
  static let longestRetryMilliseconds: UInt64 = 3_600_000

  private let contents = Mutex(Contents())
  /// Wakes who looks through the ledger for evidence, when any came, or a tree that says whose is wanted.
  let evidenceCame = WakeUp()

  package init() {}

  /// Notes how long the ledger is and where in it evidence came, and wakes who looks for that; also where
  /// a tree came, without which nobody can look.
  func committed(_ effects: StoreEffects) {
    contents.withLock { contents in
      contents.place = max(contents.place, effects.place)
      guard let first = effects.firstEvidence else { return }
      contents.firstUnseen = min(contents.firstUnseen ?? first, first)
    }
    if effects.firstEvidence != nil || effects.learnedTree { evidenceCame.signal() }
  }

  /// How long the ledger is by now, and the first row at which evidence came since this was asked.
  func takeNews() -> (place: Int64, first: Int64?) {
    contents.withLock { contents in
      defer { contents.firstUnseen = nil }
      return (contents.place, contents.firstUnseen)
    }
  }

  // MARK: Streams.

  /// Enters a neighbour's stream in the place of a former one; what the neighbour refused is forgotten.
  func enter(_ peer: RegionID) -> (number: UInt64, wakeUp: WakeUp) {
    let stream = contents.withLock { contents in
      contents.lastStream += 1
      let stream = (number: contents.lastStream, wakeUp: WakeUp())
      contents.streams[peer] = stream
      for name in contents.attempts.keys { contents.attempts[name]?[peer] = nil }
      return stream
    }
    wakeAll()
    return stream
  }

  /// Takes a stream out, unless a later one has its place.
  func leave(_ peer: RegionID, _ number: UInt64) {
    contents.withLock { contents in
      if contents.streams[peer]?.number == number { contents.streams[peer] = nil }
    }
    // Where this neighbour was the likeliest, another one may be asked now.
    wakeAll()
  }

  func isCurrent(_ number: UInt64, of peer: RegionID) -> Bool {
    contents.withLock { $0.streams[peer]?.number == number }
  }

  /// Has every stream look at what is wanted.
  func wakeAll() {
    let streams = contents.withLock { Array($0.streams.values) }
    for stream in streams { stream.wakeUp.signal() }
  }

  // MARK: Answers.

  /// Whether one more piece may be on its way out; `endAnswer()` gives the place back.
  func beginAnswer() -> Bool {
    contents.withLock { contents in
      guard contents.answers < ReplicationBounds.evidenceAnswers else { return false }
      contents.answers += 1
      return true
    }
  }

  func endAnswer() { contents.withLock { $0.answers -= 1 } }

  // MARK: Files on their way here.

  /// Whether the file may be fetched from that neighbour now: nobody fetches it, and not too many are
  /// on their way; `end(_:)` gives the place back.
  func begin(_ name: EvidenceName, from peer: RegionID) -> Bool {
    contents.withLock { contents in
      guard contents.fetching[name] == nil,
        contents.fetching.count < ReplicationBounds.evidenceFetches
      else { return false }
      contents.fetching[name] = Progress(peer: peer, receivedBytes: 0)
      return true
    }
  }

  func note(_ name: EvidenceName, receivedBytes: Int) {
    contents.withLock { $0.fetching[name]?.receivedBytes = receivedBytes }
  }

  func end(_ name: EvidenceName) {
    contents.withLock { $0.fetching[name] = nil }
    wakeAll()
  }

  func progress(of name: EvidenceName) -> Progress? { contents.withLock { $0.fetching[name] } }

  // MARK: Whom not to ask.

  /// When the neighbour may be asked for the file, by the monotonic clock in milliseconds; 0 where
  /// nothing speaks against it.
  func retryAt(_ name: EvidenceName, of peer: RegionID) -> UInt64 {
    contents.withLock { $0.attempts[name]?[peer]?.retryAt ?? 0 }
  }

  /// Whether a stream with the neighbour is open and it may be asked for the file.
  func mayAsk(_ peer: RegionID, for name: EvidenceName, at now: UInt64) -> Bool {
    contents.withLock {
      $0.streams[peer] != nil && ($0.attempts[name]?[peer]?.retryAt ?? 0) <= now
    }
  }

  /// The neighbour asked to be left alone for a while.
  func putOff(_ name: EvidenceName, of peer: RegionID, until time: UInt64) {
    contents.withLock { $0.attempts[name, default: [:]][peer] = Attempt(retryAt: time) }
  }

  /// The neighbour does not serve the file, or something went wrong.
  func refused(_ name: EvidenceName, by peer: RegionID, at now: UInt64, fault: String) {
    contents.withLock { contents in
      let refusals = contents.attempts[name]?[peer]?.refusals ?? 0
      let wait = Self.firstRetryMilliseconds << UInt64(min(refusals, 16))
      contents.attempts[name, default: [:]][peer] = Attempt(
        retryAt: now + min(wait, Self.longestRetryMilliseconds), refusals: refusals + 1,
        fault: fault)
    }
  }

  /// The neighbour sent something else.
  func lied(_ name: EvidenceName, _ peer: RegionID, at now: UInt64, fault: String) {
    contents.withLock {
      $0.attempts[name, default: [:]][peer] = Attempt(
        retryAt: now + Self.longestRetryMilliseconds, refusals: 16, fault: fault)
    }
  }

  /// What is wrong with fetching the file, by neighbour.
  func faults(of name: EvidenceName) -> [RegionID: String] {
    contents.withLock { $0.attempts[name]?.compactMapValues(\.fault) ?? [:] }
  }

  /// Somebody asks for the file now: whoever refused it is asked again at once.
  func hurry(_ name: EvidenceName) {
    forget(name)
    wakeAll()
  }

  /// Forgets how asking for the file went.
  func forget(_ name: EvidenceName) { contents.withLock { $0.attempts[name] = nil } }
}
