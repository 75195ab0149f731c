import Evidence
import Ledger
import Regions
import Replication
import Store

/// What `evidence fetch` answers: schema `liandong.evidence_fetch/1`.
package struct EvidenceFetchAnswer: Codable, Hashable, Sendable {
  package let schema: String
  package let file: String
  /// Whether the file is here.
  package let held: Bool
  /// Whether the node runs, so that the file can come.
  package let running: Bool
  /// How many bytes are here.
  package let receivedBytes: Int
  package let bytes: Int
  /// The neighbour that sends it now.
  package let from: Nullable<String>
  /// What keeps neighbours from sending it, in their order.
  package let faults: [String]
}

/// What `evidence fetch` takes.
package struct EvidenceFetchArguments: Codable, Hashable, Sendable {
  package let lead: String
  /// The beginning of the event's or the file's hash.
  package let evidence: String
  /// Whether neighbours that refused the file are asked again at once.
  package let isFirst: Bool

  package init(lead: String, evidence: String, isFirst: Bool) {
    self.lead = lead
    self.evidence = evidence
    self.isFirst = isFirst
  }
}

extension NodeCommands {
  /// Has a file of evidence fetched from the neighbours that may have it, durably: it stays wanted
  /// until it is here. The call waits for nothing and tells how far it is.
  ///
  /// - Throws: `CommandError` of exit 65 for a word that names not exactly one piece, of exit 77 where
  ///   as many files as may be are wanted; `EvidenceError` for a file beyond the limit.
  package func fetchEvidence(
    _ arguments: EvidenceFetchArguments, isRunning: Bool
  ) async throws -> EvidenceFetchAnswer {
    let id = try core.store.read { try evidenced(arguments.lead, in: $0).id }
    let piece = try piece(arguments.evidence, among: evidence(of: id), named: "EVIDENCE")
    let carrier = EvidenceCarrier(core: core, folder: try folder())
    let key = SetKey(time: piece.stamp.time, hash: piece.event)
    guard let named = try core.store.read({ try carrier.named(key, $0) }) else {
      throw EvidenceError.tooLarge(limit: carrier.folder.limits.fileBytes)
    }
    let isHeld = carrier.folder.holds(named.name)
    if !isHeld {
      guard try await carrier.want(named, isUrgent: true) else {
        throw CommandError(
          .waiting, .refused,
          zh: "待取的证据文件已达 \(ReplicationBounds.evidenceWanted) 个,请等其中一些到达后再试",
          en:
            "\(ReplicationBounds.evidenceWanted) files are wanted already, the most that may be; try "
            + "again when some have come")
      }
      if arguments.isFirst { carrier.registry.hurry(named.name) }
    }
    let progress = carrier.registry.progress(of: named.name)
    return EvidenceFetchAnswer(
      schema: "liandong.evidence_fetch/1", file: named.name.description, held: isHeld,
      running: isRunning, receivedBytes: isHeld ? named.byteCount : progress?.receivedBytes ?? 0,
      bytes: named.byteCount, from: Nullable(progress?.peer.rawValue),
      faults: carrier.registry.faults(of: named.name).sorted { $0.key < $1.key }.map(\.value))
  }
}
