/// How much of the urgent lane one origin may use at a relay: a steady rate, and a burst beyond it.
///
/// A value that is kept per origin; time is an argument, so the same commits at the same times give
/// the same lanes.
package struct LaneQuota: Hashable, Sendable {
  /// When the commits so far would have been due at the steady rate, in milliseconds since 1970 UTC.
  package private(set) var due: UInt64
  /// Whether a commit was over the quota since it was last unused.
  package private(set) var isExceeded: Bool

  package init(due: UInt64 = 0, isExceeded: Bool = false) {
    self.due = due
    self.isExceeded = isExceeded
  }

  /// What a quota makes of one commit.
  package enum Verdict: Hashable, Sendable {
    case urgent
    /// It takes the bulk lane.
    case bulk
    /// It is the first that does since the quota was last unused: an operator should hear of it.
    case firstBulk
  }

  private static let interval: UInt64 =
    3_600_000 / UInt64(ReplicationBounds.urgentCommitsPerHour)

  /// Counts one commit.
  ///
  /// - Parameter milliseconds: the commit's time, since 1970 UTC.
  package mutating func take(at milliseconds: UInt64) -> Verdict {
    if due <= milliseconds { isExceeded = false }
    let allowance = UInt64(ReplicationBounds.urgentBurst - 1) * Self.interval
    guard due <= milliseconds + allowance else {
      defer { isExceeded = true }
      return isExceeded ? .bulk : .firstBulk
    }
    due = max(due, milliseconds) + Self.interval
    return .urgent
  }
}
