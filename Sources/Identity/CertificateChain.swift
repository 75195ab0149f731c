import SwiftASN1
import X509

/// A node's certificate and the CA certificates above it, leaf first, root left out.
///
/// The bytes are kept exactly as they came. Nothing is judged here: see ``TrustRoots``.
package struct CertificateChain: Hashable, Sendable {
  /// The DER of each certificate, leaf first.
  package let der: [[UInt8]]

  /// The most certificates in a chain that is looked at.
  package static let maximumCount = 4
  /// The largest certificate that is looked at, in bytes of DER.
  package static let maximumCertificateSize = 16 * 1024
  /// The largest PEM file that is looked at, in bytes.
  package static let maximumPEMSize = 128 * 1024

  package init(der: [[UInt8]]) { self.der = der }

  /// Reads the CERTIFICATE blocks of a PEM text in their order.
  ///
  /// - Throws: `IdentityError` if the text is not PEM, holds another kind of block, or breaks a
  ///   bound.
  package init(pem: String) throws {
    der = try Self.certificateBlocks(pem: pem, maximumCount: Self.maximumCount)
  }

  /// One CERTIFICATE block for each certificate, leaf first.
  package var pem: String { Self.pem(der) }

  static func pem(_ certificates: [[UInt8]]) -> String {
    certificates
      .map { PEMDocument(type: Certificate.defaultPEMDiscriminator, derBytes: $0).pemString + "\n" }
      .joined()
  }

  static func certificateBlocks(pem: String, maximumCount: Int) throws -> [[UInt8]] {
    guard pem.utf8.count <= maximumPEMSize else {
      throw IdentityError(
        .malformed,
        "the PEM text has \(pem.utf8.count) bytes, more than \(maximumPEMSize); it should hold "
          + "certificates alone")
    }
    let documents: [PEMDocument]
    do {
      documents = try PEMDocument.parseMultiple(pemString: pem)
    } catch {
      throw IdentityError(
        .malformed, "the text is not PEM; it may be cut or altered, copy it again", cause: error)
    }
    if let other = documents.first(where: {
      $0.discriminator != Certificate.defaultPEMDiscriminator
    }) {
      throw IdentityError(
        .malformed,
        "the PEM text holds a block of kind \(other.discriminator.debugDescription); only "
          + "CERTIFICATE belongs there")
    }
    guard (1...maximumCount).contains(documents.count) else {
      throw IdentityError(
        .malformed,
        "the PEM text holds \(documents.count) certificates; it should hold 1 to \(maximumCount)")
    }
    return documents.map(\.derBytes)
  }
}
