import Evidence
import Ledger
import Logging
import Regions
import Replication
import Store

/// A node's part in carrying evidence between tiers: its store, its folder and what it is about.
package struct EvidenceCarrier: Sendable {
  let core: NodeCore
  let folder: EvidenceFolder

  /// - Parameter folder: the node's own, opened.
  package init(core: NodeCore, folder: EvidenceFolder) {
    self.core = core
    self.folder = folder
  }

  var registry: EvidenceRegistry { core.evidence }

  /// The event of that key, if it names a file.
  func named(_ key: SetKey, _ reader: StoreReader) throws -> NamedEvidence? {
    try reader.evidence(key).flatMap { NamedEvidence($0, limits: folder.limits) }
  }

  /// Notes durably that a file is wanted, and has the streams look at it.
  ///
  /// - Returns: `false` where as many files as may be are wanted already.
  func want(_ evidence: NamedEvidence, isUrgent: Bool) async throws -> Bool {
    let isNoted = try await core.writer.write { transaction in
      try transaction.want(
        evidence.name.hash, by: evidence.event.key, byteCount: evidence.byteCount,
        isUrgent: isUrgent)
    }
    registry.wakeAll()
    return isNoted
  }
}
