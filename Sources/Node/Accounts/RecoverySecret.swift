import Casework
package import Crypto
import Foundation
package import Ledger
package import Regions

/// The secret by which a node and the regions above it agree on one-time codes (口令恢复密钥) without a
/// network. It follows from the node's seal key, so nothing more is kept; the node seals it to the
/// seal keys above (HPKE, RFC 9180: X25519, HKDF-SHA256, ChaCha20-Poly1305) in an event beforehand.
///
/// Printing it shows nothing of it.
package struct RecoverySecret: Sendable, CustomStringConvertible, CustomReflectable {
  private let key: SymmetricKey

  private static let info = Data("liandong.recovery.1".utf8)
  private static let codeInfo = Array("liandong.code.1".utf8)
  private static let suite = HPKE.Ciphersuite.Curve25519_SHA256_ChachaPoly

  /// The secret of the node that has this seal key.
  package init(of sealKey: Curve25519.KeyAgreement.PrivateKey) {
    key = HKDF<SHA256>.deriveKey(
      inputKeyMaterial: SymmetricKey(data: sealKey.rawRepresentation), info: Self.info,
      outputByteCount: SHA256.byteCount)
  }

  private init(_ bytes: Data) { key = SymmetricKey(data: bytes) }

  /// The array `[{region, key, enc, sealed}]` with one map for each recipient.
  ///
  /// - Parameter region: whose secret it is; what is sealed is bound to it.
  /// - Throws: an error of the crypto library for a public key that is none.
  package func sealed(
    of region: RegionID, to recipients: [SealDirectory.Recipient]
  ) throws -> CanonicalValue {
    let plain = key.withUnsafeBytes { Data($0) }
    return .array(
      try recipients.map { recipient in
        var sender = try HPKE.Sender(
          recipientKey: Curve25519.KeyAgreement.PublicKey(
            rawRepresentation: recipient.publicKey),
          ciphersuite: Self.suite, info: Self.info)
        let sealed = try sender.seal(plain, authenticating: Data(region.rawValue.utf8))
        return .map([
          "region": .text(recipient.region.rawValue), "key": .bytes(recipient.publicKey),
          "enc": .bytes(Array(sender.encapsulatedKey)), "sealed": .bytes(Array(sealed)),
        ])
      })
  }

  /// Whether a secret was sealed to exactly these recipients and keys.
  package static func isSealed(
    _ sealed: CanonicalValue, to recipients: [SealDirectory.Recipient]
  ) -> Bool {
    let found = (sealed.array ?? []).map { ($0["region"]?.text, $0["key"]?.bytes) }
    return found.count == recipients.count
      && zip(found, recipients).allSatisfy { $0 == ($1.region.rawValue, $1.publicKey) }
  }

  /// Opens the secret of a region that was sealed to this node.
  ///
  /// - Returns: `nil` where it was not sealed to this key, or is not that region's.
  package static func open(
    _ sealed: CanonicalValue, of region: RegionID, by own: RegionID,
    with privateKey: Curve25519.KeyAgreement.PrivateKey
  ) -> RecoverySecret? {
    for wrap in sealed.array ?? [] where wrap["region"]?.text == own.rawValue {
      guard let enc = wrap["enc"]?.bytes, let box = wrap["sealed"]?.bytes,
        var recipient = try? HPKE.Recipient(
          privateKey: privateKey, ciphersuite: suite, info: info, encapsulatedKey: Data(enc)),
        let plain = try? recipient.open(
          Data(box), authenticating: Data(region.rawValue.utf8)),
        plain.count == SHA256.byteCount
      else { continue }
      return RecoverySecret(plain)
    }
    return nil
  }

  /// The one-time code for a challenge: HMAC-SHA256, cut to 40 bits.
  package func code(for account: EntityID, challenge: SpokenCode) -> SpokenCode {
    let code = HMAC<SHA256>.authenticationCode(
      for: Self.codeInfo + account.bytes + challenge.bytes, using: key)
    guard let code = SpokenCode(bytes: Array(code.prefix(SpokenCode.byteCount))) else {
      preconditionFailure("a hash is longer than a code")
    }
    return code
  }

  package var description: String { "RecoverySecret" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
