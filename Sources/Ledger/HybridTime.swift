/// A hybrid logical time: 48 bits of milliseconds since 1970 UTC and 16 bits of counter.
///
/// Times of one node strictly increase; a time is later than every time that its node had accepted.
package struct HybridTime: Hashable, Comparable, Sendable, RawRepresentable {
  /// Milliseconds in the high 48 bits, counter in the low 16.
  package let rawValue: UInt64

  package init(rawValue: UInt64) { self.rawValue = rawValue }

  /// - Parameter milliseconds: since 1970 UTC; only its low 48 bits count.
  package init(milliseconds: UInt64, counter: UInt16 = 0) {
    self.rawValue = (milliseconds & 0xFFFF_FFFF_FFFF) << 16 | UInt64(counter)
  }

  /// The physical part, in milliseconds since 1970 UTC.
  package var milliseconds: UInt64 { rawValue >> 16 }

  /// The logical part.
  package var counter: UInt16 { UInt16(truncatingIfNeeded: rawValue) }

  package static func < (a: HybridTime, b: HybridTime) -> Bool { a.rawValue < b.rawValue }
}

/// A node's clock: gives stamps their times and learns from times that arrive.
///
/// A value: the wall clock's reading is an argument, and the node keeps `last` in its store.
package struct HybridClock: Hashable, Sendable {
  /// A remote time further ahead of the wall clock than this is stored and flagged and never
  /// advances this clock.
  package static let toleranceMilliseconds: UInt64 = 10 * 60 * 1000

  /// The latest time given or learned.
  package private(set) var last: HybridTime

  package init(last: HybridTime = HybridTime(rawValue: 0)) { self.last = last }

  /// The next time for a commit of this node; always later than `last`, also when the wall clock
  /// stepped back.
  ///
  /// - Parameter wallMilliseconds: the wall clock, since 1970 UTC.
  package mutating func tick(wallMilliseconds: UInt64) -> HybridTime {
    let wall = HybridTime(milliseconds: wallMilliseconds)
    // A full counter carries into the milliseconds, which keeps the order.
    last = wall > last ? wall : HybridTime(rawValue: last.rawValue + 1)
    return last
  }

  /// What `observe(_:wallMilliseconds:)` found.
  package enum Observation: Sendable, Equatable {
    /// The time was taken into account.
    case accepted
    /// The remote clock is ahead of ours by more than the tolerance; ours did not move.
    case ahead(milliseconds: UInt64)
  }

  /// Learns a time that arrived from elsewhere.
  package mutating func observe(_ time: HybridTime, wallMilliseconds: UInt64) -> Observation {
    if time.milliseconds > wallMilliseconds + Self.toleranceMilliseconds {
      return .ahead(milliseconds: time.milliseconds - wallMilliseconds)
    }
    last = max(last, time)
    return .accepted
  }
}
