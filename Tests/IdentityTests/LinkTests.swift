import Foundation
import Identity
import Testing

@Suite struct LinkTests {
  @Test func expiredCertificateBarsLinksAndNeverHistory() throws {
    var city = try TestCity()
    let chain = try city.issue(.generate())
    let certified = try #require(city.authority.roots.judge(chain: chain.der).certified)
    let end = certified.notAfter
    #expect(certified.mayLink(at: end, revoked: []) == .allowed)
    #expect(certified.mayLink(at: end + 1, revoked: []).reason == .expired)
    #expect(certified.mayLink(at: end + 20_000 * TestCity.day, revoked: []).reason == .expired)
    // The judgement for history takes no clock: nothing about it can have changed.
    #expect(city.authority.roots.judge(chain: chain.der).certified?.keyID == certified.keyID)
  }

  @Test func certificateLongExpiredWhenFirstSeenIsGoodForHistory() throws {
    let city = try TestCity()
    let past = TestCity.Forgery(
      notBefore: TestCity.now - 4_000 * TestCity.day, notAfter: TestCity.now - 3_603 * TestCity.day)
    let certified = try #require(try city.verdict(on: past).certified)
    #expect(certified.mayLink(at: TestCity.now, revoked: []).reason == .expired)
  }

  @Test func certificateOfTomorrowIsBarredAndTheClockIsNamed() throws {
    var city = try TestCity()
    let chain = try city.issue(.generate())
    let certified = try #require(city.authority.roots.judge(chain: chain.der).certified)
    #expect(certified.mayLink(at: certified.notBefore, revoked: []) == .allowed)
    let verdict = certified.mayLink(at: certified.notBefore - 1, revoked: [])
    guard case .barred(let refusal) = verdict else {
      Issue.record("a certificate of the future may link")
      return
    }
    #expect(refusal.reason == .notYetValid)
    #expect(refusal.message.contains("clock"))
    #expect(refusal.message.contains("2026-11-23T07:54:59Z"))
  }

  @Test func revokedKeyIsBarredAndItsHistoryStands() throws {
    var city = try TestCity()
    let key = NodeKey.generate()
    let chain = try city.issue(key)
    let certified = try #require(city.authority.roots.judge(chain: chain.der).certified)
    let other = NodeKey.generate().keyID
    #expect(certified.mayLink(at: TestCity.now, revoked: [other]) == .allowed)
    #expect(certified.mayLink(at: TestCity.now, revoked: [other, key.keyID]).reason == .revoked)
  }

  @Test func expiredIssuingCABarsLinksOfItsNodes() throws {
    let city = try TestCity()
    let late = TestCity.Forgery(notAfter: TestCity.now + 9_000 * TestCity.day)
    let certified = try #require(try city.verdict(on: late).certified)
    let afterIssuing = TestCity.now + 1_827 * TestCity.day
    let verdict = certified.mayLink(at: afterIssuing, revoked: [])
    #expect(verdict.reason == .expired)
    #expect(certified.mayLink(at: TestCity.now + 1_825 * TestCity.day, revoked: []) == .allowed)
  }

  @Test func onlyReasonsOfTheDayAreNotPermanent() {
    let ofTheDay: [CertificateRefusal.Reason] = [.expired, .notYetValid, .revoked]
    let permanent: [CertificateRefusal.Reason] = [
      .malformed, .brokenChain, .notAnAuthority, .foreignAuthority, .wrongDeployment, .wrongKeyType,
      .notANodeCertificate,
    ]
    #expect(ofTheDay.allSatisfy { !$0.isPermanent })
    #expect(permanent.allSatisfy { $0.isPermanent })
  }
}
