/// How long to wait before the next attempt to connect: doubled each time up to a cap, with jitter,
/// so that a hub's restart is not met by all its districts at once.
package struct Backoff: Hashable, Sendable {
  /// The first wait, in milliseconds.
  package static let firstMilliseconds: UInt64 = 250
  /// The longest wait, in milliseconds.
  package static let capMilliseconds: UInt64 = 30_000

  private var attempts = 0

  package init() {}

  /// The wait after one more failure: between half and the whole of the doubled step.
  ///
  /// - Parameter random: uniformly drawn.
  package mutating func next(random: UInt64) -> UInt64 {
    let step = min(Self.capMilliseconds, Self.firstMilliseconds << UInt64(min(attempts, 16)))
    attempts += 1
    return step / 2 + random % (step / 2 + 1)
  }

  /// Begins anew after a session that got as far as exchanging data.
  package mutating func reset() { attempts = 0 }
}
