/// Why a certificate does not count: a returned value of the job, never an operating error.
package struct CertificateRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  /// The typed reason; more may be added. `isPermanent` reasons speak of the certificate itself,
  /// the others of today's date or of a revocation and bar links only.
  package struct Reason: Hashable, Sendable, CustomStringConvertible {
    package let description: String
    /// Whether the reason also bars history.
    package let isPermanent: Bool

    private init(_ description: String, isPermanent: Bool = true) {
      self.description = description
      self.isPermanent = isPermanent
    }

    /// It does not parse, breaks a bound, or contradicts itself.
    package static let malformed = Reason("malformed")
    /// The chain does not lead through an issuing CA to a root, link by link.
    package static let brokenChain = Reason("broken chain")
    /// A certificate in an issuer's place may not issue.
    package static let notAnAuthority = Reason("not an authority")
    /// The chain ends at another root.
    package static let foreignAuthority = Reason("foreign authority")
    /// The URI names another city's deployment.
    package static let wrongDeployment = Reason("wrong deployment")
    /// A key or signature of another kind than P-256 with SHA-256.
    package static let wrongKeyType = Reason("wrong key type")
    /// A certificate of another purpose: a web certificate, a CA, no URI or several.
    package static let notANodeCertificate = Reason("not a node certificate")
    /// Today is after the last day.
    package static let expired = Reason("expired", isPermanent: false)
    /// Today is before the first day.
    package static let notYetValid = Reason("not yet valid", isPermanent: false)
    /// The key was revoked.
    package static let revoked = Reason("revoked", isPermanent: false)
  }

  package let reason: Reason
  /// What is wrong and what to do about it.
  package let message: String

  package init(_ reason: Reason, _ message: String) {
    self.reason = reason
    self.message = message
  }

  package var description: String { "\(reason): \(message)" }
}
