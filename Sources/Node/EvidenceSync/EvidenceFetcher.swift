import Evidence
import Ledger
import Logging
import Regions
import Replication
import Store
import Transport

/// Fetches from one neighbour what is wanted and that neighbour may have, one file after another.
///
/// The event that names a file says how long it is: no more is ever asked for. What came counts when
/// its hash is the one that was asked for.
struct EvidenceFetcher: Sendable {
  typealias Ask = @Sendable (_ request: EvidenceRequest) async throws -> EvidenceFrame

  /// How long to wait for a wake-up where nothing is due earlier, in milliseconds.
  private static let idleMilliseconds: UInt64 = 60_000
  /// The least such wait, in milliseconds.
  private static let pauseMilliseconds: UInt64 = 500

  let carrier: EvidenceCarrier
  let peer: RegionID

  var core: NodeCore { carrier.core }
  var registry: EvidenceRegistry { carrier.registry }

  /// Fetches until the task is cancelled.
  ///
  /// - Throws: `TransportError` where the neighbour breaks the protocol; what `ask` throws.
  func run(_ wakeUp: WakeUp, _ ask: Ask) async throws {
    var pace = EvidencePace()
    while !Task.isCancelled {
      let now = core.monotonicMilliseconds()
      let choice = try core.store.read { try choose($0, at: now) }
      if let evidence = choice.evidence, !core.links.isPaused,
        registry.begin(evidence.name, from: peer)
      {
        defer { registry.end(evidence.name) }
        if evidence.isContactKey {
          try await fetchKey(evidence, ask)
        } else {
          try await fetch(evidence, &pace, ask)
        }
      } else {
        let wait = max(choice.dueMilliseconds, Self.pauseMilliseconds)
        await wakeUp.wait(atMost: .milliseconds(Int64(wait)))
      }
    }
  }

  /// What to fetch from this neighbour, and when to look again if that is nothing.
  struct Choice {
    var evidence: NamedEvidence?
    var dueMilliseconds = EvidenceFetcher.idleMilliseconds
  }

  /// The first of the wanted files that this neighbour may have and that no likelier neighbour can be
  /// asked for.
  func choose(_ reader: StoreReader, at now: UInt64) throws -> Choice {
    var choice = Choice()
    guard let router = try reader.router(of: core) else { return choice }
    for wanted in try reader.wantedEvidence() {
      let name = EvidenceName(wanted.file)
      guard registry.progress(of: name) == nil else { continue }
      let retryAt = registry.retryAt(name, of: peer)
      if retryAt > now {
        choice.dueMilliseconds = min(choice.dueMilliseconds, retryAt - now)
        continue
      }
      guard let evidence = try carrier.named(wanted.event, reader) else { continue }
      let carriers = router.carriers(
        from: evidence.event.source, audience: evidence.event.audience)
      guard let place = carriers.firstIndex(of: peer),
        !carriers[..<place].contains(where: { registry.mayAsk($0, for: name, at: now) })
      else { continue }
      choice.evidence = evidence
      return choice
    }
    return choice
  }

  private func fetch(
    _ evidence: NamedEvidence, _ pace: inout EvidencePace, _ ask: Ask
  ) async throws {
    do {
      let file = try await FetchedFile.open(evidence, in: carrier.folder)
      guard try await fill(file, with: evidence, &pace, ask) else { return }
      try await file.finish()
      try await core.writer.write { try $0.dropWanted(evidence.name.hash) }
      registry.forget(evidence.name)
      core.logger.info(
        "fetched evidence",
        metadata: [
          "file": "\(evidence.name)", "bytes": "\(evidence.byteCount)", "peer": "\(peer)",
        ])
    } catch let error as EvidenceError {
      note(error, evidence.name)
    }
  }

  /// Asks for pieces until the file is whole.
  ///
  /// - Returns: `false` where the neighbour does not serve it, or not now.
  private func fill(
    _ file: FetchedFile, with evidence: NamedEvidence, _ pace: inout EvidencePace, _ ask: Ask
  ) async throws -> Bool {
    while file.receivedBytes < evidence.byteCount {
      registry.note(evidence.name, receivedBytes: file.receivedBytes)
      let mostBytes = min(pace.bytes, evidence.byteCount - file.receivedBytes)
      let asked = core.monotonicMilliseconds()
      let answer = try await ask(
        EvidenceRequest(
          event: evidence.event.key, file: evidence.name.hash, offset: file.receivedBytes,
          mostBytes: mostBytes))
      let now = core.monotonicMilliseconds()
      guard let bytes = try piece(in: answer, of: evidence, atMost: mostBytes) else { return false }
      try file.append(bytes)
      let rest = pace.took(now - asked)
      if rest > 0 { try await Task.sleep(for: .milliseconds(Int64(rest))) }
    }
    return true
  }

  /// The bytes of an answer; `nil` where the neighbour does not serve it, or not now.
  ///
  /// - Throws: `TransportError` for more bytes than were asked for, or no answer at all.
  func piece(
    in answer: EvidenceFrame, of evidence: NamedEvidence, atMost mostBytes: Int
  ) throws -> [UInt8]? {
    let now = core.monotonicMilliseconds()
    switch answer {
    case .chunk(let bytes) where bytes.count <= mostBytes: return bytes
    case .wait(let seconds):
      registry.putOff(evidence.name, of: peer, until: now + UInt64(seconds) * 1000)
      return nil
    case .refused:
      registry.refused(
        evidence.name, by: peer, at: now, fault: "\(peer) does not serve the file")
      return nil
    case .chunk, .request:
      throw TransportError(
        .malformedFrame, "\(peer) sent more of a file than it was asked for; that is no answer")
    }
  }

  func note(_ error: EvidenceError, _ name: EvidenceName) {
    let now = core.monotonicMilliseconds()
    if error.code == .wrongContent {
      registry.lied(name, peer, at: now, fault: "\(peer): \(error.english)")
      core.logger.error(
        "a neighbour sent evidence of another content",
        metadata: ["peer": "\(peer)", "file": "\(name)"])
    } else {
      registry.refused(name, by: peer, at: now, fault: error.english)
      core.logger.warning(
        "cannot keep evidence", metadata: ["file": "\(name)", "error": "\(error)"])
    }
  }
}
