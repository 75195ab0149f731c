import Crypto
import Foundation
import Identity
import Regions
import SwiftASN1
import Testing
import X509

@Suite struct NodeSigningRequestTests {
  @Test func requestCarriesKeyNameAndHosts() throws {
    let city = try TestCity()
    let key = NodeKey.generate()
    let hosts = try ["node.example.cn", "10.0.0.7"].map { try #require(HostName($0)) }
    let request = try NodeSigningRequest(
      pem: key.certificateSigningRequest(name: city.name(), hosts: hosts))
    #expect(KeyID(of: request.publicKey) == key.keyID)
    #expect(request.name == (try city.name()))
    #expect(request.hosts == hosts)
  }

  @Test func requestIsCertifiedUnderItsOwnNameAlone() throws {
    var city = try TestCity()
    let key = NodeKey.generate()
    let request = try NodeSigningRequest(
      pem: key.certificateSigningRequest(name: city.name(), hosts: []))
    let chain = try city.authority.issue(
      to: city.name(), answering: request, hosts: [], now: TestCity.now,
      serialFrom: &city.generator)
    #expect(city.authority.roots.judge(chain: chain.der).certified?.keyID == key.keyID)
    for other in [try city.name("donghai-xian"), try city.name("haizhou-qu", .city)] {
      let refused = code {
        _ = try city.authority.issue(
          to: other, answering: request, hosts: [], now: TestCity.now, serialFrom: &city.generator)
      }
      #expect(refused == .requestRefused)
    }
  }

  @Test func requestWithoutAURITakesTheNameThatTheCAGivesIt() throws {
    var city = try TestCity()
    let host = try #require(HostName("pages.example.cn"))
    let request = try NodeSigningRequest(
      pem: NodeKey.generate().webSigningRequest(hosts: [host]))
    #expect(request.name == nil)
    let name = try city.name("donghai-xian")
    let chain = try city.authority.issue(
      to: name, answering: request, hosts: [], now: TestCity.now, serialFrom: &city.generator)
    #expect(city.authority.roots.judge(chain: chain.der).certified?.name == name)
    let web = try city.authority.issueWebCertificate(
      answering: request, hosts: request.hosts, now: TestCity.now, serialFrom: &city.generator)
    #expect(try CertificateDescription(der: web.der[0]).hosts == ["pages.example.cn"])
  }

  @Test func nodesRequestGetsNoWebCertificate() throws {
    var city = try TestCity()
    let host = try #require(HostName("pages.example.cn"))
    let request = try NodeSigningRequest(
      pem: NodeKey.generate().certificateSigningRequest(name: city.name(), hosts: [host]))
    let refused = code {
      _ = try city.authority.issueWebCertificate(
        answering: request, hosts: [host], now: TestCity.now, serialFrom: &city.generator)
    }
    #expect(refused == .requestRefused)
  }

  @Test func requestWithAnAlteredNameIsRefused() throws {
    let city = try TestCity()
    let pem = try NodeKey.generate().certificateSigningRequest(name: city.name(), hosts: [])
    var der = try PEMDocument(pemString: pem).derBytes
    let place = try #require(der.firstRange(of: Array("district/haizhou-qu".utf8)))
    der[place.upperBound - 1] = UInt8(ascii: "v")
    let altered = PEMDocument(type: "CERTIFICATE REQUEST", derBytes: der).pemString
    #expect {
      try NodeSigningRequest(pem: altered)
    } throws: { error in
      (error as? IdentityError)?.code == .requestRefused
        && "\(error)".contains("not signed by its own key")
    }
  }

  @Test func requestSignedByAnotherKeyIsRefused() throws {
    let mine = NodeKey.generate().privateKey
    let honest = try CertificateSigningRequest(
      version: .v1, subject: DistinguishedName { CommonName("node") },
      privateKey: .init(P256.Signing.PrivateKey()), attributes: .init())
    let stolen = try CertificateSigningRequest(
      version: .v1, subject: honest.subject, publicKey: .init(mine.publicKey),
      attributes: .init(), signatureAlgorithm: .ecdsaWithSHA256, signature: honest.signature)
    let pem = try stolen.serializeAsPEM().pemString
    #expect(code { _ = try NodeSigningRequest(pem: pem) } == .requestRefused)
  }

  @Test func requestWithTwoURIsOrAStrangeNameIsRefused() throws {
    let uri = GeneralName.uniformResourceIdentifier("liandong://lianyungang/district/haizhou-qu")
    for names in [[uri, uri], [uri, .rfc822Name("a@b.cn")], [.uniformResourceIdentifier("x:y")]] {
      let extensions = try Certificate.Extensions { SubjectAlternativeNames(names) }
      let request = try CertificateSigningRequest(
        version: .v1, subject: DistinguishedName(), privateKey: .init(P256.Signing.PrivateKey()),
        attributes: .init([.init(ExtensionRequest(extensions: extensions))]))
      let pem = try request.serializeAsPEM().pemString
      #expect(code { _ = try NodeSigningRequest(pem: pem) } == .requestRefused)
    }
  }

  @Test(arguments: ["", "no PEM", String(repeating: "x", count: 16 * 1024 + 1)])
  func textThatIsNoRequestIsRefused(text: String) {
    #expect(code { _ = try NodeSigningRequest(pem: text) } == .malformed)
  }
}
