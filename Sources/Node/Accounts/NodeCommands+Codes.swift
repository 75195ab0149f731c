import Casework
import Ledger
import Regions
import Replication
import Store

extension NodeCommands {
  /// Begins with a forgotten password (口令找回): shows what the person reads out to an office above.
  /// Nobody need be logged on, and no network is needed.
  ///
  /// - Throws: `CommandError` of exit 65 for an account that is not held, of exit 77 for one that may
  ///   not act here, and at the hub, which has no office above.
  package func challengeCode(_ arguments: AccountArguments) async throws -> CodeChallengeAnswer {
    let held = try core.store.read { try account(arguments.account ?? "", in: $0) }
    guard core.tier != .city, held.mayAct(at: core.region) else {
      throw CommandError(
        .notPermitted, .refused,
        zh: "\(held.account.name) 不能在本节点用一次性口令;请由有权的管理员 account password",
        en:
          "\(held.account.name) takes no one-time code at this node: an administrator sets another "
          + "password with account password")
    }
    let now = core.wallMilliseconds()
    guard let challenge = SpokenCode(bytes: core.randomBytes(SpokenCode.byteCount)) else {
      preconditionFailure("that many bytes were asked for")
    }
    try await core.writer.write {
      try $0.keepChallenge(
        StoredChallenge(challenge: challenge.bytes, madeAtMilliseconds: now), for: held.id)
    }
    return CodeChallengeAnswer(
      schema: "liandong.code_challenge/1", account: held.account.name.description,
      challenge: challenge.description,
      expiresAt: CommandTime.text(now + SessionBounds.challengeMilliseconds))
  }

  /// Works out, at an office above, the code that is told the person (告知一次性口令), and puts on
  /// record that it was. Whoever tells it makes sure first who is on the telephone.
  ///
  /// - Throws: `CommandError` of exit 77 for who is no administrator above, and where the person's
  ///   node never sealed its secret to this one.
  package func answerCode(
    _ arguments: CodeAnswerArguments, by person: ActingPerson
  ) async throws -> CodeAnswer {
    guard let challenge = SpokenCode(arguments.challenge) else {
      throw CommandError.field(
        "CHALLENGE", zh: "应为 8 位字母数字,如 7KQM-2XPD",
        en: "must be 8 letters and digits, as in 7KQM-2XPD")
    }
    let key = try HomeSealKey.load(from: home).privateKey
    let (held, secret) = try core.store.read { reader in
      let held = try administered(arguments.account, in: reader)
      let secret = try reader.recoveryEntities()
        .filter { $0.state?.founding.region == held.account.region }
        .sorted { $0.id > $1.id }
        .lazy.compactMap { $0.state.flatMap { RecoverySeal.sealed(in: $0) } }
        .compactMap {
          RecoverySecret.open($0, of: held.account.region, by: core.region, with: key)
        }.first
      return (held, secret)
    }
    guard let secret else {
      throw CommandError(
        .notReady, .refused,
        zh: "\(held.account.region) 的恢复密钥尚未密封给本节点(该节点须先有人登录过);请用 account password 另设口令",
        en:
          "\(held.account.region) has sealed no secret to this node (somebody must have logged on "
          + "there once): set another password with account password")
    }
    _ = try await perform(.tellCode, on: held.id, by: person, lane: .urgent)
    return CodeAnswer(
      schema: "liandong.code/1", account: held.account.name.description,
      code: secret.code(for: held.id, challenge: challenge).description)
  }

  /// Sets another password by the code that was told; it serves once.
  ///
  /// - Throws: `CommandError` of exit 77: code_refused, login_throttled; of exit 65 for a password that
  ///   is too short.
  package func useCode(_ arguments: CodeUseArguments) async throws -> AccountAnswer {
    let held = try core.store.read { try account(arguments.account, in: $0) }
    let verifier = try await PasswordVerifier.make(
      of: newPassword(arguments.password), salt: core.salt())
    let key = "code:\(held.account.name)"
    try await countAttempt(on: key)
    let secret = RecoverySecret(of: try HomeSealKey.load(from: home).privateKey)
    let code = SpokenCode(arguments.code)
    // A wrong answer is counted for good, so it ends the transaction well.
    let isRight = try await core.writer.write { [self] transaction in
      guard let challenge = try openChallenge(for: held.id, in: transaction),
        let now = try self.held(held.id, in: transaction), now.mayAct(at: core.region),
        let asked = SpokenCode(bytes: challenge.challenge)
      else { return false }
      guard code == secret.code(for: held.id, challenge: asked) else { return false }
      try transaction.dropChallenge(for: held.id)
      let entity = try heldEntity(held.id, in: transaction)
      _ = try transaction.author(
        actor: held.account.name.description, role: held.account.roles.first ?? "", lane: .urgent
      ) { commit in
        commit.add(
          Act.setVerifier(verifier.value).draft(
            entity: held.id, heads: entity.heads, salt: core.salt()))
      }
      return true
    }
    guard isRight else { throw CommandError.codeRefused }
    try await forgiveAttempt(on: key)
    return try answer(held.id)
  }

  /// The challenge of an account that is neither over nor tried too often, with one more try counted.
  private func openChallenge(
    for account: EntityID, in transaction: StoreTransaction
  ) throws -> StoredChallenge? {
    guard let challenge = try transaction.reader.challenge(for: account) else { return nil }
    let age = core.wallMilliseconds() &- challenge.madeAtMilliseconds
    guard age < SessionBounds.challengeMilliseconds, challenge.tries < SessionBounds.codeTries
    else {
      try transaction.dropChallenge(for: account)
      return nil
    }
    try transaction.keepChallenge(
      StoredChallenge(
        challenge: challenge.challenge, madeAtMilliseconds: challenge.madeAtMilliseconds,
        tries: challenge.tries + 1), for: account)
    return challenge
  }

  /// Seals this node's secret to the regions above, unless that was done and they have the same keys
  /// still. Done whenever somebody logs on, so that it is there before it is needed.
  func sealRecovery(in transaction: StoreTransaction) throws {
    let reader = transaction.reader
    let recipients = try SealDirectory(reader: reader).recipients(
      above: core.region, own: core.sealKey, in: try reader.signedTrees().newest
    ).filter { $0.region != core.region }
    let isDone = try reader.recoveryEntities().contains { entity in
      guard let state = entity.state, state.founding.region == core.region else { return false }
      return RecoverySeal.sealed(in: state).map {
        RecoverySecret.isSealed($0, to: recipients)
      } ?? false
    }
    guard !isDone, !recipients.isEmpty else { return }
    let secret = RecoverySecret(of: try HomeSealKey.load(from: home).privateKey)
    let sealed = try secret.sealed(of: core.region, to: recipients)
    _ = try transaction.author(
      actor: AccountRole.system, role: AccountRole.system, lane: .bulk
    ) { $0.add(RecoverySeal.draft(of: core.region, sealed: sealed, salt: core.salt())) }
  }
}
