import ArgumentParser
import Node
import Regions

/// `liandong account`: who may act, where and in which roles 账号.
struct AccountCommands: CommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "account", abstract: Text.accountAbstract.help,
    subcommands: [
      AccountBootstrapCommand.self, AccountAddCommand.self, AccountListCommand.self,
      AccountShowCommand.self, AccountRolesCommand.self, AccountPasswordCommand.self,
      AccountRevokeCommand.self, AccountRestoreCommand.self, AccountLoginCommand.self,
      AccountLogoutCommand.self, AccountCodeCommands.self, AccountAuditCommand.self,
    ])
}

/// `liandong account bootstrap NAME`: the first administrator, at the hub.
struct AccountBootstrapCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "bootstrap", abstract: Text.accountBootstrapAbstract.help)

  @Argument(help: ArgumentHelp(Text.whoHelp.help)) var name: String
  @Option(help: ArgumentHelp(Text.personHelp.help)) var person: String
  @Option(help: ArgumentHelp(Text.newPasswordFileHelp.help, valueName: "file"))
  var newPasswordFile: String?
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    let password = try PasswordInput(context: context).new(from: newPasswordFile, of: name)
    return try await relay(
      "account bootstrap", AccountOpenArguments(who: name, person: person, password: password),
      by: nil, in: context, as: AccountAnswer.self
    ) { answer, output in
      output.line(.account(answer))
      output.note(.accountsDemanded)
    }
  }
}

/// `liandong account add NAME`: opens an account 开户.
struct AccountAddCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: Text.accountAddAbstract.help)

  @Argument(help: ArgumentHelp(Text.whoHelp.help)) var name: String
  @Option(name: .customLong("person"), help: ArgumentHelp(Text.personHelp.help))
  var fullName: String
  @Option(help: ArgumentHelp(Text.accountRegionHelp.help)) var region: String?
  @Option(help: ArgumentHelp(Text.departmentHelp.help)) var department: String?
  @Option(
    name: .customLong("grant"), parsing: .upToNextOption,
    help: ArgumentHelp(Text.grantHelp.help, valueName: "role"))
  var roles: [String]
  @Option(help: ArgumentHelp(Text.newPasswordFileHelp.help, valueName: "file"))
  var newPasswordFile: String?
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    var arguments = AccountOpenArguments(
      who: name, person: fullName,
      password: try PasswordInput(context: context).new(from: newPasswordFile, of: name))
    arguments.region = region
    arguments.department = department
    arguments.roles = roles
    return try await relay(
      "account add", arguments, by: person, in: context, as: AccountAnswer.self
    ) { $1.line(.account($0)) }
  }
}

/// `liandong account list`: the accounts that this node holds.
struct AccountListCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: Text.accountListAbstract.help)

  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    let language = context.language
    var table = LeadTable(Text.accountColumns.map { $0.in(language) })
    let status = try await relay(
      "account list", NoArguments(), by: nil, in: context, as: AccountAnswer.self
    ) { account, _ in
      table.add([
        account.account, account.person, account.department.value ?? "",
        account.roles.joined(separator: ","), Text.accountState(account.state).in(language),
        String(account.sessions),
      ])
    }
    if !context.output.isJSON { for line in table.lines { context.output.line(line) } }
    return status
  }
}

/// `liandong account show ACCOUNT`: one account.
struct AccountShowCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: Text.accountShowAbstract.help)

  @Argument(help: ArgumentHelp(Text.accountHelp.help)) var account: String
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    try await relay(
      "account show", AccountArguments(account: account), by: nil, in: context,
      as: AccountAnswer.self
    ) { $1.line(.account($0)) }
  }
}

/// `liandong account roles ACCOUNT --grant ROLE...`: replaces roles and department 授予角色.
struct AccountRolesCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "roles", abstract: Text.accountRolesAbstract.help)

  @Argument(help: ArgumentHelp(Text.accountHelp.help)) var account: String
  @Option(
    name: .customLong("grant"), parsing: .upToNextOption,
    help: ArgumentHelp(Text.grantHelp.help, valueName: "role"))
  var roles: [String]
  @Option(help: ArgumentHelp(Text.departmentHelp.help)) var department: String?
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    try await relay(
      "account roles",
      AccountRolesArguments(account: account, roles: roles, department: department), by: person,
      in: context, as: AccountAnswer.self
    ) { $1.line(.account($0)) }
  }
}

/// `liandong account revoke ACCOUNT`: 停用.
struct AccountRevokeCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke", abstract: Text.accountRevokeAbstract.help)

  @Argument(help: ArgumentHelp(Text.accountHelp.help)) var account: String
  @Option(help: ArgumentHelp(Text.reasonHelp.help)) var reason: String
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    try await relay(
      "account revoke", AccountStateArguments(account: account, reason: reason), by: person,
      in: context, as: AccountAnswer.self
    ) { $1.line(.account($0)) }
  }
}

/// `liandong account restore ACCOUNT`: 恢复.
struct AccountRestoreCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: Text.accountRestoreAbstract.help)

  @Argument(help: ArgumentHelp(Text.accountHelp.help)) var account: String
  @Option(help: ArgumentHelp(Text.reasonHelp.help)) var reason: String
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    try await relay(
      "account restore", AccountStateArguments(account: account, reason: reason), by: person,
      in: context, as: AccountAnswer.self
    ) { $1.line(.account($0)) }
  }
}
