package import Ledger

/// What a check of the whole store found.
package struct Verification: Hashable, Sendable {
  /// One thing that is not as it should be.
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
  /// Damage of this store, in the order found; at most `maximumFailures`.
  package internal(set) var failures: [Failure] = []
  /// All failures, listed or not.
  package internal(set) var failureCount = 0
  /// What origins signed against the rules: their commits verify and are held as they came. At most
  /// `maximumFailures`.
  package internal(set) var findings: [Failure] = []
  /// All findings, listed or not.
  package internal(set) var findingCount = 0

  /// The most failures, and the most findings, that are listed.
  package static let maximumFailures = 1_000

  /// Whether this store is undamaged; findings are the doing of others and do not count.
  package var isGood: Bool { failureCount == 0 }

  mutating func fail(_ commit: Hash?, _ origin: String, _ sequence: UInt64, _ reason: String) {
    failureCount += 1
    guard failures.count < Self.maximumFailures else { return }
    failures.append(
      Failure(commit: commit, origin: origin, sequence: sequence, reason: reason))
  }

  /// A failure that is no single commit's.
  mutating func fail(_ reason: String) { fail(nil, "", 0, reason) }

  mutating func find(_ commit: Hash, _ origin: String, _ sequence: UInt64, _ reason: String) {
    findingCount += 1
    guard findings.count < Self.maximumFailures else { return }
    findings.append(
      Failure(commit: commit, origin: origin, sequence: sequence, reason: reason))
  }
}
