import ArgumentParser
import Node
import Regions

/// `liandong account login ACCOUNT`: opens a session 登录; its token goes into `LIANDONG_SESSION`.
struct AccountLoginCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "login", abstract: Text.accountLoginAbstract.help)

  @Argument(help: ArgumentHelp(Text.accountHelp.help)) var account: String
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    let password = try PasswordInput(context: context).present(of: account)
    return try await relay(
      "account login", LoginArguments(account: account, password: password), by: nil, in: context,
      as: LoginAnswer.self
    ) { answer, output in
      // The token alone, so that a shell can take it.
      output.line(answer.session)
      output.note(.loggedIn(answer))
    }
  }
}

/// `liandong account logout`: ends the session of `LIANDONG_SESSION` 退出.
struct AccountLogoutCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "logout", abstract: Text.accountLogoutAbstract.help)

  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    try await relay(
      "account logout", NoArguments(), by: nil, in: context, as: LogoutAnswer.self
    ) { $1.line(.loggedOut) }
  }
}

/// `liandong account password [ACCOUNT]`: one's own password, or as administrator another's 设置口令.
struct AccountPasswordCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "password", abstract: Text.accountPasswordAbstract.help)

  @Argument(help: ArgumentHelp(Text.ownAccountHelp.help)) var account: String?
  @Option(help: ArgumentHelp(Text.newPasswordFileHelp.help, valueName: "file"))
  var newPasswordFile: String?
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    let input = PasswordInput(context: context)
    let name = account ?? person.account ?? ""
    let current = account == nil ? try input.present(of: name) : nil
    let arguments = AccountPasswordArguments(
      account: account, current: current, password: try input.new(from: newPasswordFile, of: name))
    return try await relay(
      "account password", arguments, by: person, in: context, as: AccountAnswer.self
    ) { $1.line(.passwordSet($0.account)) }
  }
}

/// `liandong account audit`: commits whose account had not that role at that time 账号审计.
struct AccountAuditCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit", abstract: Text.accountAuditAbstract.help)

  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    var count = 0
    let status = try await relay(
      "account audit", NoArguments(), by: nil, in: context, as: AccountFinding.self
    ) { finding, output in
      count += 1
      output.line(.accountFinding(finding))
    }
    if !context.output.isJSON { context.output.note(.accountFindings(count)) }
    return status
  }
}
