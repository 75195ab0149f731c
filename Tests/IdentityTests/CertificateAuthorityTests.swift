import Foundation
import Identity
import Regions
import Testing
import X509

@Suite struct CertificateAuthorityTests {
  @Test func newCAHasPrivateKeysForTheOwnerAloneInAFolderForTheOwnerAlone() throws {
    let city = try TestCity()
    #expect(try city.folder.mode("ca") == 0o700)
    #expect(try city.folder.mode("ca/root.key") == 0o600)
    #expect(try city.folder.mode("ca/issuing.key") == 0o600)
    #expect(
      try city.folder.snapshot("ca").keys.sorted() == [
        "deployment", "issuing.key", "issuing.pem", "root.key", "root.pem",
      ])
    #expect(try FileManager.default.contentsOfDirectory(atPath: city.folder.path) == ["ca"])
  }

  @Test func existingCAIsNeverOverwritten() throws {
    var city = try TestCity()
    let before = try city.folder.snapshot("ca")
    let deployment = try #require(Deployment("xuzhou"))
    let path = city.folder.path("ca")
    let refused = code {
      _ = try CertificateAuthority.initialise(
        deployment: deployment, at: path, now: TestCity.now, serialsFrom: &city.generator)
    }
    #expect(refused == .alreadyExists)
    #expect(try city.folder.snapshot("ca") == before)
    #expect(try FileManager.default.contentsOfDirectory(atPath: city.folder.path) == ["ca"])
  }

  @Test func emptyFolderIsTakenAndAFolderWithAnyFileIsNot() throws {
    let folder = try TemporaryFolder()
    let deployment = try #require(Deployment("xuzhou"))
    var generator = SeededGenerator(seed: 1)
    for name in ["empty", "used"] {
      try FileManager.default.createDirectory(
        atPath: folder.path(name), withIntermediateDirectories: false)
    }
    _ = try folder.write("notes", to: "used/notes.txt")
    _ = try CertificateAuthority.initialise(
      deployment: deployment, at: folder.path("empty/"), now: TestCity.now, serialsFrom: &generator)
    #expect(try folder.mode("empty") == 0o700)
    let refused = code {
      _ = try CertificateAuthority.initialise(
        deployment: deployment, at: folder.path("used"), now: TestCity.now, serialsFrom: &generator)
    }
    #expect(refused == .alreadyExists)
    #expect(try folder.snapshot("used") == ["notes.txt": "notes"])
  }

  @Test func foldersOfAnInterruptedRunAndMissingParentsAreNamed() throws {
    let folder = try TemporaryFolder()
    let deployment = try #require(Deployment("xuzhou"))
    var generator = SeededGenerator(seed: 1)
    try FileManager.default.createDirectory(
      atPath: folder.path("ca.partial"), withIntermediateDirectories: false)
    for (path, expected) in [
      ("ca", IdentityError.Code.alreadyExists), ("missing/ca", .inputOutput),
    ] {
      let refused = code {
        _ = try CertificateAuthority.initialise(
          deployment: deployment, at: folder.path(path), now: TestCity.now, serialsFrom: &generator)
      }
      #expect(refused == expected)
    }
  }

  @Test func loadedCAIssuesUnderTheSameRootAndNeedsNoRootKey() throws {
    var city = try TestCity()
    try FileManager.default.removeItem(atPath: city.folder.path("ca/root.key"))
    let loaded = try CertificateAuthority.load(at: city.folder.path("ca"))
    #expect(loaded.deployment.rawValue == "lianyungang")
    let chain = try loaded.issue(
      to: city.name(), publicKey: NodeKey.generate().publicKey, hosts: [], now: TestCity.now,
      serialFrom: &city.generator)
    #expect(city.authority.roots.judge(chain: chain.der).certified != nil)
  }

  @Test func exposedIssuingKeyIsRefusedWithItsCure() throws {
    let city = try TestCity()
    for mode in [0o640, 0o604, 0o660, 0o644] {
      try city.folder.setMode(mode, of: "ca/issuing.key")
      #expect {
        try CertificateAuthority.load(at: city.folder.path("ca"))
      } throws: { error in
        let error = error as? IdentityError
        return error?.code == .exposedKey
          && error?.message.contains("chmod 600 \(city.folder.path("ca/issuing.key"))") == true
      }
    }
  }

  @Test func filesThatDoNotBelongTogetherAreRefused() throws {
    let other = try TestCity()
    for file in ["root.pem", "issuing.pem", "issuing.key"] {
      let city = try TestCity()
      let text = try String(contentsOfFile: other.folder.path("ca/\(file)"), encoding: .utf8)
      _ = try city.folder.write(text, to: "ca/\(file)")
      #expect(code { _ = try CertificateAuthority.load(at: city.folder.path("ca")) } == .mismatch)
    }
    let city = try TestCity()
    _ = try city.folder.write("xuzhou\n", to: "ca/deployment")
    #expect(code { _ = try CertificateAuthority.load(at: city.folder.path("ca")) } == .mismatch)
    _ = try city.folder.write("Xu zhou", to: "ca/deployment")
    #expect(code { _ = try CertificateAuthority.load(at: city.folder.path("ca")) } == .malformed)
    #expect(code { _ = try CertificateAuthority.load(at: city.folder.path("none")) } == .notFound)
  }

  @Test func namesOfNoSingleRegionOfThisDeploymentAreNotCertified() throws {
    var city = try TestCity()
    let everyone = NodeName(
      deployment: city.authority.deployment, tier: .city, region: .everyone)
    let foreign = NodeName(
      deployment: try #require(Deployment("xuzhou")), tier: .city,
      region: try #require(RegionID("hub")))
    for name in [everyone, foreign] {
      let refused = code {
        _ = try city.authority.issue(
          to: name, publicKey: NodeKey.generate().publicKey, hosts: [], now: TestCity.now,
          serialFrom: &city.generator)
      }
      #expect(refused == .requestRefused)
    }
  }

  @Test func hostsAreBoundedAndDoublesCountOnce() throws {
    var city = try TestCity()
    let hosts = (0...HostName.maximumPerCertificate).map { "n\($0).example.cn" }
    #expect(code { _ = try city.issue(.generate(), hosts: hosts) } == .requestRefused)
    let chain = try city.issue(.generate(), hosts: ["a.cn", "A.cn", "10.0.0.1", "a.cn"])
    #expect(try CertificateDescription(der: chain.der[0]).hosts == ["a.cn", "10.0.0.1"])
  }

  @Test func clockThatCannotBeRightIsNamed() throws {
    var city = try TestCity()
    for now in [
      Date(timeIntervalSince1970: 0), Date.distantFuture, TestCity.now - 30 * TestCity.day,
    ] {
      #expect(code { _ = try city.issue(.generate(), now: now) } == .implausibleClock)
    }
  }

  @Test func nodeCertificateDoesNotOutliveTheIssuingCAAndAnExpiredCASignsNothing() throws {
    var city = try TestCity()
    let late = TestCity.now + 1_800 * TestCity.day
    let chain = try city.issue(.generate(), now: late)
    let issuingEnd = try city.signer("issuing").0.notValidAfter
    #expect(city.authority.roots.judge(chain: chain.der).certified?.notAfter == issuingEnd)
    #expect(code { _ = try city.issue(.generate(), now: issuingEnd + 1) } == .authorityExpired)
  }

  @Test func serialNumbersAreThoseOfTheGeneratorGivenAndDiffer() throws {
    var one = try TestCity()
    let first = try CertificateDescription(der: one.issue(.generate()).der[0]).serial
    let second = try CertificateDescription(der: one.issue(.generate()).der[0]).serial
    var again = try TestCity()
    let repeated = try CertificateDescription(der: again.issue(.generate()).der[0]).serial
    #expect(first != second)
    #expect(first == repeated)
    #expect(first.count == 32)
  }
}
