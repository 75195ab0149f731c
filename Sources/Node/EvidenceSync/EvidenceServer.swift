import Evidence
import Ledger
import Logging
import Regions
import Replication
import Store

/// Answers one neighbour's questions for evidence.
///
/// Served is only what an event names whose entity could have been routed to the neighbour by the
/// newest tree. All else gets one and the same answer, whatever is held here.
struct EvidenceServer: Sendable {
  /// When a neighbour is to ask again for a file that is being fetched here, in seconds.
  private static let fetchSeconds = 2
  /// When it is to ask again where this node has too much to do, in seconds.
  private static let busySeconds = 30

  let carrier: EvidenceCarrier
  let peer: RegionID

  private var core: NodeCore { carrier.core }

  /// The answer to a question.
  func answer(_ request: EvidenceRequest) async throws -> EvidenceFrame {
    guard !core.links.isPaused else { return .wait(seconds: Self.busySeconds) }
    let name = EvidenceName(request.file)
    let found = try core.store.read { reader in
      try visible(request.event, reader).map { visible in
        (visible: visible, isWanted: try reader.wantedEvidence(request.file) != nil)
      }
    }
    guard let found, found.visible.evidence.name == name else { return .refused }
    if carrier.holds(found.visible.evidence) { return piece(request, of: found.visible.evidence) }
    // Asked only away from who asks, so that two nodes never wait for each other.
    guard found.visible.carriers.contains(where: { $0 != peer }) else { return .refused }
    if found.isWanted { return .wait(seconds: Self.fetchSeconds) }
    let isNoted = try await carrier.want(found.visible.evidence, isUrgent: true)
    return .wait(seconds: isNoted ? Self.fetchSeconds : Self.busySeconds)
  }

  private struct Visible {
    let evidence: NamedEvidence
    let carriers: [RegionID]
  }

  /// What the event names, if the neighbour may see it.
  private func visible(_ key: SetKey, _ reader: StoreReader) throws -> Visible? {
    guard let router = try reader.router(of: core), let evidence = try carrier.named(key, reader),
      router.concerns(peer, evidence.event.audience)
    else { return nil }
    let event = evidence.event
    return Visible(
      evidence: evidence,
      carriers: router.carriers(from: event.source, audience: event.audience))
  }

  private func piece(_ request: EvidenceRequest, of named: NamedEvidence) -> EvidenceFrame {
    do {
      let bytes =
        try named.isContactKey
        ? keyBytes(request, of: named)
        : carrier.folder.reader(of: named.name).bytes(at: request.offset, count: request.mostBytes)
      // Nobody who keeps to the event's length asks beyond the end of a sound file.
      return bytes.isEmpty ? .refused : .chunk(bytes)
    } catch {
      core.logger.error(
        "cannot serve evidence", metadata: ["peer": "\(peer)", "error": "\(error)"])
      return .refused
    }
  }

  /// The piece of a contact's key; none where the event's author did not seal with it.
  private func keyBytes(_ request: EvidenceRequest, of named: NamedEvidence) throws -> [UInt8] {
    let name = named.name.hash
    guard let key = try core.contactKeys.key(name), key.name(by: named.event.author) == name else {
      return []
    }
    return Array(key.bytes.dropFirst(request.offset).prefix(request.mostBytes))
  }
}
