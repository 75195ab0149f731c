import Ledger
import Node
import Regions
import Store
import Testing

/// A `CommandsCity` with an administrator at the hub and a clerk at a township.
struct AccountsCity {
  static let adminPassword = "管理员的长口令甲乙丙丁戊"
  static let clerkPassword = "clerk-password-1"

  let city: CommandsCity
  let hub: CommandsNode
  let east: CommandsNode
  let west: CommandsNode
  let lake: CommandsNode

  /// - Parameter isPlain: whether nobody has an account yet.
  init(isPlain: Bool = false) async throws {
    city = try CommandsCity()
    hub = try city.node("hub")
    east = try city.node("east")
    west = try city.node("west")
    lake = try city.node("lake0")
    try settle()
    guard !isPlain else { return }
    _ = try await hub.commands.bootstrapAccounts(
      AccountOpenArguments(who: "root", person: "管理员", password: Self.adminPassword))
    _ = try await add("clerk", for: "lake0", roles: ["township_clerk", "channel_duty"])
    try settle()
  }

  static func admin() throws -> ActingPerson {
    try ActingPerson(account: "root@hub", role: "administrator")
  }

  /// Opens an account at the hub.
  @discardableResult
  func add(_ who: String, for region: String, roles: [String]) async throws -> AccountAnswer {
    var arguments = AccountOpenArguments(
      who: who, person: "某某", password: Self.clerkPassword)
    arguments.region = region
    arguments.roles = roles
    return try await hub.commands.addAccount(arguments, by: Self.admin())
  }

  /// Brings everything up, then down.
  func settle() throws {
    for (from, to) in [(lake, east), (east, hub), (west, hub)] { try from.carry(to: to) }
    for (from, to) in [(hub, east), (hub, west), (east, lake)] { try from.carry(to: to) }
  }

  func logIn(
    _ account: String = "clerk@lake0", _ password: String = clerkPassword, at node: CommandsNode
  ) async throws -> String {
    try await node.commands.logIn(LoginArguments(account: account, password: password)).session
  }
}
