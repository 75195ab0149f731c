import ArgumentParser
import Foundation
import Glibc
import Node
import Regions

extension CommonOptions {
  /// The options as they stand where none was given but the language.
  static func standing(for language: Language?) -> CommonOptions {
    do {
      return try CommonOptions.parse(language.map { ["--lang", $0.rawValue] } ?? [])
    } catch {
      preconditionFailure("the common options have defaults: \(error)")
    }
  }
}

/// `liandong demo`: a city of seven nodes on this machine, from an empty folder to agreement.
struct DemoCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo", abstract: Text.demoAbstract.help)

  @Option(help: ArgumentHelp(Text.demoJSONHelp.help, valueName: "file"))
  var json: String?
  @Option(help: ArgumentHelp(Text.demoInputHelp.help, valueName: "file"))
  var input: String?
  @Option(help: ArgumentHelp(Text.demoLeadsHelp.help, valueName: "number"))
  var leads = 400
  @Flag(help: ArgumentHelp(Text.demoKeepHelp.help))
  var keep = false
  @Option(
    help: ArgumentHelp("zh | en", valueName: "language"),
    transform: ArgumentReaders.language)
  var lang: Language?

  /// Here `--json` names a file, so the common options cannot stand beside it.
  var common: CommonOptions { .standing(for: lang) }

  mutating func validate() throws {
    guard leads >= 4 else { throw ArgumentReaders.fault(.tooFewDemoLeads) }
  }

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    let folder = try makeFolder(context.environment)
    let view = DemoView(
      output: context.output, isTerminal: isatty(STDERR_FILENO) == 1,
      now: { NodeCore.Clocks.system.wallMilliseconds() })
    let run = try DemoRun(
      folder: folder, input: input, leads: leads, view: view, language: context.language)
    let report = try await run.run(keep: keep)
    if let json { try write(report, to: json) }
    if keep {
      context.output.note(.demoKept(folder: folder))
    } else {
      try FileManager.default.removeItem(atPath: folder)
    }
    context.output.line(
      .demoSummary(
        isGood: report.ok, seconds: report.seconds, leads: report.input.leads,
        scopes: report.scopes.count(where: \.agree), of: report.scopes.count, tls: report.tls))
    return report.ok ? .good : .no
  }

  /// The longest path below which every control socket's path has at most 107 bytes.
  private static let longestParent = 48

  /// A folder in TMPDIR, or in /tmp where that is not set or its path is too long for sockets.
  private func makeFolder(_ environment: [String: String]) throws -> String {
    let named = environment["TMPDIR"].map { HomeLayout(path: $0).path } ?? "/tmp"
    let parent = named.utf8.count <= Self.longestParent && named.hasPrefix("/") ? named : "/tmp"
    var template = Array("\(parent)/liandong-demo-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else {
      throw DemoError("cannot make a folder in \(parent); set TMPDIR to one that can be written")
    }
    return String(cString: made)
  }

  private func write(_ report: DemoReport, to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try encoder.encode(report).write(to: URL(filePath: path))
  }
}
