import Evidence
import Ledger
import Replication
import Store

/// A file that an event names.
struct NamedEvidence: Sendable {
  let event: HeldEvidence
  let name: EvidenceName
  /// The file's length by the event, in bytes.
  let byteCount: Int

  /// Reads an event's body; `nil` where it names no file, or one of a length that is not taken.
  init?(_ event: HeldEvidence, limits: EvidenceLimits) {
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
