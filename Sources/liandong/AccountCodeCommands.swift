import ArgumentParser
import Node
import Regions

/// `liandong account code`: a forgotten password at an office that is offline 口令找回.
struct AccountCodeCommands: CommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "code", abstract: Text.accountCodeAbstract.help,
    subcommands: [
      AccountCodeChallengeCommand.self, AccountCodeAnswerCommand.self, AccountCodeUseCommand.self,
    ])
}

/// `liandong account code challenge ACCOUNT`: what is read out to the office above.
struct AccountCodeChallengeCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "challenge", abstract: Text.codeChallengeAbstract.help)

  @Argument(help: ArgumentHelp(Text.accountHelp.help)) var account: String
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    try await relay(
      "account code challenge", AccountArguments(account: account), by: nil, in: context,
      as: CodeChallengeAnswer.self
    ) { answer, output in
      output.line(answer.challenge)
      output.note(.codeChallenge(answer))
    }
  }
}

/// `liandong account code answer ACCOUNT CHALLENGE`: at the office above, what is told the person.
struct AccountCodeAnswerCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "answer", abstract: Text.codeAnswerAbstract.help)

  @Argument(help: ArgumentHelp(Text.accountHelp.help)) var account: String
  @Argument(help: ArgumentHelp(Text.challengeHelp.help)) var challenge: String
  @OptionGroup var person: PersonOptions
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    try await relay(
      "account code answer", CodeAnswerArguments(account: account, challenge: challenge),
      by: person, in: context, as: CodeAnswer.self
    ) { answer, output in
      output.line(answer.code)
      output.note(.codeAnswer)
    }
  }
}

/// `liandong account code use ACCOUNT CODE`: sets another password by it.
struct AccountCodeUseCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "use", abstract: Text.codeUseAbstract.help)

  @Argument(help: ArgumentHelp(Text.accountHelp.help)) var account: String
  @Argument(help: ArgumentHelp(Text.codeHelp.help)) var code: String
  @Option(help: ArgumentHelp(Text.newPasswordFileHelp.help, valueName: "file"))
  var newPasswordFile: String?
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    let password = try PasswordInput(context: context).new(from: newPasswordFile, of: account)
    return try await relay(
      "account code use", CodeUseArguments(account: account, code: code, password: password),
      by: nil, in: context, as: AccountAnswer.self
    ) { $1.line(.passwordSet($0.account)) }
  }
}
