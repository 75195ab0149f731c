/// An operating error of keys, certificates and their files.
///
/// The message says what is wrong, where, and what to do. What a peer's certificate lacks is not
/// an error but a ``CertificateRefusal``.
package struct IdentityError: Error, Sendable, CustomStringConvertible {
  /// What kind of error it is; more kinds may be added.
  package struct Code: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    private init(_ description: String) { self.description = description }

    /// Something stands where a new file or folder should go; nothing is ever overwritten.
    package static let alreadyExists = Code("already exists")
    /// A file or folder that is needed is not there.
    package static let notFound = Code("not found")
    /// The system refused to read or write.
    package static let inputOutput = Code("input or output")
    /// A private key could be read by others than its owner.
    package static let exposedKey = Code("exposed key")
    /// A file or request does not hold what it should.
    package static let malformed = Code("malformed")
    /// Two things that belong together do not match, for example key and certificate.
    package static let mismatch = Code("mismatch")
    /// The certificate authority will not sign this.
    package static let requestRefused = Code("request refused")
    /// This machine's clock cannot be right.
    package static let implausibleClock = Code("implausible clock")
    /// The issuing CA's certificate has run out.
    package static let authorityExpired = Code("authority expired")
  }

  package let code: Code
  package let message: String
  package let cause: (any Error)?

  package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.cause = cause
  }

  package var description: String {
    guard let cause else { return message }
    return "\(message) (\(cause))"
  }
}
