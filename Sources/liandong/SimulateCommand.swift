import ArgumentParser
import Casework
import Foundation
import Node
import Regions
import Simulation

/// `liandong simulate`: runs made-up cities from seeds, with everything going wrong, and checks every
/// invariant.
struct SimulateCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate", abstract: Text.simulateAbstract.help)

  /// Runs all profiles in turn.
  private static let everyProfile = "all"
  /// The environment variable that names the revision of the source, for reports.
  private static let revisionVariable = "LIANDONG_REVISION"

  @Option(help: ArgumentHelp(Text.simulateSeedHelp.help, valueName: "number"))
  var seed: UInt64 = 1
  @Option(help: ArgumentHelp(Text.simulateCountHelp.help, valueName: "number"))
  var count = 1
  @Option(
    help: ArgumentHelp(Text.simulateNodesHelp.help, valueName: "CxDxT"),
    transform: Self.shape)
  var nodes = Self.usualShape
  @Option(help: ArgumentHelp(Text.simulateHoursHelp.help, valueName: "number"))
  var hours: UInt64 = 72
  @Option(help: ArgumentHelp(Text.simulateProfileHelp(Self.profileNames).help, valueName: "name"))
  var profile = "storm"
  @Option(help: ArgumentHelp(Text.simulateProcessHelp.help, valueName: "file"))
  var process: String?
  @Flag(help: ArgumentHelp(Text.simulateTraceHelp.help))
  var trace = false
  @OptionGroup var common: CommonOptions

  private static let profileNames = Profile.all.map(\.name) + [everyProfile]
  /// A hub, three districts and nine townships.
  private static var usualShape: Shape {
    guard let shape = Shape(districts: 3, townships: 9) else {
      preconditionFailure("thirteen offices are within the bounds")
    }
    return shape
  }
  private static let hourBound: UInt64 = 24 * 366 * 10

  private static func shape(_ text: String) throws -> Shape {
    guard let shape = Shape(text) else {
      throw ArgumentReaders.fault(.notAShape(text, most: Shape.maximumOffices))
    }
    return shape
  }

  mutating func validate() throws {
    guard Self.profileNames.contains(profile) else {
      throw ArgumentReaders.fault(.notAProfile(profile, Self.profileNames))
    }
    guard (1...Self.hourBound).contains(hours) else {
      throw ArgumentReaders.fault(.simulateHoursOutOfRange(Self.hourBound))
    }
    guard count >= 1, UInt64.max - seed >= UInt64(count - 1) else {
      throw ArgumentReaders.fault(.simulateCountOutOfRange)
    }
  }

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    let named = context.environment[Self.revisionVariable].flatMap { $0.isEmpty ? nil : $0 }
    let revision = named ?? Version.current
    let trial = try process.map { try Self.process(InputFile(path: $0)) }
    var worst = ExitStatus.good
    Allocator.keepFreed()
    for offset in 0..<UInt64(count) {
      if context.output.isLost { break }
      let began = ContinuousClock.now
      var options = Simulation.Options(
        seed: seed + offset, shape: nodes, hours: hours, profile: profile(at: offset),
        traces: trace)
      options.process = trial
      let report = Simulation.run(options)
      let answer = SimulateAnswer(
        report, revision: revision, seconds: began.duration(to: .now).inSeconds)
      if context.output.isJSON {
        try context.output.json(answer)
      } else {
        answer.show(on: context.output)
      }
      if report.result != .good || trace {
        for line in report.trace { context.output.note(Text(zh: line, en: line)) }
      }
      if report.result.status.rawValue > worst.rawValue { worst = report.result.status }
    }
    return worst
  }

  /// - Throws: every finding, by line, of a file that is no process.
  private static func process(_ input: InputFile) throws -> Casework.Process {
    let text = try input.text(atMost: TopologyFile.maximumBytes)
    switch ProcessFile.parse(text) {
    case .draft(let draft): return draft.process
    case .refused(let findings):
      let lines = Language.allCases.map { input.lines(of: findings, in: $0) }
      throw CommandFailure(
        .badData, code: "process_faults",
        Text(zh: lines[0].joined(separator: "\n"), en: lines[1].joined(separator: "\n")))
    }
  }

  private func profile(at offset: UInt64) -> Profile {
    Profile.named(profile) ?? Profile.all[Int((seed + offset) % UInt64(Profile.all.count))]
  }
}

extension Duration {
  fileprivate var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }
}

extension SimulationReport.Result {
  fileprivate var status: ExitStatus {
    switch self {
    case .good: .good
    case .notSettled: .notSettled
    case .checkFailed: .checkFailed
    case .harness: .harness
    }
  }
}

/// The answer of `simulate`, `liandong.simulate/1`.
struct SimulateAnswer: Encodable {
  struct Check: Encodable {
    let checked: Int
    let failed: Int
  }

  struct Conflicts: Encodable {
    let opened: Int
    let decided: Int
  }

  let schema = "liandong.simulate/1"
  let seed: UInt64
  let revision: String
  let profile: String
  let nodes: Int
  let virtualSeconds: UInt64
  let wallSeconds: Double
  let events: Int
  let commits: Int
  let frames: Int
  let faults: [String: Int]
  let checks: [String: Check]
  /// How often honest offices wrote each kind of the process on trial; absent where none was named.
  let kinds: [String: Int]?
  let conflicts: Conflicts
  let settledAfterSeconds: Nullable<UInt64>
  let stateDigest: String
  let result: String
  let failure: Nullable<String>

  init(_ report: SimulationReport, revision: String, seconds: Double) {
    seed = report.seed
    self.revision = revision
    profile = report.profile
    nodes = report.offices
    virtualSeconds = report.virtualSeconds
    wallSeconds = (seconds * 1_000).rounded() / 1_000
    events = report.events
    commits = report.commits
    frames = report.frames
    faults = report.faults
    checks = report.checks.mapValues { Check(checked: $0.checked, failed: $0.failed) }
    kinds = report.trialKinds
    conflicts = Conflicts(opened: report.conflictsOpened, decided: report.conflictsDecided)
    settledAfterSeconds = Nullable(report.settledAfterSeconds)
    stateDigest = report.stateDigest
    result = report.result.rawValue
    failure = Nullable(
      report.failure.map {
        "at \($0.virtualSeconds) s: \($0.message) (also with --hours \($0.shortestHours))"
      })
  }

  func show(on output: Output) {
    output.line(
      .simulated(
        seed: seed, profile: profile, nodes: nodes, hours: virtualSeconds / 3_600,
        events: events, faults: faults.values.reduce(0, +),
        checks: checks.values.reduce(0) { $0 + $1.checked }, result: result,
        failure: failure.value))
  }
}
