import ArgumentParser
import Foundation
import Identity
import Node

/// `liandong backup`: copies of a node's store.
struct BackupCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup", abstract: Text.backupAbstract.help,
    subcommands: [BackupCreateCommand.self, BackupVerifyCommand.self, BackupRestoreCommand.self])
}

/// `liandong backup create FILE`: a copy of the store as it is at one instant, verified.
struct BackupCreateCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: Text.backupCreateAbstract.help)

  @Argument(help: ArgumentHelp(Text.backupFileHelp.help, valueName: "file")) var file: String
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    try await relay(
      "backup create", PathArguments(path: URL(filePath: file).path), by: nil, in: context,
      as: BackupAnswer.self
    ) { answer, output in answer.show(on: output) }
  }
}

/// `liandong backup verify FILE`: checks a backup with the roots of the node's folder.
struct BackupVerifyCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: Text.backupVerifyAbstract.help)

  @Argument(help: ArgumentHelp(Text.backupFileHelp.help, valueName: "file")) var file: String
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    let home = common.home(in: context)
    let answer = try StoreBackup(path: URL(filePath: file).path).verify(
      judge: DeploymentKeyJudge(roots: home.keyStore.load().roots))
    try answer.tell(context.output)
    return answer.verify.ok ? .good : .no
  }
}

/// `liandong backup restore FILE`: puts a backup in the place of a stopped node's store.
struct BackupRestoreCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: Text.backupRestoreAbstract.help)

  @Argument(help: ArgumentHelp(Text.backupFileHelp.help, valueName: "file")) var file: String
  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    let home = common.home(in: context)
    let answer = try StoreBackup(path: URL(filePath: file).path).restore(to: home)
    try answer.tell(context.output)
    return .good
  }
}

extension BackupAnswer {
  fileprivate func tell(_ output: Output) throws {
    if output.isJSON {
      output.line(data: try AnswerCoding.encode(self))
    } else {
      show(on: output)
    }
  }

  fileprivate func show(on output: Output) {
    verify.show(on: output)
    output.line(.backup(path, region: region, incarnation: incarnation, bytes: bytes))
    if let evidence { output.line(.backupEvidence(evidence)) }
    if let replaced { output.line(.restored(replaced)) }
  }
}
