package import Store

/// How long the next attempt to log on must wait (登录限速): nothing at first, then twice as long after
/// each failure, up to a bound, so that nobody is shut out for good.
package struct LoginThrottle: Hashable, Sendable {
  /// The failures after which nothing waits yet.
  let free: Int
  /// The longest wait, in milliseconds.
  let longestMilliseconds: UInt64

  /// The wait after the first failure beyond the free ones, in milliseconds.
  private static let firstMilliseconds: UInt64 = 1_000
  /// After so long without an attempt failures are forgotten, in milliseconds.
  private static let memoryMilliseconds: UInt64 = 24 * 3_600_000

  /// For one name.
  package static let name = LoginThrottle(free: 3, longestMilliseconds: 15 * 60_000)
  /// For all names of a node together.
  package static let node = LoginThrottle(free: 30, longestMilliseconds: 30_000)

  /// How long an attempt must wait, in milliseconds; 0 for one that may be made.
  ///
  /// - Parameter now: milliseconds since 1970 UTC. A clock that stepped back costs at most the longest
  ///   wait.
  package func wait(after failures: FailedAttempts, at now: UInt64) -> UInt64 {
    let beyond = remembered(failures, at: now) - free
    guard beyond > 0 else { return 0 }
    let doublings = min(beyond - 1, 20)
    let delay = min(Self.firstMilliseconds << UInt64(doublings), longestMilliseconds)
    let passed = now > failures.lastMilliseconds ? now - failures.lastMilliseconds : 0
    return passed < delay ? delay - passed : 0
  }

  /// The failures that still count.
  package func remembered(_ failures: FailedAttempts, at now: UInt64) -> Int {
    let isForgotten = now > failures.lastMilliseconds + Self.memoryMilliseconds
    return isForgotten ? 0 : failures.count
  }
}
