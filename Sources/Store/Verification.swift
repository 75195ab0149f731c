package import Ledger

/// What a check of the whole store found.
package struct Verification: Hashable, Sendable {
  /// One thing that is not as it must be.
  package struct Failure: Hashable, Sendable {
    /// The commit concerned; `nil` where it is no single commit.
    package let commit: Hash?
    package let origin: String
    package let sequence: UInt64
    package let reason: String
  }

  package internal(set) var commits = 0
  package internal(set) var events = 0
  /// Commits whose own signature was verified: a later one of their chain makes them valid as well,
  /// but only the own one lets them travel alone.
  package internal(set) var signatures = 0
  /// Entities whose projection is what a fold of their events gives.
  package internal(set) var projections = 0
  /// In the order found; at most `maximumFailures`.
  package internal(set) var failures: [Failure] = []
  /// All failures, listed or not.
  package internal(set) var failureCount = 0

  /// The most failures that are listed.
  package static let maximumFailures = 1_000

  package var isGood: Bool { failureCount == 0 }

  mutating func fail(_ commit: Hash?, _ origin: String, _ sequence: UInt64, _ reason: String) {
    failureCount += 1
    guard failures.count < Self.maximumFailures else { return }
    failures.append(
      Failure(commit: commit, origin: origin, sequence: sequence, reason: reason))
  }
}
