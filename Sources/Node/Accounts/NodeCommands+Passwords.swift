import Casework
import Ledger
import Regions
import Store

extension NodeCommands {
  /// Sets a password (设置口令): one's own, for which the present one is asked, or, as an
  /// administrator, that of an account at or below this node's region. All sessions of the account
  /// are over then, everywhere.
  ///
  /// - Throws: `CommandError` of exit 65 for a password that is too short, of exit 77: login_failed,
  ///   login_throttled, not permitted.
  package func setPassword(
    _ arguments: AccountPasswordArguments, by person: ActingPerson
  ) async throws -> AccountAnswer {
    let password = try newPassword(arguments.password)
    let held: HeldAccount
    if let account = arguments.account, accountName(account)?.description != person.account {
      held = try core.store.read { try administered(account, in: $0) }
      try permitAdministration(person)
    } else {
      held = try await authenticate(person.account, arguments.current ?? "")
    }
    let verifier = try await PasswordVerifier.make(of: password, salt: core.salt())
    _ = try await perform(.setVerifier(verifier.value), on: held.id, by: person, lane: .urgent)
    return try answer(held.id)
  }

  /// The account whose password this is.
  ///
  /// - Throws: `CommandError` of exit 77: login_failed, login_throttled.
  func authenticate(_ account: String, _ text: String) async throws -> HeldAccount {
    let name = accountName(account)
    let key = name?.description ?? Self.noName
    try await countAttempt(on: key)
    let held = try name.flatMap { name in
      try core.store.read { try AccountDirectory(reader: $0).account(named: name) }
    }
    let usable = held.flatMap { $0.mayAct(at: core.region) ? $0 : nil }
    let verifier = usable?.account.verifier.flatMap { PasswordVerifier($0) }
    guard let password = Password(text) else { throw CommandError.loginFailed }
    let isRight = try await (verifier ?? .decoy).matches(password)
    guard let usable, verifier != nil, isRight else { throw CommandError.loginFailed }
    try await forgiveAttempt(on: key)
    return usable
  }

  /// - Throws: `CommandError` of exit 65 for one that is too short or too long.
  func newPassword(_ text: String) throws -> Password {
    guard let password = Password(text), password.length >= Password.minimumCharacters else {
      throw CommandError.field(
        "PASSWORD", zh: "口令应有 \(Password.minimumCharacters) 个字符以上、\(Password.maximumBytes) 字节以内",
        en: "a password has \(Password.minimumCharacters) characters or more, and at most "
          + "\(Password.maximumBytes) bytes")
    }
    return password
  }

  /// Under which all attempts on names that are none are counted.
  private static let noName = "?"
  /// Under which the attempts on all names are counted together.
  private static let allNames = ""

  /// Counts an attempt as failed, before it is made.
  ///
  /// - Throws: `CommandError` login_throttled where it must wait; then it is not counted.
  func countAttempt(on name: String) async throws {
    try await core.writer.write { [core] transaction in
      let now = core.wallMilliseconds()
      let throttles = [(name, LoginThrottle.name), (Self.allNames, LoginThrottle.node)]
      let counted = try throttles.map { key, throttle in
        let failures = try transaction.reader.failedAttempts(of: key)
        return (
          key, throttle.remembered(failures, at: now), throttle.wait(after: failures, at: now)
        )
      }
      let wait = counted.map(\.2).max() ?? 0
      guard wait == 0 else { throw CommandError.throttled(milliseconds: wait) }
      for (key, failures, _) in counted { try transaction.noteFailures(failures + 1, of: key) }
    }
  }

  /// Takes back what an attempt that went well was counted as.
  func forgiveAttempt(on name: String) async throws {
    try await core.writer.write { transaction in
      try transaction.noteFailures(0, of: name)
      let all = try transaction.reader.failedAttempts(of: Self.allNames).count
      try transaction.noteFailures(max(all - 1, 0), of: Self.allNames)
    }
  }
}
