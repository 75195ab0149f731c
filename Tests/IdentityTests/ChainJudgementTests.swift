import Crypto
import Foundation
import Identity
import Regions
import SwiftASN1
import Testing
import X509

@Suite struct ChainJudgementTests {
  @Test func issuedChainProvesNameKeyAndDates() throws {
    var city = try TestCity()
    let key = NodeKey.generate()
    let chain = try city.issue(key, hosts: ["node.example.cn", "10.0.0.7"])
    let certified = try #require(city.authority.roots.judge(chain: chain.der).certified)
    #expect(certified.name == (try city.name()))
    #expect(certified.keyID == key.keyID)
    #expect(certified.publicKey.rawRepresentation == key.publicKey.rawRepresentation)
    #expect(certified.notBefore == TestCity.now - 300)
    #expect(certified.notAfter == TestCity.now - 300 + 397 * TestCity.day)
    #expect(certified.fingerprint == Array(SHA256.hash(data: chain.der[0])))
    #expect(chain.der.count == 2)
  }

  @Test func chainMayCarryTheRoot() throws {
    var city = try TestCity()
    let chain = try city.issue(.generate())
    let verdict = city.authority.roots.judge(chain: chain.der + city.authority.roots.der)
    #expect(verdict.certified?.name == (try city.name()))
  }

  @Test func goodForgeryIsAcceptedSoThatTheRefusalsBelowHaveOneCauseEach() throws {
    #expect(try TestCity().verdict(on: .init()).certified?.name.region == RegionID("haizhou-qu"))
  }

  @Test func chainOfAnotherCityOfTheSameNameIsForeign() throws {
    let city = try TestCity()
    var foreign = try TestCity()
    let chain = try foreign.issue(.generate())
    let refusal = city.authority.roots.judge(chain: chain.der).refusal
    #expect(refusal?.reason == .foreignAuthority)
    let withRoot = city.authority.roots.judge(chain: chain.der + foreign.authority.roots.der)
    #expect(withRoot.refusal != nil)
  }

  @Test func certificateOfAnotherDeploymentUnderThisRootIsRefused() throws {
    let verdict = try TestCity().verdict(on: .init(uris: ["liandong://xuzhou/district/haizhou-qu"]))
    #expect(verdict.refusal?.reason == .wrongDeployment)
  }

  @Test(arguments: [
    [], ["liandong://lianyungang/district/haizhou-qu", "liandong://lianyungang/city/hub"],
    ["liandong://lianyungang/district/haizhou-qu", "https://example.cn"],
    ["liandong://lianyungang/district/*"], ["https://example.cn"], [""],
  ])
  func certificateWithoutExactlyOneWellFormedURIIsRefused(uris: [String]) throws {
    let forgery = TestCity.Forgery(uris: uris, otherNames: [.dnsName("node.example.cn")])
    #expect(try TestCity().verdict(on: forgery).refusal?.reason == .notANodeCertificate)
  }

  @Test func certificateWithANameOfAnotherKindIsRefused() throws {
    let forgery = TestCity.Forgery(otherNames: [.rfc822Name("a@example.cn")])
    #expect(try TestCity().verdict(on: forgery).refusal?.reason == .notANodeCertificate)
  }

  @Test func keysOfOtherKindsAreRefused() throws {
    let p384 = Certificate.PublicKey(P384.Signing.PrivateKey().publicKey)
    let ed25519 = Certificate.PublicKey(Curve25519.Signing.PrivateKey().publicKey)
    for key in [p384, ed25519] {
      #expect(try TestCity().verdict(on: .init(key: key)).refusal?.reason == .wrongKeyType)
    }
  }

  @Test func certificatesOfOtherPurposesAreRefused() throws {
    let forgeries: [TestCity.Forgery] = [
      .init(constraints: .isCertificateAuthority(maxPathLength: 0)),
      .init(constraints: nil),
      .init(usage: KeyUsage(digitalSignature: true, keyCertSign: true)),
      .init(usage: KeyUsage(keyAgreement: true)),
      .init(purposes: [.serverAuth]),
      .init(purposes: [.clientAuth]),
    ]
    let city = try TestCity()
    for forgery in forgeries {
      #expect(try city.verdict(on: forgery).refusal?.reason == .notANodeCertificate)
    }
  }

  @Test func webCertificateIsNoNodeCertificate() throws {
    var city = try TestCity()
    let host = try #require(HostName("pages.example.cn"))
    let chain = try city.authority.issueWebCertificate(
      publicKey: NodeKey.generate().publicKey, hosts: [host], now: TestCity.now,
      serialFrom: &city.generator)
    let verdict = city.authority.roots.judge(chain: chain.der)
    #expect(verdict.refusal?.reason == .notANodeCertificate)
  }

  @Test func unknownCriticalExtensionIsRefusedAndUncriticalOneIsNot() throws {
    let city = try TestCity()
    let oid: ASN1ObjectIdentifier = [1, 3, 6, 1, 4, 1, 99_999, 1]
    let critical = Certificate.Extension(oid: oid, critical: true, value: [5, 0])
    let harmless = Certificate.Extension(oid: oid, critical: false, value: [5, 0])
    #expect(try city.verdict(on: .init(extra: [critical])).refusal?.reason == .malformed)
    #expect(try city.verdict(on: .init(extra: [harmless])).certified != nil)
  }

  @Test func nodeCertifiedByTheRootItselfIsRefused() throws {
    let city = try TestCity()
    let leaf = try city.forge(.init(), by: city.signer("root")).der
    let roots = city.authority.roots
    #expect(roots.judge(chain: [leaf]).refusal?.reason == .brokenChain)
    #expect(roots.judge(chain: [leaf] + roots.der).refusal?.reason == .brokenChain)
  }

  @Test func nodeCertifiedByANodeIsRefused() throws {
    let city = try TestCity()
    let nodeKey = P256.Signing.PrivateKey()
    let node = try city.forge(.init(key: .init(nodeKey.publicKey)))
    let fake = try city.forge(.init(), by: (node, nodeKey))
    let chain = [try fake.der, try node.der, try city.signer("issuing").0.der]
    #expect(city.authority.roots.judge(chain: chain).refusal?.reason == .notAnAuthority)
  }

  @Test func issuingCAMayNotMakeAnotherCA() throws {
    let city = try TestCity()
    let key = P256.Signing.PrivateKey()
    let below = try city.forge(
      .init(
        key: .init(key.publicKey), constraints: .isCertificateAuthority(maxPathLength: nil),
        usage: KeyUsage(keyCertSign: true)))
    let leaf = try city.forge(.init(), by: (below, key))
    let chain = [try leaf.der, try below.der, try city.signer("issuing").0.der]
    #expect(city.authority.roots.judge(chain: chain).refusal?.reason == .notAnAuthority)
  }

  @Test func caThatMayNotSignCertificatesIsNoIssuer() throws {
    let city = try TestCity()
    let good = KeyUsage(keyCertSign: true)
    for (usage, expected) in [(good, nil), (KeyUsage(cRLSign: true), "may not sign certificates")] {
      let key = P256.Signing.PrivateKey()
      let issuing = try city.forge(
        .init(
          uris: [], key: .init(key.publicKey),
          constraints: .isCertificateAuthority(maxPathLength: 0), usage: usage),
        by: city.signer("root"))
      let chain = [try city.forge(.init(), by: (issuing, key)).der, try issuing.der]
      let refusal = city.authority.roots.judge(chain: chain).refusal
      #expect(refusal?.reason == (expected == nil ? nil : .notAnAuthority))
      #expect(expected.map { refusal?.message.contains($0) == true } ?? true)
    }
  }

  @Test func certificateThatNamesAnotherIssuerThanTheOneWhoSignedItIsRefused() throws {
    let city = try TestCity()
    let (issuing, key) = try city.signer("issuing")
    let leaf = try city.forge(.init(), by: (city.signer("root").0, key))
    let chain = [try leaf.der, try issuing.der]
    #expect(city.authority.roots.judge(chain: chain).refusal?.reason == .brokenChain)
  }

  @Test func signatureByAKeyThatIsNotTheIssuersIsRefused() throws {
    let city = try TestCity()
    let issuing = try city.signer("issuing").0
    let leaf = try city.forge(.init(), by: (issuing, P256.Signing.PrivateKey()))
    let chain = [try leaf.der, try issuing.der]
    #expect(city.authority.roots.judge(chain: chain).refusal?.reason == .brokenChain)
  }

  @Test func chainOutOfOrderOrIncompleteIsRefused() throws {
    var city = try TestCity()
    let chain = try city.issue(.generate()).der
    let roots = city.authority.roots
    #expect(roots.judge(chain: [chain[0]]).refusal?.reason == .brokenChain)
    #expect(roots.judge(chain: chain.reversed()).refusal != nil)
    #expect(roots.judge(chain: [chain[0], chain[0], chain[1]]).refusal?.reason == .notAnAuthority)
    #expect(roots.judge(chain: [chain[1]] + roots.der).refusal != nil)
  }

  @Test func chainBeyondItsBoundsIsRefusedUnread() throws {
    var city = try TestCity()
    let chain = try city.issue(.generate()).der
    let roots = city.authority.roots
    #expect(roots.judge(chain: []).refusal?.reason == .malformed)
    let long = chain + [[UInt8]](repeating: chain[1], count: 3)
    #expect(roots.judge(chain: long).refusal?.message.contains("5 certificates") == true)
    let big = [chain[0] + [UInt8](repeating: 0, count: 16 * 1024), chain[1]]
    #expect(roots.judge(chain: big).refusal?.message.contains("more than 16384") == true)
    #expect(roots.judge(chain: [chain[0] + [0], chain[1]]).refusal?.reason == .malformed)
    #expect(roots.judge(chain: [[], chain[1]]).refusal?.reason == .malformed)
  }

  @Test func certificateThatEndsBeforeItBeginsIsRefused() throws {
    let forgery = TestCity.Forgery(notBefore: TestCity.now, notAfter: TestCity.now - 1)
    #expect(try TestCity().verdict(on: forgery).refusal?.reason == .malformed)
  }

  @Test func rootsOfTwoDeploymentsOrOtherKindsAreNotTrusted() throws {
    var one = try TestCity("lianyungang")
    let two = try TestCity("xuzhou")
    let both = one.authority.roots.pem + two.authority.roots.pem
    #expect(code { _ = try TrustRoots(pem: both) } == .mismatch)
    let chain = try one.issue(.generate())
    #expect(code { _ = try TrustRoots(pem: chain.pem) } == .malformed)
    #expect(code { _ = try TrustRoots(pem: "") } == .malformed)
    let second = try TestCity("lianyungang")
    let renewed = try TrustRoots(pem: second.authority.roots.pem + one.authority.roots.pem)
    #expect(renewed.judge(chain: chain.der).certified != nil)
  }
}
