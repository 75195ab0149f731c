import Crypto
import FoundationEssentials
package import Regions
import SwiftASN1
import X509

/// What people want to know of a certificate: `liandong cert show`, as lines or as JSON.
///
/// It describes any certificate, trusted or not, and judges nothing. Control characters in names
/// are shown escaped, so that a certificate cannot steer a terminal.
package struct CertificateDescription: Codable, Hashable, Sendable {
  /// The subject's distinguished name (RFC 4514 form).
  package let subject: String
  /// The node's URI; `nil` for a web or CA certificate.
  package let uri: String?
  /// DNS names and IP addresses.
  package let hosts: [String]
  /// The serial number in lower-case hex.
  package let serial: String
  /// RFC 3339 in UTC.
  package let notBefore: String
  /// RFC 3339 in UTC.
  package let notAfter: String
  /// The ``KeyID`` in hex; `nil` for a key that is not P-256.
  package let keyID: String?
  /// SHA-256 of the DER in lower-case hex.
  package let fingerprint: String
  /// The issuer's distinguished name.
  package let issuer: String

  private enum CodingKeys: String, CodingKey {
    case subject, uri, hosts, serial
    case notBefore = "not_before"
    case notAfter = "not_after"
    case keyID = "key_id"
    case fingerprint = "fingerprint_sha256"
    case issuer
  }

  /// Describes one certificate.
  ///
  /// - Throws: `IdentityError` if the bytes are not a certificate.
  package init(der: [UInt8]) throws {
    let certificate: Certificate
    let names: SubjectAlternativeNames
    do {
      certificate = try CertificateRules.parse(der, place: "the certificate")
      names = try certificate.extensions.subjectAlternativeNames ?? SubjectAlternativeNames()
    } catch {
      throw IdentityError(
        .malformed, "this is not a certificate that can be shown; check the file", cause: error)
    }
    var uris: [String] = []
    var hosts: [String] = []
    for name in names {
      switch name {
      case .uniformResourceIdentifier(let uri): uris.append(Self.escaped(uri))
      default: hosts.append(HostName(name)?.description ?? Self.escaped("\(name)"))
      }
    }
    subject = Self.plain(certificate.subject)
    uri = uris.isEmpty ? nil : uris.joined(separator: " ")
    self.hosts = hosts
    serial = Hexadecimal.text(certificate.serialNumber.bytes)
    notBefore = certificate.notValidBefore.rfc3339
    notAfter = certificate.notValidAfter.rfc3339
    keyID = P256.Signing.PublicKey(certificate.publicKey).map { KeyID(of: $0).description }
    fingerprint = Hexadecimal.text(SHA256.hash(data: der))
    issuer = Self.plain(certificate.issuer)
  }

  /// One line for each property, name and value in two columns.
  package func lines(in language: Language) -> [String] {
    let isChinese = language == .zh
    let none = isChinese ? "无" : "none"
    let rows: [(zh: String, en: String, value: String)] = [
      ("主体", "subject", subject), ("URI", "uri", uri ?? none),
      ("主机", "hosts", hosts.isEmpty ? none : hosts.joined(separator: ", ")),
      ("序列号", "serial", serial), ("生效", "not before", notBefore),
      ("失效", "not after", notAfter),
      ("密钥标识", "key id", keyID ?? (isChinese ? "无(不是 P-256 密钥)" : "none (not a P-256 key)")),
      ("SHA-256", "sha256", fingerprint), ("签发者", "issuer", issuer),
    ]
    return rows.map { row in
      let name = isChinese ? row.zh : row.en
      // A Chinese character takes two places.
      let width = name.unicodeScalars.reduce(0) { $0 + ($1.isASCII ? 1 : 2) }
      return name + String(repeating: " ", count: Self.nameColumnWidth - width) + row.value
    }
  }

  private static let nameColumnWidth = 12

  /// A distinguished name as text that is safe to print.
  static func plain(_ name: DistinguishedName) -> String { escaped("\(name)") }

  /// Text from a certificate, or an error about it, made safe to print.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
        result += "\\u{\(String(scalar.value, radix: 16))}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
