import Crypto
import Foundation
import Identity
import Regions
import SwiftASN1
import Testing
import X509

/// One deployment's CA in a temporary folder, and the means to sign certificates that the CA itself
/// would never sign.
struct TestCity {
  /// The test's clock: 2026-11-23T08:00:00Z.
  static let now = Date(timeIntervalSince1970: 1_795_420_800)
  static let day: Double = 86_400

  let folder: TemporaryFolder
  let authority: CertificateAuthority
  var generator = SeededGenerator(seed: 2)

  init(_ deployment: String = "lianyungang", now: Date = TestCity.now) throws {
    folder = try TemporaryFolder()
    authority = try CertificateAuthority.initialise(
      deployment: try #require(Deployment(deployment)), at: folder.path("ca"), now: now,
      serialsFrom: &generator)
  }

  func name(_ region: String = "haizhou-qu", _ tier: Tier = .district) throws -> NodeName {
    NodeName(
      deployment: authority.deployment, tier: tier, region: try #require(RegionID(region)))
  }

  /// A chain as the CA issues it.
  mutating func issue(
    _ key: NodeKey, to region: String = "haizhou-qu", hosts: [String] = [],
    now: Date = TestCity.now
  ) throws -> CertificateChain {
    try authority.issue(
      to: name(region), publicKey: key.publicKey,
      hosts: try hosts.map { try #require(HostName($0)) }, now: now, serialFrom: &generator)
  }

  /// What a forged certificate says; the defaults are those of a good node certificate.
  struct Forgery {
    var uris = ["liandong://lianyungang/district/haizhou-qu"]
    var otherNames: [GeneralName] = []
    var key: Certificate.PublicKey = .init(P256.Signing.PrivateKey().publicKey)
    var constraints: BasicConstraints? = .notCertificateAuthority
    var usage = KeyUsage(digitalSignature: true)
    var purposes: [ExtendedKeyUsage.Usage] = [.serverAuth, .clientAuth]
    var extra: [Certificate.Extension] = []
    var notBefore = TestCity.now - 300
    var notAfter = TestCity.now + 397 * TestCity.day
  }

  /// The certificate and key of one of the CA's files, `root` or `issuing`.
  func signer(_ name: String) throws -> (Certificate, P256.Signing.PrivateKey) {
    let certificate = try String(contentsOfFile: folder.path("ca/\(name).pem"), encoding: .utf8)
    let key = try String(contentsOfFile: folder.path("ca/\(name).key"), encoding: .utf8)
    return (try Certificate(pemEncoded: certificate), try .init(pemRepresentation: key))
  }

  /// Signs a forgery with any key in any issuer's name.
  func forge(
    _ forgery: Forgery, by signer: (Certificate, P256.Signing.PrivateKey)? = nil
  ) throws -> Certificate {
    let (issuer, key) = try signer ?? self.signer("issuing")
    let names =
      forgery.uris.map(GeneralName.uniformResourceIdentifier) + forgery.otherNames
    var extensions = try Certificate.Extensions {
      Critical(forgery.usage)
      try ExtendedKeyUsage(forgery.purposes)
      SubjectAlternativeNames(names)
    }
    if let constraints = forgery.constraints {
      try extensions.append(.init(constraints, critical: true))
    }
    for one in forgery.extra { try extensions.append(one) }
    return try Certificate(
      version: .v3, serialNumber: .init(bytes: [1, 2, 3]), publicKey: forgery.key,
      notValidBefore: forgery.notBefore, notValidAfter: forgery.notAfter,
      issuer: issuer.subject,
      subject: DistinguishedName { CommonName("forged") },
      signatureAlgorithm: .ecdsaWithSHA256, extensions: extensions, issuerPrivateKey: .init(key))
  }

  /// The verdict on a forgery in the place of a node certificate.
  func verdict(on forgery: Forgery) throws -> TrustRoots.ChainVerdict {
    authority.roots.judge(chain: [try forge(forgery).der, try signer("issuing").0.der])
  }
}

extension Certificate {
  var der: [UInt8] {
    get throws {
      var serializer = DER.Serializer()
      try serializer.serialize(self)
      return serializer.serializedBytes
    }
  }
}

extension TrustRoots.ChainVerdict {
  var certified: CertifiedKey? {
    if case .certified(let key) = self { key } else { nil }
  }
  var refusal: CertificateRefusal? {
    if case .refused(let refusal) = self { refusal } else { nil }
  }
}

extension CertifiedKey.LinkVerdict {
  var reason: CertificateRefusal.Reason? {
    if case .barred(let refusal) = self { refusal.reason } else { nil }
  }
}

/// The code of the `IdentityError` that `body` throws, and `nil` if it throws none.
func code(_ body: () throws -> Void) -> IdentityError.Code? {
  do {
    try body()
    return nil
  } catch {
    return (error as? IdentityError)?.code
  }
}
