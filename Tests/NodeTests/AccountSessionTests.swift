import Ledger
import Node
import Regions
import Store
import Testing

/// Sessions and the throttle: how a log-on begins, lasts and ends.
@Suite(.timeLimit(.minutes(3))) struct AccountSessionTests {
  private func isOpen(_ token: String, at node: CommandsNode) async -> Bool {
    await commandError { _ = try await node.commands.session(token) } == nil
  }

  @Test func `a session ends unused after twelve hours and used after seven days`() async throws {
    let city = try await AccountsCity()
    let unused = try await city.logIn(at: city.lake)
    let used = try await city.logIn(at: city.lake)
    for hour in 1...24 * 7 {
      city.city.turnClock(by: 3_600_000)
      if hour == 12 { #expect(await !isOpen(unused, at: city.lake)) }
      #expect(await isOpen(used, at: city.lake) == (hour < 24 * 7), "\(hour)")
    }
  }

  @Test func `an account has eight sessions, the longest unused goes first`() async throws {
    let city = try await AccountsCity()
    var tokens: [String] = []
    for _ in 0..<SessionBounds.perAccount + 1 {
      tokens.append(try await city.logIn(at: city.lake))
      city.city.turnClock(by: 1_000)
    }
    #expect(await !isOpen(tokens[0], at: city.lake))
    for token in tokens.dropFirst() { #expect(await isOpen(token, at: city.lake)) }
    let shown = try city.lake.commands.showAccount(AccountArguments(account: "clerk"))
    #expect(shown.sessions == 8)
  }

  @Test func `a revocation ends sessions for good once it arrives, and not before`() async throws {
    let city = try await AccountsCity()
    let token = try await city.logIn(at: city.lake)
    let state = AccountStateArguments(account: "clerk@lake0", reason: "调离")
    _ = try await city.hub.commands.revokeAccount(state, by: AccountsCity.admin())
    #expect(await isOpen(token, at: city.lake), "the link is cut")
    try city.settle()
    #expect(await !isOpen(token, at: city.lake))
    #expect(await commandError { _ = try await city.logIn(at: city.lake) }?.code == .loginFailed)
    _ = try await city.hub.commands.restoreAccount(state, by: AccountsCity.admin())
    try city.settle()
    #expect(await !isOpen(token, at: city.lake), "a restored account logs on anew")
    let anew = try await city.logIn(at: city.lake)
    #expect(await isOpen(anew, at: city.lake))
  }

  @Test func `a person changes the own password, which ends all sessions`() async throws {
    let city = try await AccountsCity()
    let token = try await city.logIn(at: city.lake)
    let clerk = try ActingPerson(account: "clerk@lake0", role: "township_clerk")
    func change(_ current: String?) async throws {
      _ = try await city.lake.commands.setPassword(
        AccountPasswordArguments(current: current, password: "another-password"), by: clerk)
    }
    for wrong in [nil, "not-the-password"] {
      #expect(await commandError { try await change(wrong) }?.code == .loginFailed)
    }
    try await change(AccountsCity.clerkPassword)
    #expect(await !isOpen(token, at: city.lake))
    #expect(await commandError { _ = try await city.logIn(at: city.lake) }?.code == .loginFailed)
    let anew = try await city.logIn("clerk", "another-password", at: city.lake)
    #expect(await isOpen(anew, at: city.lake))
    let other = try ActingPerson(account: "wang@lake0", role: "administrator")
    let strange = await commandError {
      _ = try await city.lake.commands.setPassword(
        AccountPasswordArguments(account: "clerk", password: "another-password"), by: other)
    }
    #expect(strange?.code == .notPermitted)
  }

  @Test func `attempts in vain are slowed down, alike for accounts that are not there`()
    async throws
  {
    let city = try await AccountsCity()
    for account in ["clerk@lake0", "nobody@lake0", "not a name"] {
      func attempt() async -> CommandError.Code? {
        await commandError {
          _ = try await city.logIn(account, "wrong-password-1", at: city.lake)
        }?.code
      }
      for _ in 0..<3 { #expect(await attempt() == .loginFailed, "\(account)") }
      #expect(await attempt() == .loginFailed, "\(account)")
      #expect(await attempt() == .throttled, "\(account)")
      city.city.turnClock(by: 1_000)
      #expect(await attempt() == .loginFailed)
      city.city.turnClock(by: 1_000)
      #expect(await attempt() == .throttled, "the wait doubles")
    }
    city.city.turnClock(by: 15 * 60_000)
    #expect(try await !city.logIn(at: city.lake).isEmpty, "nobody is shut out for good")
  }

  @Test func `the wait doubles up to its bound and is forgotten after a day`() {
    let throttle = LoginThrottle.name
    func wait(_ count: Int, after passed: UInt64) -> UInt64 {
      throttle.wait(
        after: FailedAttempts(count: count, lastMilliseconds: 1_000_000), at: 1_000_000 + passed)
    }
    #expect((0...3).allSatisfy { wait($0, after: 0) == 0 })
    #expect((4...8).map { wait($0, after: 0) } == [1_000, 2_000, 4_000, 8_000, 16_000])
    #expect(wait(8, after: 15_000) == 1_000 && wait(8, after: 16_000) == 0)
    #expect(wait(.max, after: 0) == 15 * 60_000)
    #expect(wait(.max, after: 24 * 3_600_000 + 1) == 0)
    let future = FailedAttempts(count: 5, lastMilliseconds: 9_000_000)
    #expect(throttle.wait(after: future, at: 0) == 2_000, "a clock that stepped back")
  }
}
