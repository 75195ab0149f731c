import Evidence
import Ledger
import Logging
import Replication
import Store

extension EvidenceFetcher {
  /// Fetches a contact's key, which is one short piece.
  ///
  /// - Throws: `TransportError` where the neighbour breaks the protocol; what `ask` throws.
  func fetchKey(_ evidence: NamedEvidence, _ ask: Ask) async throws {
    let answer = try await ask(
      EvidenceRequest(
        event: evidence.event.key, file: evidence.name.hash, offset: 0,
        mostBytes: ContactKey.byteCount))
    guard let bytes = try piece(in: answer, of: evidence, atMost: ContactKey.byteCount) else {
      return
    }
    let name = evidence.name.hash
    guard let key = ContactKey(bytes), key.name(by: evidence.event.author) == name else {
      return note(.wrongContent(evidence.name), evidence.name)
    }
    do {
      // Within the transaction, so that no order to destroy it comes in between: one that comes later
      // finds the key here. Adding it twice adds it once.
      try await core.writer.write { [core] transaction in
        let contact = try HeldContact(of: evidence.event.entity, in: transaction.reader)
        if contact?.destruction == nil { try core.contactKeys.add([(name, key)]) }
        try transaction.dropWanted(name)
      }
      registry.forget(evidence.name)
    } catch let error as EvidenceError {
      note(error, evidence.name)
    }
  }
}
