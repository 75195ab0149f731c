import Ledger

extension Frame {
  /// About as many bytes as the frame takes on the wire.
  package var approximateBytes: Int {
    switch self {
    case .trees(let shipment), .repair(let shipment):
      shipment.commits.reduce(Self.bytes(of: shipment.chains)) { $0 + Self.bytes(of: $1) }
    case .batch(let batch):
      batch.commits.reduce(Self.bytes(of: batch.chains)) { $0 + Self.bytes(of: $1) }
    case .compare(let claims): claims.reduce(Self.smallBytes) { $0 + Self.bytes(of: $1) }
    case .want(let hashes): Self.smallBytes + hashes.count * Hash.byteCount
    case .setAside(let notices):
      notices.reduce(0) { $0 + Self.smallBytes + $1.reason.utf8.count }
    case .hello(let hello): Self.smallBytes + hello.trees.count * Hash.byteCount
    case .acknowledgement, .noted, .ping, .goodbye: Self.smallBytes
    }
  }

  /// A frame, or a part of one, of a few numbers and hashes.
  private static let smallBytes = 128

  private static func bytes(of chains: [CertificateChain]) -> Int {
    chains.joined().reduce(smallBytes) { $0 + $1.count }
  }

  private static func bytes(of commit: Commit) -> Int {
    commit.entries.reduce(smallBytes + commit.stampBytes.count) { sum, entry in
      sum + (entry.event?.bytes.count ?? Hash.byteCount)
    }
  }

  private static func bytes(of claim: RangeClaim) -> Int {
    switch claim.content {
    case .fingerprint: smallBytes
    case .items(let keys), .answer(let keys): smallBytes + keys.count * SetKey.byteCount
    }
  }
}
