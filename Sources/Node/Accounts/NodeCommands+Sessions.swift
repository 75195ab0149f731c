import Casework
import Ledger
import Regions
import Store

extension NodeCommands {
  /// Opens a session for a person who knows the account's password (登录). It needs no network.
  ///
  /// The attempt counts as failed before it is made, so that many at once cannot outrun the throttle;
  /// accounts that are not there cost the same time and say the same.
  ///
  /// - Throws: `CommandError` of exit 77: login_failed, login_throttled.
  package func logIn(_ arguments: LoginArguments) async throws -> LoginAnswer {
    let held = try await authenticate(arguments.account, arguments.password)
    let token = core.randomBytes(SessionBounds.tokenBytes)
    let now = core.wallMilliseconds()
    let session = StoredSession(
      token: Hash(of: token), account: held.id, access: held.account.access,
      openedAtMilliseconds: now)
    try await core.writer.write { [self] transaction in
      // Something may have come over the link while the password was checked.
      guard try self.held(held.id, in: transaction)?.account.access == held.account.access else {
        throw CommandError.loginFailed
      }
      try transaction.closeSessions(
        usedBefore: Self.before(now, SessionBounds.idleMilliseconds),
        openedBefore: Self.before(now, SessionBounds.ageMilliseconds))
      try transaction.openSession(session, limit: SessionBounds.perAccount)
      try sealRecovery(in: transaction)
    }
    return LoginAnswer(
      schema: "liandong.login/1", account: held.account.name.description,
      person: held.account.person, roles: held.account.roles, session: token.hex,
      expiresAt: CommandTime.text(now + SessionBounds.ageMilliseconds))
  }

  /// The account that a session stands for.
  ///
  /// - Parameter token: as ``logIn(_:)`` gave it.
  /// - Throws: `CommandError` login_required where the session is over: unused or old, or the account
  ///   was revoked or got another password, here or anywhere.
  package func session(_ token: String) async throws -> HeldAccount {
    guard let bytes = [UInt8](hex: token), bytes.count == SessionBounds.tokenBytes else {
      throw CommandError.sessionOver
    }
    let hash = Hash(of: bytes)
    let now = core.wallMilliseconds()
    let (session, held) = try core.store.read { reader in
      let session = try reader.session(hash)
      let entity = try session.flatMap { try reader.entity($0.account) }
      return (session, try entity.flatMap { try HeldAccount($0, in: reader) })
    }
    guard let session else { throw CommandError.sessionOver }
    let isOver =
      session.usedAtMilliseconds < Self.before(now, SessionBounds.idleMilliseconds)
      || session.openedAtMilliseconds < Self.before(now, SessionBounds.ageMilliseconds)
    guard !isOver, let held, held.mayAct(at: core.region), held.account.access == session.access
    else {
      try await core.writer.write { try $0.closeSession(hash) }
      throw CommandError.sessionOver
    }
    if session.usedAtMilliseconds + SessionBounds.noteMilliseconds < now {
      try await core.writer.write { try $0.useSession(hash) }
    }
    return held
  }

  /// Ends a session (退出); one that is over already changes nothing.
  package func logOut(_ token: String) async throws -> LogoutAnswer {
    if let bytes = [UInt8](hex: token) {
      try await core.writer.write { try $0.closeSession(Hash(of: bytes)) }
    }
    return LogoutAnswer(schema: "liandong.logout/1")
  }

  /// Who acts: the person of the session, where one is given; else, as long as no accounts are
  /// demanded, whoever the caller says.
  ///
  /// - Parameters:
  ///   - account: must be the session's, where both are given.
  ///   - role: may be empty where the account has exactly one.
  ///   - token: empty for none.
  /// - Throws: `CommandError` of exit 77 without a session that holds or without the role.
  package func actingPerson(
    account: String, role: String, session token: String
  ) async throws -> ActingPerson {
    guard !token.isEmpty else {
      guard try core.store.read({ try $0.accountsDemandedSince() }) == nil else {
        throw CommandError.loginRequired
      }
      return try ActingPerson(account: account, role: role.isEmpty ? Self.usualRole : role)
    }
    let held = try await session(token).account
    guard account.isEmpty || accountName(account) == held.name else {
      throw CommandError.field(
        "--as", zh: "会话属于 \(held.name),不能以“\(account)”办理",
        en: "the session is that of \(held.name), not of '\(account)'")
    }
    let listed = held.roles.joined(separator: ", ")
    guard let chosen = role.isEmpty ? held.roles.first : role,
      !role.isEmpty || held.roles.count == 1
    else {
      throw CommandError.field(
        "--role", zh: "请写明以何角色办理:\(listed)", en: "say in which role: \(listed)")
    }
    guard held.roles.contains(chosen) else {
      throw CommandError(
        .notPermitted, .refused, zh: "\(held.name) 没有角色“\(chosen)”,只有:\(listed);请换角色或由管理员授予",
        en:
          "\(held.name) has no role \(chosen), only \(listed): choose one, or ask an administrator")
    }
    return try ActingPerson(account: held.name.description, role: chosen)
  }

  /// The role of who names none, where no accounts are demanded.
  private static let usualRole = AccountRole.platformOffice.rawValue

  private static func before(_ now: UInt64, _ milliseconds: UInt64) -> UInt64 {
    now > milliseconds ? now - milliseconds : 0
  }

  /// An account as it stands within a transaction.
  func held(_ id: EntityID, in transaction: StoreTransaction) throws -> HeldAccount? {
    try transaction.entity(id).flatMap { try HeldAccount($0, in: transaction.reader) }
  }

  /// `who@region`, or `who` of this node's region.
  func accountName(_ text: String) -> AccountName? {
    AccountName(text) ?? AccountName(who: text, region: core.region)
  }
}
