package import FoundationEssentials
package import Identity

/// Whether a peer whose chain was judged good may link: `nil`, or why not. It is asked for every
/// session, on threads of the network, so it must answer from memory.
package typealias LinkAdmission = @Sendable (_ peer: CertifiedKey) -> TransportError?

extension CertifiedKey {
  /// Why this key may not link at `now`, by its dates and revocations; `nil` if it may.
  package func linkRefusal(at now: Date, revoked: Set<KeyID>) -> TransportError? {
    guard case .barred(let refusal) = mayLink(at: now, revoked: revoked) else { return nil }
    return TransportError(refusal)
  }
}

extension TransportError {
  /// The refusal of a certificate as an error of the transport.
  package init(_ refusal: CertificateRefusal) {
    self.init(.certificateRefused, refusal.message, cause: refusal)
  }

  /// The peer is certified, but is not the node that should be there.
  package static func wrongNode(_ found: NodeName, expected: NodeName) -> TransportError {
    TransportError(
      .certificateRefused,
      "the other side proves to be \(found) and should be \(expected); check the address of the "
        + "link and which certificate that node uses")
  }
}
