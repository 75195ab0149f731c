/// Why a link could not be opened, or ended other than by a close.
package struct TransportError: Error, Sendable, CustomStringConvertible {
  /// What kind of error it is; more kinds may be added.
  package struct Code: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    private init(_ description: String) { self.description = description }

    /// Nothing listens at the address.
    package static let connectionRefused = Code("connection refused")
    /// The name does not resolve, or no route leads to the address.
    package static let unreachable = Code("unreachable")
    /// The TLS handshake failed for another reason than a certificate.
    package static let tlsRefused = Code("TLS refused")
    /// One side refused the other's certificate.
    package static let certificateRefused = Code("certificate refused")
    /// A frame that is none, or beyond a bound.
    package static let malformedFrame = Code("malformed frame")
    /// A message larger than a message may be.
    package static let frameTooLarge = Code("frame too large")
    /// It took too long.
    package static let timedOut = Code("timed out")
    /// The session is over.
    package static let closed = Code("closed")
    /// The other side has too many sessions.
    package static let overloaded = Code("overloaded")
    /// What answers at the address speaks another protocol.
    package static let notALink = Code("not a link")
    /// Another program listens at the port.
    package static let portInUse = Code("port in use")
    /// The address to listen at is not one of this machine, or may not be used.
    package static let addressUnusable = Code("address unusable")
    /// The node's own key or certificates cannot be used for TLS.
    package static let credentialsUnusable = Code("credentials unusable")
  }

  package let code: Code
  /// What is wrong and what to do.
  package let message: String
  package let cause: (any Error)?

  package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.cause = cause
  }

  package var description: String {
    guard let cause else { return "\(code): \(message)" }
    return "\(code): \(message) (\(cause))"
  }
}
