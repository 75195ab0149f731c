package import Crypto

/// The short name of a P-256 key: the first 16 bytes of SHA-256 over its DER SubjectPublicKeyInfo.
///
/// Stamps in the ledger carry the raw bytes; a certificate carries the same bytes as its subject
/// key identifier (RFC 5280, 4.2.1.2 leaves the method open), so that every tool shows them.
package struct KeyID: Hashable, Sendable, CustomStringConvertible {
  /// The 16 bytes.
  package let bytes: [UInt8]

  /// The length in bytes.
  package static let length = 16

  /// The id of a key.
  package init(of key: P256.Signing.PublicKey) {
    bytes = Array(SHA256.hash(data: key.derRepresentation).prefix(Self.length))
  }

  /// Accepts exactly 16 bytes; `nil` for any other number.
  package init?(bytes: some Collection<UInt8>) {
    guard bytes.count == Self.length else { return nil }
    self.bytes = Array(bytes)
  }

  /// Lower-case hex.
  package var description: String { Hexadecimal.text(bytes) }
}
