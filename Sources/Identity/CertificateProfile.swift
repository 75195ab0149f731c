import Crypto
import FoundationEssentials
import Regions
import X509

/// The shape of each kind of certificate that the CA signs: dates, extensions, subjects.
enum CertificateProfile {
  static let secondsPerDay: Double = 86_400
  /// The life of a node or web certificate; browsers refuse more than 398 days.
  static let leafDays = 397
  /// The life of the issuing CA, 5 years of 365.25 days.
  static let issuingDays = 1_826
  /// The life of the root, 20 years of 365.25 days.
  static let rootDays = 7_305
  /// How long before now a certificate begins, so that a clock running late accepts it.
  static let backdatingSeconds: Double = 300
  /// The random bytes of a serial number; RFC 5280, 4.1.2.2 allows 20.
  static let serialLength = 16
  /// The longest common name, in bytes (RFC 5280, appendix A.1).
  static let maximumCommonNameLength = 64

  /// The moments within which a clock can be right: 2024 to 2100 in UTC. Outside them a battery
  /// has failed or a year was mistyped.
  private static let plausible =
    Date(timeIntervalSince1970: 1_704_067_200)...Date(timeIntervalSince1970: 4_102_444_800)

  /// First and last moment of a certificate made at `now`.
  ///
  /// - Throws: `IdentityError` if `now` cannot be right.
  static func validity(days: Int, now: Date) throws -> (notBefore: Date, notAfter: Date) {
    guard plausible.contains(now) else {
      throw IdentityError(
        .implausibleClock,
        "this machine's clock says \(now.rfc3339), which cannot be right; set it, then try again")
    }
    let notBefore = now.wholeSeconds.addingTimeInterval(-backdatingSeconds)
    return (notBefore, notBefore.addingTimeInterval(Double(days) * secondsPerDay))
  }

  /// A positive serial number of full length, 126 of its bits random.
  static func serialNumber(
    from generator: inout some RandomNumberGenerator
  ) -> Certificate.SerialNumber {
    var bytes = (0..<serialLength).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    bytes[0] = bytes[0] & 0x3F | 0x40
    return Certificate.SerialNumber(bytes: bytes)
  }

  /// The hosts without doubles, in their order.
  ///
  /// - Throws: `IdentityError` if they are too many for one certificate.
  static func distinct(_ hosts: [HostName]) throws -> [HostName] {
    var seen: Set<HostName> = []
    let distinct = hosts.filter { seen.insert($0).inserted }
    guard distinct.count <= HostName.maximumPerCertificate else {
      throw IdentityError(
        .requestRefused,
        "\(distinct.count) host names are more than the \(HostName.maximumPerCertificate) that a "
          + "certificate carries; leave some out")
    }
    return distinct
  }

  /// A CA's subject.
  static func subject(authority role: String, of deployment: Deployment) throws
    -> DistinguishedName
  {
    try DistinguishedName {
      OrganizationName(deployment.rawValue)
      CommonName("Liandong \(role) \(deployment.rawValue)")
    }
  }

  /// A node's subject, for people; programs read the URI.
  static func subject(of name: NodeName) throws -> DistinguishedName {
    try DistinguishedName {
      OrganizationName(name.deployment.rawValue)
      CommonName(name.region.rawValue)
    }
  }

  /// The subject of a web certificate; programs read the hosts.
  static func subject(web deployment: Deployment, host: HostName) throws -> DistinguishedName {
    let text = host.description
    return try DistinguishedName {
      OrganizationName(deployment.rawValue)
      if text.utf8.count <= maximumCommonNameLength { CommonName(text) }
    }
  }

  /// The extensions of a CA. A root has no `issuer`.
  static func authority(
    key: P256.Signing.PublicKey, issuer: P256.Signing.PublicKey?, pathLength: Int
  ) throws -> Certificate.Extensions {
    try Certificate.Extensions {
      Critical(BasicConstraints.isCertificateAuthority(maxPathLength: pathLength))
      Critical(KeyUsage(keyCertSign: true, cRLSign: true))
      SubjectKeyIdentifier(keyIdentifier: KeyID(of: key).bytes[...])
      if let issuer { AuthorityKeyIdentifier(keyIdentifier: KeyID(of: issuer).bytes[...]) }
    }
  }

  /// The extensions of a node or web certificate.
  static func leaf(
    key: P256.Signing.PublicKey, issuer: P256.Signing.PublicKey,
    purposes: [ExtendedKeyUsage.Usage], names: [GeneralName]
  ) throws -> Certificate.Extensions {
    try Certificate.Extensions {
      Critical(BasicConstraints.notCertificateAuthority)
      Critical(KeyUsage(digitalSignature: true))
      try ExtendedKeyUsage(purposes)
      SubjectAlternativeNames(names)
      SubjectKeyIdentifier(keyIdentifier: KeyID(of: key).bytes[...])
      AuthorityKeyIdentifier(keyIdentifier: KeyID(of: issuer).bytes[...])
    }
  }
}
