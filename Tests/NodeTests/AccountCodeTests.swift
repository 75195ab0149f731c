import Crypto
import Ledger
import Node
import Regions
import Store
import Testing

/// A forgotten password at an office without a link: the code that is told on the telephone.
@Suite(.timeLimit(.minutes(3))) struct AccountCodeTests {
  /// A city where the clerk logged on once, so that the township's secret is sealed to those above.
  private func cityWithSecret() async throws -> AccountsCity {
    let city = try await AccountsCity()
    _ = try await city.logIn(at: city.lake)
    try city.settle()
    return city
  }

  private func challenge(_ city: AccountsCity) async throws -> String {
    try await city.lake.commands.challengeCode(AccountArguments(account: "clerk")).challenge
  }

  private func answer(_ challenge: String, _ city: AccountsCity) async throws -> String {
    try await city.hub.commands.answerCode(
      CodeAnswerArguments(account: "clerk@lake0", challenge: challenge), by: AccountsCity.admin()
    ).code
  }

  private func use(_ code: String, _ city: AccountsCity) async throws {
    _ = try await city.lake.commands.useCode(
      CodeUseArguments(account: "clerk", code: code, password: "remembered-now"))
  }

  @Test func `the code sets another password once, though nothing crosses the link`() async throws {
    let city = try await cityWithSecret()
    let code = try await answer(challenge(city).lowercased().replacing("0", with: "o"), city)
    try await use(code, city)
    #expect(await commandError { _ = try await city.logIn(at: city.lake) }?.code == .loginFailed)
    #expect(try await !city.logIn("clerk", "remembered-now", at: city.lake).isEmpty)
    #expect(await commandError { try await use(code, city) }?.code == .codeRefused)
    let shown = try city.hub.commands.showAccount(AccountArguments(account: "clerk@lake0"))
    let id = try #require(EntityID(text: shown.id))
    let timeline = try city.hub.core.store.read { try $0.timeline(of: id) }
    #expect(timeline.last?.event.kind == "account.code_told")
    #expect(timeline.last?.stamp.actor == "root@hub", "who told it is on record")
  }

  @Test func `a challenge bears five answers and a quarter of an hour`() async throws {
    let city = try await cityWithSecret()
    var code = try await answer(challenge(city), city)
    for _ in 0..<5 {
      city.city.turnClock(by: 60_000)
      #expect(await commandError { try await use("0000-0000", city) }?.code == .codeRefused)
    }
    city.city.turnClock(by: 60_000)
    #expect(await commandError { try await use(code, city) }?.code == .codeRefused)
    city.city.turnClock(by: 15 * 60_000)
    code = try await answer(challenge(city), city)
    city.city.turnClock(by: 15 * 60_000)
    #expect(await commandError { try await use(code, city) }?.code == .codeRefused)
    #expect(try await !city.logIn(at: city.lake).isEmpty, "the password stayed")
  }

  @Test func `a code is of one account, one challenge and one node's secret`() throws {
    let key = Curve25519.KeyAgreement.PrivateKey()
    let secret = RecoverySecret(of: key)
    let ids = (0..<2).map { EntityID(founding: Hash(of: [$0]), milliseconds: 1) }
    let asked = try (0..<2).map { try #require(SpokenCode(bytes: [0, 1, 2, 3, $0])) }
    let codes = Set(ids.flatMap { id in asked.map { secret.code(for: id, challenge: $0) } })
    let other = RecoverySecret(of: Curve25519.KeyAgreement.PrivateKey())
    #expect(codes.count == 4 && !codes.contains(other.code(for: ids[0], challenge: asked[0])))
    let (lake, east, west) = (
      try #require(RegionID("lake")), try #require(RegionID("east")), try #require(RegionID("west"))
    )
    let parent = Curve25519.KeyAgreement.PrivateKey()
    let recipient = SealDirectory.Recipient(
      region: east, publicKey: Array(parent.publicKey.rawRepresentation))
    let sealed = try secret.sealed(of: lake, to: [recipient])
    let opened = try #require(RecoverySecret.open(sealed, of: lake, by: east, with: parent))
    #expect(
      opened.code(for: ids[0], challenge: asked[0]) == secret.code(for: ids[0], challenge: asked[0])
    )
    #expect(RecoverySecret.open(sealed, of: west, by: east, with: parent) == nil)
    #expect(RecoverySecret.open(sealed, of: lake, by: east, with: key) == nil)
    #expect(RecoverySecret.open(.null, of: lake, by: east, with: parent) == nil)
    #expect(RecoverySecret.isSealed(sealed, to: [recipient]))
    #expect(
      !RecoverySecret.isSealed(sealed, to: []) && !RecoverySecret.isSealed(.null, to: [recipient]))
  }

  @Test func `every code is read back from what it is told as, look-alikes too`() throws {
    var numbers = SystemRandomNumberGenerator()
    for _ in 0..<500 {
      let bytes = (0..<5).map { _ in UInt8.random(in: .min ... .max, using: &numbers) }
      let code = try #require(SpokenCode(bytes: bytes))
      let text = code.description
      #expect(text.utf8.count == 9 && !text.contains { "ILOU".contains($0) })
      #expect(SpokenCode(text) == code)
      let heard = text.lowercased().replacing("1", with: "l").replacing("0", with: "O")
        .replacing("-", with: " ")
      #expect(SpokenCode(heard) == code)
    }
    for text in ["", "0000-000", "0000-00000", "0000-000U", "0000-000口"] {
      #expect(SpokenCode(text) == nil)
    }
  }

  @Test func `without a sealed secret, and by who is no administrator, there is no code`()
    async throws
  {
    let city = try await AccountsCity()
    let asked = try await challenge(city)
    #expect(await commandError { _ = try await answer(asked, city) }?.code == .notReady)
    _ = try await city.logIn(at: city.lake)
    try city.settle()
    let leader = try ActingPerson(account: "root@hub", role: "leader")
    let refused = await commandError {
      _ = try await city.hub.commands.answerCode(
        CodeAnswerArguments(account: "clerk@lake0", challenge: asked), by: leader)
    }
    #expect(refused?.code == .notPermitted)
    let atWest = await commandError {
      _ = try await city.west.commands.answerCode(
        CodeAnswerArguments(account: "clerk@lake0", challenge: asked), by: AccountsCity.admin())
    }
    #expect(atWest?.code == .notFound)
    let atHub = await commandError {
      _ = try await city.hub.commands.challengeCode(AccountArguments(account: "root"))
    }
    #expect(atHub?.code == .notPermitted)
  }
}
