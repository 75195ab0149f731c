import Casework
import Ledger
import Regions
import Replication
import Store

extension NodeCommands {
  /// Opens the first administrator's account at the hub and demands accounts from now on, in one
  /// commit (初始化账号).
  ///
  /// - Throws: `CommandError` of exit 77 elsewhere than at the hub and where accounts are demanded
  ///   already, of exit 65 for a bad name or password.
  package func bootstrapAccounts(_ arguments: AccountOpenArguments) async throws -> AccountAnswer {
    guard core.tier == .city else {
      throw CommandError(
        .notPermitted, .refused, zh: "只有市级节点能初始化账号,本节点是 \(core.region);请到市级节点办理",
        en: "only the hub begins with accounts, this node is \(core.region); run it there")
    }
    var arguments = arguments
    arguments.region = nil
    arguments.roles.append(AccountRole.administrator.rawValue)
    let opening = try await opening(arguments)
    let name = opening.name.description
    let id = try await core.writer.write(weight: GroupWriter.groupWeight) { [core] transaction in
      guard try transaction.reader.accountsDemandedSince() == nil else {
        throw CommandError(
          .notPermitted, .refused, zh: "账号制度已施行;新账号请用 account add",
          en: "accounts are demanded already: use account add")
      }
      var id: EntityID?
      _ = try transaction.author(
        actor: name, role: AccountRole.administrator.rawValue, lane: .urgent
      ) { commit in
        id = commit.add(opening.draft(by: core.region, salt: core.salt()))
        commit.add(AccountDemand.draft(salt: core.salt()))
      }
      guard let id else { preconditionFailure("the commit founded it") }
      return id
    }
    return try answer(id)
  }

  /// Opens an account (开户) for a region at or below this node's.
  ///
  /// - Throws: `CommandError` of exit 77 for who is no administrator, of exit 65 for a region that is
  ///   not below, a bad or taken name, an unknown role, a short password.
  package func addAccount(
    _ arguments: AccountOpenArguments, by person: ActingPerson
  ) async throws -> AccountAnswer {
    try permitAdministration(person)
    let opening = try await opening(arguments)
    let id = try await core.writer.write(weight: GroupWriter.groupWeight) { [core] transaction in
      let reader = transaction.reader
      guard try reader.accountsDemandedSince() != nil else {
        throw CommandError.accountsNotDemanded
      }
      if let taken = try AccountDirectory(reader: reader).account(named: opening.name),
        taken.isGenuine
      {
        throw CommandError.field(
          "NAME", zh: "账号 \(opening.name) 已存在,请另起一名", en: "\(opening.name) is taken; choose another"
        )
      }
      var id: EntityID?
      _ = try transaction.author(actor: person.account, role: person.role, lane: .urgent) {
        id = $0.add(opening.draft(by: core.region, salt: core.salt()))
      }
      guard let id else { preconditionFailure("the commit founded it") }
      return id
    }
    return try answer(id)
  }

  /// The accounts that this node holds, by age.
  package func listAccounts() throws -> [AccountAnswer] {
    try core.store.read { reader in
      try AccountDirectory(reader: reader).accounts.map { try answer($0, in: reader) }
    }
  }

  /// One account.
  package func showAccount(_ arguments: AccountArguments) throws -> AccountAnswer {
    try core.store.read { reader in
      try answer(account(arguments.account ?? "", in: reader), in: reader)
    }
  }

  /// Gives an account its roles and department (授予角色); they replace what it had.
  package func assignRoles(
    _ arguments: AccountRolesArguments, by person: ActingPerson
  ) async throws -> AccountAnswer {
    let roles = try self.roles(arguments.roles)
    let held = try core.store.read { try administered(arguments.account, in: $0) }
    if held.account.name.description == person.account,
      !roles.contains(AccountRole.administrator.rawValue)
    {
      throw Self.ownAdministration
    }
    try check(arguments.department, in: held.account.region)
    return try await administer(
      held, .assign(roles: roles, department: arguments.department), by: person)
  }

  /// Revokes an account (停用): its sessions are over wherever the event has arrived.
  package func revokeAccount(
    _ arguments: AccountStateArguments, by person: ActingPerson
  ) async throws -> AccountAnswer {
    let reason = try required(arguments.reason, field: "--reason")
    let held = try core.store.read { try administered(arguments.account, in: $0) }
    guard held.account.name.description != person.account else { throw Self.ownAdministration }
    return try await administer(held, .revokeAccount(reason: reason), by: person)
  }

  /// Gives a revoked account back (恢复).
  package func restoreAccount(
    _ arguments: AccountStateArguments, by person: ActingPerson
  ) async throws -> AccountAnswer {
    let reason = try required(arguments.reason, field: "--reason")
    let held = try core.store.read { try administered(arguments.account, in: $0) }
    return try await administer(held, .restoreAccount(reason: reason), by: person)
  }

  private func administer(
    _ held: HeldAccount, _ act: Act, by person: ActingPerson
  ) async throws -> AccountAnswer {
    _ = try await perform(act, on: held.id, by: person, lane: .urgent)
    return try answer(held.id)
  }

  /// So that a city never loses its last administrator.
  private static let ownAdministration = CommandError(
    .notPermitted, .refused, zh: "不能停用自己或撤去自己的管理员角色,请由另一管理员办理",
    en: "nobody takes the administration from himself: another administrator must do it")
}
