import Crypto
import SwiftASN1
import X509

/// What a certificate must be in its place in a chain. Pure functions of the certificates; RFC 5280
/// where nothing else is said.
enum CertificateRules {
  /// The extensions that are understood; any other that is critical refuses the certificate (4.2).
  private static let understood: Set<ASN1ObjectIdentifier> = [
    .X509ExtensionID.basicConstraints, .X509ExtensionID.keyUsage,
    .X509ExtensionID.extendedKeyUsage, .X509ExtensionID.subjectAlternativeName,
    .X509ExtensionID.subjectKeyIdentifier, .X509ExtensionID.authorityKeyIdentifier,
  ]

  /// Parses one certificate within its bound and checks what holds in every place.
  static func parse(_ der: [UInt8], place: String) throws(CertificateRefusal) -> Certificate {
    guard der.count <= CertificateChain.maximumCertificateSize else {
      throw CertificateRefusal(
        .malformed,
        "\(place) has \(der.count) bytes, more than \(CertificateChain.maximumCertificateSize); "
          + "issue a smaller one")
    }
    let certificate: Certificate
    do {
      certificate = try Certificate(derEncoded: der)
      try checkSignatureEncoding(der)
    } catch {
      throw CertificateRefusal(
        .malformed,
        "\(place) cannot be read (\(excerpt(error))); it may be cut or altered, send it again")
    }
    guard certificate.version == .v3 else {
      throw CertificateRefusal(.malformed, "\(place) is not of version 3; issue a new one")
    }
    guard certificate.notValidBefore <= certificate.notValidAfter else {
      throw CertificateRefusal(.malformed, "\(place) ends before it begins; issue a new one")
    }
    if let unknown = certificate.extensions.first(where: {
      $0.critical && !understood.contains($0.oid)
    }) {
      throw CertificateRefusal(
        .malformed,
        "\(place) has the critical extension \(unknown.oid), which is not understood here; issue "
          + "one without it")
    }
    return certificate
  }

  /// Refuses a signature with padding bits, which the parser lets pass: the same certificate
  /// would have a second form and a second fingerprint.
  private static func checkSignatureEncoding(_ der: [UInt8]) throws {
    try DER.sequence(DER.parse(der), identifier: .sequence) { nodes in
      _ = nodes.next()
      _ = nodes.next()
      guard try ASN1BitString(derEncoded: &nodes).paddingBits == 0 else {
        throw ASN1Error.invalidASN1Object(reason: "padding bits in the signature")
      }
    }
  }

  /// The P-256 key of a certificate.
  static func key(
    of certificate: Certificate, place: String
  ) throws(CertificateRefusal) -> P256.Signing.PublicKey {
    guard let key = P256.Signing.PublicKey(certificate.publicKey) else {
      throw CertificateRefusal(
        .wrongKeyType,
        "\(place) has a key of kind \(certificate.publicKey); make a P-256 key and issue again")
    }
    return key
  }

  /// Checks that `certificate` may issue with `count` CA certificates between it and the leaf
  /// (4.2.1.3 and 4.2.1.9).
  static func checkAuthority(
    _ certificate: Certificate, place: String, authoritiesBelow count: Int
  ) throws(CertificateRefusal) {
    _ = try key(of: certificate, place: place)
    let constraints = try value(place) { try certificate.extensions.basicConstraints }
    let usage = try value(place) { try certificate.extensions.keyUsage }
    guard case .isCertificateAuthority(let maximum) = constraints,
      certificate.extensions[oid: .X509ExtensionID.basicConstraints]?.critical == true
    else {
      throw CertificateRefusal(
        .notAnAuthority,
        "\(place) stands where a CA should and is none; send the issuing CA's certificate there")
    }
    guard usage?.keyCertSign == true else {
      throw CertificateRefusal(
        .notAnAuthority, "\(place) is of a CA that may not sign certificates; renew the CA")
    }
    if let maximum, count > maximum {
      throw CertificateRefusal(
        .notAnAuthority,
        "\(place) allows \(maximum) CAs below it and the chain has \(count); issue from the CA "
          + "above")
    }
  }

  /// Whether `issuer` issued `certificate`: the names meet and the signature holds.
  static func isIssued(_ certificate: Certificate, by issuer: Certificate) -> Bool {
    certificate.issuer == issuer.subject && certificate.signatureAlgorithm == .ecdsaWithSHA256
      && issuer.publicKey.isValidSignature(certificate.signature, for: certificate)
  }

  /// Checks the signature of `certificate` by `issuer`, naming what is wrong.
  static func checkSignature(
    of certificate: Certificate, place: String, by issuer: Certificate
  ) throws(CertificateRefusal) {
    guard certificate.signatureAlgorithm == .ecdsaWithSHA256 else {
      throw CertificateRefusal(
        .wrongKeyType, "\(place) is not signed with ECDSA and SHA-256; issue a new one")
    }
    guard isIssued(certificate, by: issuer) else {
      throw CertificateRefusal(
        .brokenChain,
        "\(place) is not signed by the certificate after it; it may be altered, or the chain is "
          + "out of order: node first, then the issuing CA")
    }
  }

  /// Checks the purpose of a node certificate and returns what it proves.
  static func checkNode(
    _ leaf: Certificate
  ) throws(CertificateRefusal) -> (NodeName, P256.Signing.PublicKey) {
    let place = "the node's certificate"
    let key = try key(of: leaf, place: place)
    guard case .notCertificateAuthority = try value(place, { try leaf.extensions.basicConstraints })
    else {
      throw CertificateRefusal(
        .notANodeCertificate, "\(place) is not marked as none of a CA; put the node's own first")
    }
    let usage = try value(place) { try leaf.extensions.keyUsage }
    let purposes = try value(place) { try leaf.extensions.extendedKeyUsage }
    guard let usage, usage.digitalSignature, !usage.keyCertSign, let purposes,
      purposes.contains(.serverAuth), purposes.contains(.clientAuth)
    else {
      throw CertificateRefusal(
        .notANodeCertificate,
        "\(place) is not for both ends of a link, perhaps a web certificate; use the one that "
          + "`ca issue REGION` wrote")
    }
    return (try name(of: leaf, place: place), key)
  }

  /// The one URI of a node certificate.
  private static func name(
    of leaf: Certificate, place: String
  ) throws(CertificateRefusal) -> NodeName {
    let names = try value(place) { try leaf.extensions.subjectAlternativeNames }
    var uris: [String] = []
    for name in names ?? SubjectAlternativeNames() {
      switch name {
      case .uniformResourceIdentifier(let uri): uris.append(uri)
      case .dnsName, .ipAddress: continue
      default:
        throw CertificateRefusal(
          .notANodeCertificate,
          "\(place) has a name that is neither URI nor DNS nor IP; issue one without it")
      }
    }
    guard let uri = uris.first, uris.count == 1 else {
      throw CertificateRefusal(
        .notANodeCertificate,
        "\(place) has \(uris.count) URIs and should have exactly one; use the one that `ca issue "
          + "REGION` wrote")
    }
    guard let name = NodeName(uri: uri) else {
      throw CertificateRefusal(
        .notANodeCertificate,
        "\(place) has the URI \(uri.prefix(maximumExcerptLength).debugDescription), which is not of the form "
          + "\(NodeName.scheme)://DEPLOYMENT/TIER/REGION; issue it again")
    }
    return name
  }

  /// The deployment that a CA's subject names as its organisation.
  static func deployment(
    ofAuthority certificate: Certificate
  ) throws(CertificateRefusal) -> Deployment {
    let organisations = certificate.subject.flatMap { $0 }
      .filter { $0.type == .RDNAttributeType.organizationName }
    guard organisations.count == 1, let text = organisations.first.flatMap({ String($0.value) }),
      let deployment = Deployment(text)
    else {
      throw CertificateRefusal(
        .foreignAuthority,
        "the CA \(CertificateDescription.plain(certificate.subject)) names no deployment as its "
          + "organisation; it was not made by `liandong ca init`")
    }
    return deployment
  }

  /// Reads an extension; one that does not parse refuses the certificate.
  private static func value<Value>(
    _ place: String, _ read: () throws -> Value?
  ) throws(CertificateRefusal) -> Value? {
    do {
      return try read()
    } catch {
      throw CertificateRefusal(
        .malformed,
        "\(place) has an extension that cannot be read (\(excerpt(error))); issue it again")
    }
  }

  /// The start of a parser's words: they may quote a hostile certificate.
  private static func excerpt(_ error: any Error) -> String {
    CertificateDescription.escaped(String("\(error)".prefix(maximumExcerptLength)))
  }

  private static let maximumExcerptLength = 160
}
