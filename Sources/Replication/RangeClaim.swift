package import Ledger

/// An event's place in the order of comparison: by time, then by hash.
package struct SetKey: Hashable, Comparable, Sendable {
  package let time: HybridTime
  package let hash: Hash

  package init(time: HybridTime, hash: Hash) {
    self.time = time
    self.hash = hash
  }

  /// The number of bytes of a key: those of the time and of the hash.
  package static let byteCount = 8 + Hash.byteCount

  /// Before every event.
  package static let lowest = SetKey(time: HybridTime(rawValue: 0), hash: .zero)

  package static func < (a: SetKey, b: SetKey) -> Bool {
    a.time != b.time ? a.time < b.time : a.hash < b.hash
  }
}

/// The fingerprint of a set of events: how many, and the sums modulo 2^64 of the first and second
/// eight bytes of their hashes.
package struct Fingerprint: Hashable, Sendable {
  package var count: UInt64 = 0
  package var high: UInt64 = 0
  package var low: UInt64 = 0

  package init() {}

  package init(count: UInt64, high: UInt64, low: UInt64) {
    self.count = count
    self.high = high
    self.low = low
  }

  package mutating func add(_ hash: Hash) {
    let words = hash.halfWords
    count &+= 1
    high &+= words.high
    low &+= words.low
  }

  /// The fingerprint of a set less that of a subset.
  package static func - (all: Fingerprint, part: Fingerprint) -> Fingerprint {
    Fingerprint(
      count: all.count &- part.count, high: all.high &- part.high, low: all.low &- part.low)
  }
}

/// What one side says of its events from `lower` on and before `upper`.
package struct RangeClaim: Hashable, Sendable {
  package enum Content: Hashable, Sendable {
    case fingerprint(Fingerprint)
    /// All events of the range, in order.
    case items([SetKey])
    /// All events of the range, in answer to `items`: nothing is to be answered.
    case answer([SetKey])
  }

  package var lower: SetKey
  /// `nil`: to the end.
  package var upper: SetKey?
  package var content: Content

  package init(lower: SetKey, upper: SetKey?, content: Content) {
    self.lower = lower
    self.upper = upper
    self.content = content
  }
}
