package import Crypto
package import FoundationEssentials

/// A node's key as its certificate proves it: the good result of judging a chain.
///
/// It is valid for *history* for ever. Whether it is valid for *links* depends on the day and on
/// revocations: ``mayLink(at:revoked:)``.
package struct CertifiedKey: Sendable {
  package let name: NodeName
  package let publicKey: P256.Signing.PublicKey
  package let keyID: KeyID
  /// The first moment of the node certificate itself.
  package let notBefore: Date
  /// The last moment of the node certificate itself.
  package let notAfter: Date
  /// The latest first moment among the issuing CA and the root.
  package let issuersNotBefore: Date
  /// The earliest last moment among the issuing CA and the root.
  package let issuersNotAfter: Date
  /// SHA-256 of the node certificate's DER, 32 bytes.
  package let fingerprint: [UInt8]

  /// The answer to ``CertifiedKey/mayLink(at:revoked:)``.
  package enum LinkVerdict: Hashable, Sendable {
    case allowed
    case barred(CertificateRefusal)
  }

  /// Whether this key may open or accept a link at `now`: every certificate of its chain is within
  /// its dates, both ends included (RFC 5280, 4.1.2.5), and the key is not among the `revoked`.
  ///
  /// History is never asked this question.
  package func mayLink(at now: Date, revoked: Set<KeyID>) -> LinkVerdict {
    // Revocation first: it is the answer that a new date cannot cure.
    if revoked.contains(keyID) {
      return barred(
        .revoked,
        "the key \(keyID) of \(name) was revoked; make a new key on the node and enrol it again")
    }
    if now < notBefore {
      return barred(
        .notYetValid,
        "the certificate of \(name) begins at \(notBefore.rfc3339) and this node's clock says "
          + "\(now.rfc3339); set the clock right, or wait")
    }
    if now < issuersNotBefore {
      return barred(
        .notYetValid,
        "the CA certificate above \(name) begins at \(issuersNotBefore.rfc3339) and this node's "
          + "clock says \(now.rfc3339); set the clock right, or wait")
    }
    if now > notAfter {
      return barred(
        .expired,
        "the certificate of \(name) ended at \(notAfter.rfc3339), now is \(now.rfc3339); issue it "
          + "a new one with `liandong ca issue`")
    }
    if now > issuersNotAfter {
      return barred(
        .expired,
        "the CA certificate above \(name) ended at \(issuersNotAfter.rfc3339), now is "
          + "\(now.rfc3339); renew the CA, then issue the node a new certificate")
    }
    return .allowed
  }

  private func barred(_ reason: CertificateRefusal.Reason, _ message: String) -> LinkVerdict {
    .barred(CertificateRefusal(reason, message))
  }
}
