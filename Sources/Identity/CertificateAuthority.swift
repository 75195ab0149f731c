package import Crypto
package import FoundationEssentials
import SwiftASN1
import X509

/// The municipal CA of one deployment: an offline root, and the issuing CA that signs certificates.
///
/// The root's private key is needed only to make another issuing CA: once `root.key` has been
/// carried to a safe place, the folder works without it.
package struct CertificateAuthority: Sendable {
  package let deployment: Deployment
  /// What every node must trust.
  package let roots: TrustRoots

  private let issuing: Certificate
  private let issuingDER: [UInt8]
  private let issuingKey: NodeKey

  /// The files of a CA's folder.
  package enum File {
    package static let deployment = "deployment"
    package static let rootCertificate = "root.pem"
    package static let rootKey = "root.key"
    package static let issuingCertificate = "issuing.pem"
    package static let issuingKey = "issuing.key"
    static let all = [deployment, rootCertificate, rootKey, issuingCertificate, issuingKey]
  }

  /// Makes root and issuing CA in a new folder of mode 0700, with both keys of mode 0600.
  ///
  /// The folder appears at `path` complete or not at all. `generator` gives the serial numbers;
  /// the keys come from the system's generator.
  ///
  /// - Throws: `IdentityError`: already exists (anything but an empty folder), implausible clock,
  ///   input or output.
  package static func initialise(
    deployment: Deployment, at path: String, now: Date,
    serialsFrom generator: inout some RandomNumberGenerator
  ) throws -> CertificateAuthority {
    let rootKey = NodeKey.generate()
    let issuingKey = NodeKey.generate()
    let root = try certificate(
      role: "root CA", deployment: deployment, key: rootKey.publicKey, signedBy: rootKey,
      of: nil, days: CertificateProfile.rootDays, pathLength: 1, now: now, &generator)
    let issuing = try certificate(
      role: "issuing CA", deployment: deployment, key: issuingKey.publicKey, signedBy: rootKey,
      of: root, days: CertificateProfile.issuingDays, pathLength: 0, now: now, &generator)

    let path = DurableFolder.normalised(path)
    let staging = DurableFolder(path: path + ".partial")
    do {
      try staging.create()
    } catch let error as IdentityError where error.code == .alreadyExists {
      throw IdentityError(
        .alreadyExists,
        "\(staging.path) is left from a run that was cut short, or one is running; remove it, "
          + "nothing uses it")
    }
    do {
      try staging.createFile(File.rootKey, rootKey.pem, readers: .owner)
      try staging.createFile(File.issuingKey, issuingKey.pem, readers: .owner)
      try staging.createFile(
        File.rootCertificate, CertificateChain.pem([try root.der]), readers: .everybody)
      try staging.createFile(
        File.issuingCertificate, CertificateChain.pem([try issuing.der]), readers: .everybody)
      try staging.createFile(File.deployment, "\(deployment)\n", readers: .everybody)
      try staging.move(to: path)
    } catch {
      staging.discard(File.all)
      throw error
    }
    return try load(at: path)
  }

  /// Opens a CA's folder; the root's private key is not read and may be elsewhere.
  ///
  /// - Throws: `IdentityError`: not found, exposed key, malformed, or mismatch where the files do
  ///   not belong together.
  package static func load(at path: String) throws -> CertificateAuthority {
    let path = DurableFolder.normalised(path)
    let folder = DurableFolder(path: path)
    let text = try folder.readFile(File.deployment, readers: .everybody)
    guard let deployment = Deployment(text.prefix { !$0.isNewline }) else {
      throw IdentityError(
        .malformed,
        "\(folder.path(of: File.deployment)) does not hold a deployment's name: 1 to 40 of a-z, "
          + "0-9 and -")
    }
    let roots = try TrustRoots(pem: folder.readFile(File.rootCertificate, readers: .everybody))
    let chain = try CertificateChain(
      pem: folder.readFile(File.issuingCertificate, readers: .everybody))
    let key = try NodeKey(pem: folder.readFile(File.issuingKey, readers: .owner))
    do {
      return try CertificateAuthority(
        deployment: deployment, roots: roots, issuingDER: chain.der[0], issuingKey: key)
    } catch let refusal as CertificateRefusal {
      throw IdentityError(
        .mismatch, "the files in \(path) do not belong together: \(refusal.message)")
    }
  }

  private init(
    deployment: Deployment, roots: TrustRoots, issuingDER: [UInt8], issuingKey: NodeKey
  ) throws {
    let place = "the issuing CA's certificate"
    let issuing = try CertificateRules.parse(issuingDER, place: place)
    try CertificateRules.checkAuthority(issuing, place: place, authoritiesBelow: 0)
    guard roots.certificates.contains(where: { CertificateRules.isIssued(issuing, by: $0) }) else {
      throw CertificateRefusal(.brokenChain, "\(place) is not signed by the root")
    }
    guard roots.deployment == deployment else {
      throw CertificateRefusal(
        .wrongDeployment, "the root is of \(roots.deployment), the folder of \(deployment)")
    }
    let certified = try CertificateRules.key(of: issuing, place: place)
    guard KeyID(of: certified) == issuingKey.keyID else {
      throw CertificateRefusal(
        .brokenChain, "\(File.issuingKey) is not the key of \(File.issuingCertificate)")
    }
    self.deployment = deployment
    self.roots = roots
    self.issuing = issuing
    self.issuingDER = issuingDER
    self.issuingKey = issuingKey
  }

  private static func certificate(
    role: String, deployment: Deployment, key: P256.Signing.PublicKey, signedBy signer: NodeKey,
    of issuer: Certificate?, days: Int, pathLength: Int, now: Date,
    _ generator: inout some RandomNumberGenerator
  ) throws -> Certificate {
    let validity = try CertificateProfile.validity(days: days, now: now)
    let subject = try CertificateProfile.subject(authority: role, of: deployment)
    return try Certificate(
      version: .v3,
      serialNumber: CertificateProfile.serialNumber(from: &generator),
      publicKey: .init(key),
      notValidBefore: validity.notBefore,
      notValidAfter: validity.notAfter,
      issuer: issuer?.subject ?? subject,
      subject: subject,
      signatureAlgorithm: .ecdsaWithSHA256,
      extensions: CertificateProfile.authority(
        key: key, issuer: issuer == nil ? nil : signer.publicKey, pathLength: pathLength),
      issuerPrivateKey: .init(signer.privateKey))
  }
}

extension CertificateAuthority {
  /// Certifies a node's key for links and history: the chain, node first, then the issuing CA.
  ///
  /// It begins 5 minutes before `now` and lives 397 days, or as long as the issuing CA if that ends
  /// sooner. Subject alternative names are the node's URI and `hosts`.
  ///
  /// - Throws: `IdentityError`: request refused (a name of another deployment, too many hosts),
  ///   implausible clock, authority expired.
  package func issue(
    to name: NodeName, publicKey: P256.Signing.PublicKey, hosts: [HostName], now: Date,
    serialFrom generator: inout some RandomNumberGenerator
  ) throws -> CertificateChain {
    guard name.deployment == deployment else {
      throw IdentityError(
        .requestRefused, "this is the CA of \(deployment) and \(name) is of another deployment")
    }
    guard NodeName(uri: name.uri) == name else {
      throw IdentityError(
        .requestRefused, "\(name) names no single region; a certificate is for one region")
    }
    let hosts = try CertificateProfile.distinct(hosts)
    return try sign(
      publicKey, subject: CertificateProfile.subject(of: name),
      purposes: [.serverAuth, .clientAuth],
      names: [.uniformResourceIdentifier(name.uri)] + hosts.map(\.generalName), now: now,
      &generator)
  }

  /// Answers a signing request made on the node. `name` and `hosts` are the CA's decision; the
  /// request's own URI, if it has one, must agree with `name`, its hosts are only a proposal.
  ///
  /// - Throws: As for a public key, and request refused where the names disagree.
  package func issue(
    to name: NodeName, answering request: NodeSigningRequest, hosts: [HostName], now: Date,
    serialFrom generator: inout some RandomNumberGenerator
  ) throws -> CertificateChain {
    if let wanted = request.name, wanted != name {
      throw IdentityError(
        .requestRefused,
        "the signing request is for \(wanted) and the certificate would be for \(name); check "
          + "which node sent it")
    }
    return try issue(
      to: name, publicKey: request.publicKey, hosts: hosts, now: now, serialFrom: &generator)
  }

  /// Certifies a key for the pages that people open: hosts alone, server alone, no URI, so that it
  /// never passes for a node's.
  ///
  /// - Throws: As ``issue(to:publicKey:hosts:now:serialFrom:)``; request refused without a host.
  package func issueWebCertificate(
    publicKey: P256.Signing.PublicKey, hosts: [HostName], now: Date,
    serialFrom generator: inout some RandomNumberGenerator
  ) throws -> CertificateChain {
    let hosts = try CertificateProfile.distinct(hosts)
    guard let first = hosts.first else {
      throw IdentityError(
        .requestRefused, "a web certificate needs a DNS name or an IP address; name one")
    }
    return try sign(
      publicKey, subject: CertificateProfile.subject(web: deployment, host: first),
      purposes: [.serverAuth], names: hosts.map(\.generalName), now: now, &generator)
  }

  /// Answers a signing request for a web certificate.
  ///
  /// - Throws: As for a public key, and request refused where the request is a node's.
  package func issueWebCertificate(
    answering request: NodeSigningRequest, hosts: [HostName], now: Date,
    serialFrom generator: inout some RandomNumberGenerator
  ) throws -> CertificateChain {
    if let name = request.name {
      throw IdentityError(
        .requestRefused,
        "the signing request is for the node \(name); a web certificate needs a key and a request "
          + "of its own")
    }
    return try issueWebCertificate(
      publicKey: request.publicKey, hosts: hosts, now: now, serialFrom: &generator)
  }

  private func sign(
    _ key: P256.Signing.PublicKey, subject: DistinguishedName,
    purposes: [ExtendedKeyUsage.Usage], names: [GeneralName], now: Date,
    _ generator: inout some RandomNumberGenerator
  ) throws -> CertificateChain {
    let validity = try CertificateProfile.validity(days: CertificateProfile.leafDays, now: now)
    guard now <= issuing.notValidAfter else {
      throw IdentityError(
        .authorityExpired,
        "the issuing CA of \(deployment) ended at \(issuing.notValidAfter.rfc3339); renew it with "
          + "the root's key")
    }
    guard now >= issuing.notValidBefore else {
      throw IdentityError(
        .implausibleClock,
        "this machine's clock says \(now.rfc3339), before the CA of \(deployment) was made "
          + "(\(issuing.notValidBefore.rfc3339)); set it, then try again")
    }
    let certificate = try Certificate(
      version: .v3,
      serialNumber: CertificateProfile.serialNumber(from: &generator),
      publicKey: .init(key),
      notValidBefore: validity.notBefore,
      notValidAfter: min(validity.notAfter, issuing.notValidAfter),
      issuer: issuing.subject,
      subject: subject,
      signatureAlgorithm: .ecdsaWithSHA256,
      extensions: CertificateProfile.leaf(
        key: key, issuer: issuingKey.publicKey, purposes: purposes, names: names),
      issuerPrivateKey: .init(issuingKey.privateKey))
    return CertificateChain(der: [try certificate.der, issuingDER])
  }
}

extension Certificate {
  /// The certificate's DER.
  fileprivate var der: [UInt8] {
    get throws {
      var serializer = DER.Serializer()
      try serializer.serialize(self)
      return serializer.serializedBytes
    }
  }
}
