import Casework
import Ledger
import Regions
import Replication
import Store

/// What the commands on accounts have in common.
extension NodeCommands {
  /// What is to found an account, checked, with the password's verifier.
  func opening(_ arguments: AccountOpenArguments) async throws -> AccountOpening {
    let region = try regionBelow(arguments.region)
    guard let name = AccountName(who: arguments.who, region: region) else {
      throw CommandError.field(
        "NAME", zh: "应为 1 至 \(AccountName.maximumWhoBytes) 个 a-z、0-9、点、横线、下划线,不含 @",
        en: "must be 1 to \(AccountName.maximumWhoBytes) of a-z, 0-9, dot, hyphen and underscore, "
          + "without @; the region comes with --region")
    }
    let person = try required(arguments.person, field: "--person")
    let roles = try self.roles(arguments.roles)
    try check(arguments.department, in: region)
    let verifier = try await PasswordVerifier.make(
      of: newPassword(arguments.password), salt: core.salt())
    return AccountOpening(
      name: name, person: person, department: arguments.department, roles: roles,
      verifier: verifier.value)
  }

  /// The roles that people name, each once, ascending.
  ///
  /// - Throws: `CommandError` of exit 65 for none and for an unknown one.
  func roles(_ words: [String]) throws -> [String] {
    let known = AccountRole.allCases.map { "\($0.rawValue) \($0.chinese)" }.joined(separator: ", ")
    let roles = Set(words)
    guard !roles.isEmpty, roles.allSatisfy({ AccountRole(rawValue: $0) != nil }) else {
      throw CommandError.field(
        "--role", zh: "应为下列角色中的一个或几个:\(known)", en: "must be one or more of \(known)")
    }
    return roles.sorted()
  }

  func check(_ department: String?, in region: RegionID) throws {
    guard let department, let unit = try places().directory.entry(region)?.region else { return }
    try check(department, of: unit)
  }

  private func regionBelow(_ text: String?) throws -> RegionID {
    guard let text else { return core.region }
    let places = try places()
    let region = try region(text, field: "--region", places)
    guard places.tree?.isAtOrAbove(core.region, region) == true else {
      throw CommandError.field(
        "--region", zh: "\(region) 不在本区域 \(core.region) 之下,账号由其上级节点开设",
        en: "\(region) does not stand below \(core.region); a node above it opens its accounts")
    }
    return region
  }

  /// The account that a text names.
  ///
  /// - Throws: `CommandError` of exit 65 where none is held.
  func account(_ text: String, in reader: StoreReader) throws -> HeldAccount {
    let found = try accountName(text).flatMap {
      try AccountDirectory(reader: reader).account(named: $0)
    }
    guard let found else { throw CommandError.noSuchAccount(text) }
    return found
  }

  /// The account that a text names, where this node stands at or above its region.
  ///
  /// - Throws: `CommandError` of exit 65 where none is held, of exit 77 where it is for others.
  func administered(_ text: String, in reader: StoreReader) throws -> HeldAccount {
    let held = try account(text, in: reader)
    let tree = try reader.signedTrees().newest
    guard tree?.isAtOrAbove(core.region, held.account.region) == true else {
      throw CommandError(
        .notPermitted, .refused, zh: "\(held.account.name) 不属本区域 \(core.region),请由其上级办理",
        en: "\(held.account.name) is not of \(core.region) or below: a node above it administers it"
      )
    }
    return held
  }

  /// - Throws: `CommandError` of exit 77 for who is no administrator, or of a tier that has none.
  func permitAdministration(_ person: ActingPerson) throws {
    try permit(
      core.store.rules.refusal(
        ofFounding: AccountOpening.kind, by: Process.accounts.hash, by: actor(person)))
  }

  /// An account as it stands now.
  func answer(_ id: EntityID) throws -> AccountAnswer {
    try core.store.read { reader in
      guard let held = try reader.entity(id).flatMap({ try HeldAccount($0, in: reader) }) else {
        throw CommandError.noSuchAccount(id.description)
      }
      return try answer(held, in: reader)
    }
  }

  func answer(_ held: HeldAccount, in reader: StoreReader) throws -> AccountAnswer {
    let account = held.account
    return AccountAnswer(
      schema: "liandong.account/1", id: held.id.description, account: account.name.description,
      person: account.person, region: account.region.rawValue,
      department: Nullable(account.department), roles: account.roles,
      state: !held.isGenuine ? "not_genuine" : account.isActive ? "active" : "revoked",
      sessions: UInt64(try reader.sessionCount(of: held.id)))
  }
}
