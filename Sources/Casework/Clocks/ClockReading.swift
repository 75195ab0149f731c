/// What a clock shows at one instant.
package struct ClockReading: Hashable, Sendable {
  package enum State: String, Sendable {
    case running
    /// The instant lies in a suspension.
    case suspended
    /// There is no limit, and so no level either.
    case notLimited
  }

  package let state: State
  /// The levels reached so far, in ascending order: one that was missed can be caught up on.
  package let reached: [WarningLevel]
  /// `nil` if the stage is not limited, an open suspension comes before, or ``missingYear`` says why.
  package let deadlineMilliseconds: Int64?
  /// The time from now to the deadline by the physical clock, negative once it has passed.
  package let remainingMilliseconds: Int64?
  /// The year whose table of holidays is missing for the deadline or a level still to come.
  package let missingYear: Int?

  /// The highest level reached.
  package var level: WarningLevel? { reached.last }

  /// Whether the deadline has passed. At the very instant it has not, though a level set at the limit
  /// is reached.
  package var isOverdue: Bool { remainingMilliseconds.map { $0 < 0 } ?? false }
}
