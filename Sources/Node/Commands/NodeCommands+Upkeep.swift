import Identity
import Ledger
import Store

/// What `verify --json` answers: schema `liandong.verify/1`.
package struct VerifyAnswer: Codable, Hashable, Sendable {
  package struct Failure: Codable, Hashable, Sendable {
    /// The commit's hash; `null` where it is no single commit.
    package let commit: Nullable<String>
    package let origin: String
    package let seq: UInt64
    package let reason: String
  }

  package let schema: String
  package let ok: Bool
  package let commits: UInt64
  package let events: UInt64
  package let signatures: UInt64
  package let projections: UInt64
  package let failures: [Failure]
  /// All failures, listed or not.
  package let failureCount: UInt64
  /// What origins signed against the rules; this store is sound all the same.
  package let findings: [Failure]
  /// All findings, listed or not.
  package let findingCount: UInt64

  init(_ verification: Verification) {
    schema = "liandong.verify/1"
    ok = verification.isGood
    commits = UInt64(verification.commits)
    events = UInt64(verification.events)
    signatures = UInt64(verification.signatures)
    projections = UInt64(verification.projections)
    failures = verification.failures.map { Failure($0) }
    failureCount = UInt64(verification.failureCount)
    findings = verification.findings.map { Failure($0) }
    findingCount = UInt64(verification.findingCount)
  }
}

extension VerifyAnswer.Failure {
  fileprivate init(_ failure: Verification.Failure) {
    self.init(
      commit: Nullable(failure.commit?.description), origin: failure.origin,
      seq: failure.sequence, reason: failure.reason)
  }
}

/// What `rebuild` did.
package struct RebuildAnswer: Codable, Hashable, Sendable {
  /// The entities whose projections were computed anew.
  package let entities: UInt64
}

extension NodeCommands {
  /// Checks every hash, chain, signature, outbox and projection of the store.
  package func verify() async throws -> VerifyAnswer {
    let judge = DeploymentKeyJudge(roots: try core.credentials.load().roots)
    return try await offload { [core] cancellation in
      VerifyAnswer(
        try core.store.read { try $0.verify(judge: judge) { _ in try cancellation.check() } })
    }
  }

  /// Computes every projection anew from the ledger.
  package func rebuild() async throws -> RebuildAnswer {
    try await Cancellation.watching { [core] cancellation in
      let entities = try await core.writer.write {
        try $0.rebuild { _ in try cancellation.check() }
      }
      return RebuildAnswer(entities: UInt64(entities))
    }
  }

  /// Copies the store, as it is at one instant, into a new file, and verifies the copy.
  ///
  /// - Parameter path: an absolute path, at which nothing stands.
  /// - Throws: `CommandError` of exit 77 where something stands there; `StoreError`.
  package func createBackup(at path: String) async throws -> BackupAnswer {
    let judge = DeploymentKeyJudge(roots: try core.credentials.load().roots)
    let evidence = try folder()
    return try await offload { [core] cancellation in
      try StoreBackup(path: path).create(of: core.store, evidence: evidence, judge: judge) {
        try cancellation.check()
      }
    }
  }
}
