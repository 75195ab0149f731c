import Casework
import Evidence
import Ledger
import Replication
import Store

/// What an event names that its bytes do not hold: a file of evidence or a contact's key.
struct NamedEvidence: Sendable {
  /// The kinds of event that name something.
  static let kinds = fileKinds + [ContactKind.sealed]
  /// Those of them that name a file.
  static let fileKinds = Process.evidenceFamilies.map { Process.evidenceKind(of: $0) }

  let event: HeldEvidence
  let name: EvidenceName
  /// The length by the event, in bytes.
  let byteCount: Int

  /// Whether it is the key of a contact, which is kept and served apart from files.
  var isContactKey: Bool { event.kind == ContactKind.sealed }

  /// Reads an event's body; `nil` where it names nothing, or a file of a length that is not taken.
  init?(_ event: HeldEvidence, limits: EvidenceLimits) {
    if event.kind == ContactKind.sealed {
      guard let seal = ContactSeal(body: event.body) else { return nil }
      self.event = event
      self.name = EvidenceName(seal.keyName)
      self.byteCount = ContactKey.byteCount
      return
    }
    guard let body = try? CanonicalValue(decoding: event.body),
      let name = body["file"]?.text.flatMap({ EvidenceName($0) }),
      let byteCount = body["bytes"]?.integer.flatMap({ Int(exactly: $0) }),
      (0...limits.fileBytes).contains(byteCount)
    else { return nil }
    self.event = event
    self.name = name
    self.byteCount = byteCount
  }
}

extension EvidenceName {
  /// The name's digest.
  var hash: Hash {
    guard let hash = Hash(hex: description) else {
      preconditionFailure("a name has the digits of a hash")
    }
    return hash
  }

  /// The name of the file with that digest.
  init(_ hash: Hash) {
    guard let name = EvidenceName(hash.description) else {
      preconditionFailure("a hash has the digits of a name")
    }
    self = name
  }
}

extension StoreReader {
  /// How neighbours are concerned by the newest tree; `nil` before the first.
  func router(of core: NodeCore) throws -> Router? {
    try signedTrees().newest.map { Router(region: core.region, tree: $0) }
  }
}
