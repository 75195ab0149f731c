import ArgumentParser
import Foundation
import Identity
import Node
import Regions

/// `liandong config`: the node's settings.
struct ConfigurationCommands: CommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: Text.configurationAbstract.help,
    subcommands: [ConfigurationCheckCommand.self])
}

/// `liandong config check`: whether the node could start with what is in its folder.
///
/// It looks at the settings, certificate, keys and the socket's path, reports all that is wrong,
/// and opens no store.
struct ConfigurationCheckCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: Text.configurationCheckAbstract.help)

  @OptionGroup var common: CommonOptions

  private struct Answer: Encodable {
    let schema = "liandong.config_check/1"
    let home: String
    let node: String?
    let ok: Bool
    let findings: [Finding]
  }

  private struct Finding: Encodable {
    var file: String?
    var line: Int?
    var column: Int?
    let code: String
    let message: String
    var cure: String?

    /// As one line for people.
    var text: String {
      let place = file.map { "\($0):\(line ?? 1):\(column ?? 1): " } ?? ""
      return place + message + (cure.map { " " + $0 } ?? "")
    }
  }

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    let home = common.home(in: context)
    var findings: [Finding] = []
    let credentials = noting(&findings, context) { try home.keyStore.load() }
    if let certified = credentials?.certified,
      case .barred(let refusal) = certified.mayLink(at: context.now(), revoked: [])
    {
      note(&findings, refusal, context)
    }
    do {
      _ = try NodeConfiguration.load(from: home, agreeingWith: credentials?.certified.name)
    } catch let error as ConfigurationError {
      findings += error.findings.map { fault in
        Finding(
          file: error.file, line: fault.line, column: fault.column, code: fault.code.rawValue,
          message: fault.message(in: context.language), cure: fault.cure(in: context.language))
      }
    } catch {
      note(&findings, error, context)
    }
    _ = noting(&findings, context) { try HomeSealKey.load(from: home) }
    _ = noting(&findings, context) { try ControlClient(home: home).checkPath() }
    try answer(findings, home, credentials?.certified.name, context)
    return findings.isEmpty ? .good : .configuration
  }

  private func answer(
    _ findings: [Finding], _ home: HomeLayout, _ name: NodeName?, _ context: CommandContext
  ) throws {
    let output = context.output
    if output.isJSON {
      try output.json(
        Answer(home: home.path, node: name?.uri, ok: findings.isEmpty, findings: findings))
    } else if findings.isEmpty {
      output.line(.configurationGood(home.configuration, name: name?.uri ?? ""))
    } else {
      for finding in findings { output.line(finding.text) }
      output.note(.findings(findings.count))
    }
  }

  private func noting<Value>(
    _ findings: inout [Finding], _ context: CommandContext, _ body: () throws -> Value
  ) -> Value? {
    do {
      return try body()
    } catch {
      note(&findings, error, context)
      return nil
    }
  }

  private func note(
    _ findings: inout [Finding], _ error: any Error, _ context: CommandContext
  ) {
    let failure = CommandFailure(explaining: error)
    findings.append(
      Finding(code: failure.code, message: failure.message.in(context.language)))
  }
}
