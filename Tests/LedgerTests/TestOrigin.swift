import Crypto
import Ledger
import Regions
import Testing

/// An origin under test: seals commits one after the other.
struct TestOrigin {
  let origin: Origin
  let key: P256.Signing.PrivateKey
  private(set) var sequence: UInt64 = 0
  private(set) var head = Hash.zero
  private var numbers: SeededNumbers

  init(_ region: String, seed: UInt64) throws {
    var numbers = SeededNumbers(seed: seed)
    origin = Origin(region: try #require(RegionID(region)), incarnation: 1)
    key = try P256.Signing.PrivateKey(rawRepresentation: numbers.bytes(32))
    self.numbers = numbers
  }

  func stamp(sequence: UInt64, milliseconds: UInt64 = 1_700_000_000_000) -> Stamp {
    Stamp(
      origin: origin, sequence: sequence,
      time: HybridTime(milliseconds: milliseconds, counter: UInt16(truncatingIfNeeded: sequence)),
      actor: "officer", role: "officer", tier: .township, key: KeyName(of: key.publicKey),
      lane: .bulk)
  }

  mutating func draft(body: [UInt8] = [1], salt: [UInt8]? = nil) -> EventDraft {
    EventDraft(
      entity: nil, kind: "lead.reported", parents: [], audience: [origin.region],
      salt: salt ?? numbers.bytes(16), body: body)
  }

  /// The chain's next commit.
  mutating func seal(_ drafts: [EventDraft]) throws -> Commit {
    var commit = CommitDraft(stamp: stamp(sequence: sequence + 1))
    for draft in drafts { commit.add(draft) }
    let sealed = try CommitSigner(privateKey: key).seal(commit, previous: head)
    sequence += 1
    head = sealed.hash
    return sealed
  }

  mutating func seal() throws -> Commit { try seal([draft()]) }
}

extension Commit {
  var parts: [Part] {
    entries.map { entry in
      switch entry {
      case .event(let event): .event(event.bytes)
      case .withheld(let hash): .withheld(hash)
      }
    }
  }

  /// The same commit with another signature.
  func signed(_ signature: [UInt8]) throws -> Commit {
    try Commit(
      stampBytes: stampBytes, previous: previous, parts: parts, signature: signature)
  }
}
