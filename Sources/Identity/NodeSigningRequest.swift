package import Crypto
import SwiftASN1
import X509

/// A signing request (PKCS #10) whose own signature was verified: whoever made it holds the key.
///
/// The names in it are wishes. The CA decides by its arguments what a certificate says.
package struct NodeSigningRequest: Sendable {
  package let publicKey: P256.Signing.PublicKey
  /// The name in the request's URI, if it has one.
  package let name: NodeName?
  /// The DNS and IP names in the request.
  package let hosts: [HostName]

  /// The largest request that is looked at, in bytes of PEM.
  package static let maximumSize = 16 * 1024

  /// Reads and verifies the PEM of a request.
  ///
  /// - Throws: `IdentityError`: malformed, a key that is not P-256, a signature that does not hold,
  ///   more than one URI, or a name of an unknown kind.
  package init(pem: String) throws {
    let request = try Self.parse(pem)
    guard let publicKey = P256.Signing.PublicKey(request.publicKey) else {
      throw IdentityError(
        .requestRefused,
        "the signing request is for a key of kind \(request.publicKey); make a P-256 key on the "
          + "node and a new request")
    }
    guard request.publicKey.isValidSignature(request.signature, for: request) else {
      throw IdentityError(
        .requestRefused,
        "the signing request is not signed by its own key; it was altered, fetch it again from "
          + "the node")
    }
    var uris: [String] = []
    var hosts: [HostName] = []
    for name in try Self.names(of: request) {
      if case .uniformResourceIdentifier(let uri) = name {
        uris.append(uri)
      } else if let host = HostName(name) {
        hosts.append(host)
      } else {
        throw IdentityError(
          .requestRefused,
          "the signing request asks for a name that is neither URI nor DNS nor IP; leave it out")
      }
    }
    self.name = try Self.name(uris: uris)
    self.hosts = try CertificateProfile.distinct(hosts)
    self.publicKey = publicKey
  }

  private static func parse(_ pem: String) throws -> CertificateSigningRequest {
    guard pem.utf8.count <= maximumSize else {
      throw IdentityError(
        .malformed, "the signing request has \(pem.utf8.count) bytes, more than \(maximumSize)")
    }
    do {
      return try CertificateSigningRequest(pemEncoded: pem)
    } catch {
      throw IdentityError(
        .malformed,
        "the signing request cannot be read; it should be the PEM of one CERTIFICATE REQUEST",
        cause: error)
    }
  }

  private static func names(of request: CertificateSigningRequest) throws -> [GeneralName] {
    do {
      guard let attribute = request.attributes[oid: .CSRAttributes.extensionRequest] else {
        return []
      }
      let wanted = try ExtensionRequest(attribute).extensions
      return Array(try wanted.subjectAlternativeNames ?? SubjectAlternativeNames())
    } catch {
      throw IdentityError(
        .malformed, "the names in the signing request cannot be read; make it again", cause: error)
    }
  }

  private static func name(uris: [String]) throws -> NodeName? {
    guard let uri = uris.first else { return nil }
    guard uris.count == 1, let name = NodeName(uri: uri) else {
      throw IdentityError(
        .requestRefused,
        "the signing request should have one URI of the form "
          + "\(NodeName.scheme)://DEPLOYMENT/TIER/REGION and has \(uris.count), first "
          + "\(uri.prefix(120).debugDescription)")
    }
    return name
  }
}
