package import Ledger

/// Upper bounds of what the parts of a frame take on the wire, in bytes, so that a side can fill a
/// frame within `ReplicationBounds.messageBytes` without encoding it.
package enum FrameSize {
  /// A withheld event's place and hash with their framing.
  package static let withheld = 40
  /// A mark with its framing.
  package static let mark = 40
  /// The framing of an event's bytes, of a certificate, or of a chain.
  package static let field = 5
  /// A commit's previous hash and signature, and its own framing.
  private static let commitFields = 128

  /// A commit without its parts.
  ///
  /// - Parameter stamp: the stamp's canonical bytes.
  package static func commit(stamp: [UInt8]) -> Int { stamp.count + commitFields }

  /// A whole commit.
  package static func of(_ commit: CommitBytes) -> Int {
    commit.parts.reduce(Self.commit(stamp: commit.stamp)) { sum, part in
      guard case .event(let bytes) = part else { return sum + withheld }
      return sum + bytes.count + field
    }
  }

  /// A certificate chain.
  package static func of(_ chain: CertificateChain) -> Int {
    chain.reduce(field) { $0 + $1.count + field }
  }
}
