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

  /// What the event of that key names; `nil` also for the key of a contact that is to be destroyed.
  func named(_ key: SetKey, _ reader: StoreReader) throws -> NamedEvidence? {
    let held = try reader.evidence(key, ofKinds: NamedEvidence.kinds)
    guard let named = held.flatMap({ NamedEvidence($0, limits: folder.limits) }) else { return nil }
    if named.isContactKey, try HeldContact(of: named.event.entity, in: reader)?.destruction != nil {
      return nil
    }
    return named
  }

  /// Whether what is named is here.
  func holds(_ named: NamedEvidence) -> Bool {
    named.isContactKey ? core.contactKeys.holds(named.name.hash) : folder.holds(named.name)
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
