import Foundation
import Identity
import Regions
import Testing
import X509

@Suite struct CertificateDescriptionTests {
  @Test func nodeCertificateIsShownInLinesAndInSnakeCaseJSON() throws {
    var city = try TestCity()
    let key = NodeKey.generate()
    let chain = try city.issue(key, hosts: ["node.example.cn", "10.0.0.7"])
    let description = try CertificateDescription(der: chain.der[0])
    #expect(
      description.lines(in: .en) == [
        "subject     CN=haizhou-qu,O=lianyungang",
        "uri         liandong://lianyungang/district/haizhou-qu",
        "hosts       node.example.cn, 10.0.0.7",
        "serial      \(description.serial)",
        "not before  2026-11-23T07:55:00Z",
        "not after   2027-12-25T07:55:00Z",
        "key id      \(key.keyID)",
        "sha256      \(description.fingerprint)",
        "issuer      CN=Liandong issuing CA lianyungang,O=lianyungang",
      ])
    let json = try JSONSerialization.jsonObject(with: JSONEncoder().encode(description))
    let object = try #require(json as? [String: Any])
    #expect(
      object.keys.sorted() == [
        "fingerprint_sha256", "hosts", "issuer", "key_id", "not_after", "not_before", "serial",
        "subject", "uri",
      ])
    #expect(object["not_after"] as? String == "2027-12-25T07:55:00Z")
    #expect(object["key_id"] as? String == key.keyID.description)
  }

  @Test func authoritiesAreShownWithoutAURI() throws {
    let city = try TestCity()
    let root = try CertificateDescription(der: city.authority.roots.der[0])
    #expect(root.uri == nil && root.hosts.isEmpty)
    #expect(root.subject == root.issuer)
    #expect(root.notAfter == "2046-11-23T07:55:00Z")
    let issuing = try CertificateDescription(der: city.signer("issuing").0.der)
    #expect(issuing.notAfter == "2031-11-23T07:55:00Z")
  }

  @Test func controlCharactersInNamesAreEscaped() throws {
    let city = try TestCity()
    let forged = try city.forge(
      .init(uris: ["liandong://a\u{1B}[2J"], otherNames: [.dnsName("b\u{07}\n")]))
    let description = try CertificateDescription(der: forged.der)
    let text = (description.lines(in: .en) + description.lines(in: .zh)).joined()
    #expect(text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
    #expect(description.uri == "liandong://a\\u{1b}[2J")
  }

  @Test(arguments: [[UInt8](), [0x30], [UInt8](repeating: 0x30, count: 4_000)])
  func bytesThatAreNoCertificateAreRefused(bytes: [UInt8]) {
    #expect(code { _ = try CertificateDescription(der: bytes) } == .malformed)
  }
}
