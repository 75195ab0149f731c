package import Crypto
import SwiftASN1
import X509

/// The private P-256 key of a node, made on the node and never sent anywhere.
///
/// Printing it shows the key id, never the key.
package struct NodeKey: Sendable, CustomStringConvertible, CustomReflectable {
  /// The key itself, for signing commits and for TLS.
  package let privateKey: P256.Signing.PrivateKey

  package init(_ privateKey: P256.Signing.PrivateKey) { self.privateKey = privateKey }

  /// A new key from the system's generator. Keys have no other source of randomness.
  package static func generate() -> NodeKey { NodeKey(P256.Signing.PrivateKey()) }

  /// Reads a PEM private key, PKCS #8 or SEC 1.
  ///
  /// - Throws: `IdentityError` if the text is not the PEM of a P-256 private key.
  package init(pem: String) throws {
    do {
      privateKey = try P256.Signing.PrivateKey(pemRepresentation: pem)
    } catch {
      // The cause is left out: it must never quote a key.
      throw IdentityError(
        .malformed, "the text is not the PEM of a P-256 private key; restore it or make a new key")
    }
  }

  package var publicKey: P256.Signing.PublicKey { privateKey.publicKey }

  package var keyID: KeyID { KeyID(of: publicKey) }

  /// PKCS #8 in PEM. Secret: only for a file of mode 0600.
  package var pem: String { privateKey.pemRepresentation + "\n" }

  package var description: String { "NodeKey(\(keyID))" }

  package var customMirror: Mirror { Mirror(self, children: ["keyID": keyID.description]) }

  /// The PEM of a signing request (PKCS #10) for this key, to carry to the CA.
  ///
  /// - Throws: `IdentityError` if there are too many hosts.
  package func certificateSigningRequest(name: NodeName, hosts: [HostName]) throws -> String {
    try signingRequest(
      subject: CertificateProfile.subject(of: name),
      names: [.uniformResourceIdentifier(name.uri)], hosts: hosts)
  }

  /// The PEM of a signing request for a web certificate: hosts alone, no URI.
  ///
  /// - Throws: `IdentityError` if there is no host or there are too many.
  package func webSigningRequest(hosts: [HostName]) throws -> String {
    guard !hosts.isEmpty else {
      throw IdentityError(
        .requestRefused, "a web certificate needs a DNS name or an IP address; name one")
    }
    return try signingRequest(subject: DistinguishedName(), names: [], hosts: hosts)
  }

  private func signingRequest(
    subject: DistinguishedName, names: [GeneralName], hosts: [HostName]
  ) throws -> String {
    let hosts = try CertificateProfile.distinct(hosts)
    let wanted = SubjectAlternativeNames(names + hosts.map(\.generalName))
    let extensions = try Certificate.Extensions { wanted }
    let request = try CertificateSigningRequest(
      version: .v1,
      subject: subject,
      privateKey: .init(privateKey),
      attributes: .init([.init(ExtensionRequest(extensions: extensions))]))
    return try request.serializeAsPEM().pemString + "\n"
  }
}
