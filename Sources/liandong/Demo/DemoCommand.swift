import ArgumentParser
import Foundation
import Glibc
import Intake
import Node
import Regions

extension CommonOptions {
  /// The options as they stand where only these were given.
  static func standing(home: String?, language: Language?) -> CommonOptions {
    do {
      return try CommonOptions.parse(
        (home.map { ["--home=\($0)"] } ?? []) + (language.map { ["--lang", $0.rawValue] } ?? []))
    } catch {
      preconditionFailure("the common options take any folder and a language: \(error)")
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
  @Option(help: ArgumentHelp(Text.demoHomeHelp.help, valueName: "dir"))
  var home: String?

  /// Here `--json` names a file, so the common options cannot stand beside it.
  var common: CommonOptions { .standing(home: home, language: lang) }

  mutating func validate() throws {
    guard leads >= 4 else { throw ArgumentReaders.fault(.tooFewDemoLeads) }
  }

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    // What an earlier run wrote must not pass for this one's.
    if let json, unlink(json) != 0, errno != ENOENT {
      throw HomeError(
        .inputOutput, "cannot replace \(json): \(String(cString: strerror(errno)))")
    }
    do {
      if let input { _ = try LeadRows(path: input, channel: ChannelKey(DemoRun.channel)) }
      let folder = try makeFolder(context.environment)
      return try await run(in: folder, context)
    } catch {
      var report = DemoReport()
      report.failure = CommandFailure(explaining: error).message.in(context.language)
      try tell(report, context)
      throw error
    }
  }

  private func run(in folder: String, _ context: CommandContext) async throws -> ExitStatus {
    let children = DemoChildren()
    let interruption = DemoInterruption(ending: children) { [self] in
      var report = DemoReport()
      report.failure = Text.demoInterrupted.in(context.language)
      context.output.note(.demoFailed(report.failure ?? "", folder: folder))
      // The process ends for the signal's sake; that the file is missing as well tells nothing more.
      try? tell(report, context)
    }
    let view = DemoView(
      output: context.output, isTerminal: isatty(STDERR_FILENO) == 1,
      now: { NodeCore.Clocks.system.wallMilliseconds() })
    let run = try DemoRun(
      folder: folder, input: input, leads: leads, view: view, language: context.language,
      children: children)
    let report = await run.run(keep: keep)
    // Children that a signal ended make the run fail; the signal has the last word.
    while children.isClosed { try await Task.sleep(for: .seconds(1)) }
    withExtendedLifetime(interruption) {}
    if let failure = report.failure {
      context.output.note(.demoFailed(failure, folder: folder))
    } else if !report.ok {
      context.output.note(.demoFailed(Text.demoDisagrees.in(context.language), folder: folder))
    } else if keep {
      context.output.note(.demoKept(folder: folder))
    } else {
      try FileManager.default.removeItem(atPath: folder)
    }
    try tell(report, context)
    return report.ok ? .good : .no
  }

  /// Writes the file that was asked for, and the last line.
  private func tell(_ report: DemoReport, _ context: CommandContext) throws {
    if let json { try write(report, to: json) }
    context.output.line(
      .demoSummary(
        isGood: report.ok, seconds: report.seconds, leads: report.input.leads,
        scopes: report.scopes.count(where: \.agree), of: report.scopes.count, tls: report.tls))
  }

  /// The longest path below which every control socket's path has at most 107 bytes.
  private static let longestParent = 48

  /// A folder in `--home`, else in TMPDIR, or in /tmp where that is not set or its path is too long
  /// for sockets.
  private func makeFolder(_ environment: [String: String]) throws -> String {
    let named = (home ?? environment["TMPDIR"]).map { HomeLayout(path: $0).path } ?? "/tmp"
    let parent = named.utf8.count <= Self.longestParent && named.hasPrefix("/") ? named : "/tmp"
    var template = Array("\(parent)/liandong-demo-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else {
      throw HomeError(
        .inputOutput, "cannot make a folder in \(parent); set TMPDIR to one that can be written")
    }
    return String(cString: made)
  }

  private func write(_ report: DemoReport, to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try encoder.encode(report).write(to: URL(filePath: path))
    // Counts and digests alone: whoever runs the demonstration for others may show it.
    chmod(path, 0o644)
  }
}
