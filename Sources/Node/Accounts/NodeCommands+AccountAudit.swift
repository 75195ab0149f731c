import Casework
import Ledger
import Regions
import Replication
import Store

/// One commit that an account could not have written by what this node holds: schema
/// `liandong.account_finding/1`.
package struct AccountFinding: Codable, Hashable, Sendable {
  package let schema: String
  package let commit: String
  package let region: String
  package let seq: UInt64
  package let account: String
  package let role: String
  /// RFC 3339, by the author's clock.
  package let at: String
  /// `unknown_account`, `elsewhere`, `not_opened`, `revoked` or `role_not_held`.
  package let reason: String
}

extension NodeCommands {
  /// The most findings that one call lists.
  package static let listedFindings = 1_000

  /// Lists the commits since accounts are demanded whose account had not that role at that time, by
  /// what this node holds (账号审计). It changes nothing: what was written stands.
  ///
  /// Only commits of this region and those below are judged, since no others' accounts are held. An
  /// office that had not heard of a revocation yet is found as well: that is for a person to weigh.
  package func auditAccounts() async throws -> [AccountFinding] {
    try await offload { [core] cancellation in
      try core.store.read { reader in
        guard let since = try reader.accountsDemandedSince() else { return [] }
        let judged = Set(try reader.signedTrees().newest?.subtree(of: core.region) ?? [])
        let directory = try AccountDirectory(reader: reader)
        let nodeKinds = Self.nodeKinds.union(
          try reader.library.kinds(namedFor: AccountRole.system))
        var histories: [EntityID: AccountHistory] = [:]
        var findings: [AccountFinding] = []
        try reader.eachCommit { commit in
          try cancellation.check()
          let stamp = commit.stamp
          guard stamp.time >= since, judged.contains(stamp.origin.region) else { return true }
          let isNodes =
            try stamp.actor == AccountRole.system
            && reader.kinds(in: commit).isSubset(of: nodeKinds)
          guard !isNodes else { return true }
          let reason = try Self.fault(of: stamp, directory, reader, &histories)
          if let reason { findings.append(AccountFinding(stamp, commit.hash, reason)) }
          return findings.count < Self.listedFindings
        }
        return findings
      }
    }
  }

  /// What nodes write themselves beside what their processes name the system for, such as warnings;
  /// anything else under the system's name hides a person.
  private static let nodeKinds: Set<String> = ["origin.opened", RecoverySeal.kind]

  private static func fault(
    of stamp: Stamp, _ directory: AccountDirectory, _ reader: StoreReader,
    _ histories: inout [EntityID: AccountHistory]
  ) throws -> String? {
    guard let held = AccountName(stamp.actor).flatMap({ directory.account(named: $0) }),
      held.isGenuine
    else { return "unknown_account" }
    guard held.account.region == stamp.origin.region else { return "elsewhere" }
    let history = try histories[held.id] ?? AccountHistory(reader.timeline(of: held.id))
    histories[held.id] = history
    return history.fault(actingAs: stamp.role, at: stamp.time)?.rawValue
  }
}

extension AccountFinding {
  fileprivate init(_ stamp: Stamp, _ commit: Hash, _ reason: String) {
    self.init(
      schema: "liandong.account_finding/1", commit: commit.description,
      region: stamp.origin.region.rawValue, seq: stamp.sequence, account: stamp.actor,
      role: stamp.role, at: CommandTime.text(stamp.time.milliseconds), reason: reason)
  }
}
