import Foundation
import Glibc
import Node
import Regions
import Synchronization

/// One node as a process of its own: `liandong serve` on a provisioned folder.
struct NodeProcess {
  /// How long a node may take to answer commands, and to end.
  private static let startLimit = 20.0
  private static let stopLimit = 15.0
  private static let pause = Duration.milliseconds(10)

  let home: HomeLayout
  private let process: Foundation.Process

  /// Starts the process; its log goes to `serve.log` in the folder.
  init(program: String, home: HomeLayout) throws {
    let log = home.path(of: "serve.log")
    guard FileManager.default.createFile(atPath: log, contents: nil) else {
      throw BenchError("cannot write \(log)")
    }
    let handle = try FileHandle(forWritingTo: URL(filePath: log))
    let process = Foundation.Process()
    process.executableURL = URL(filePath: program)
    process.arguments = ["serve", "--home", home.path]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = handle
    process.standardError = handle
    try process.run()
    RunningChildren.shared.add(process.processIdentifier)
    self.home = home
    self.process = process
  }

  /// Waits until the node takes commands.
  func awaitReady() async throws {
    let deadline = StageClock.seconds() + Self.startLimit
    while StageClock.seconds() < deadline {
      guard process.isRunning else {
        throw BenchError("a node ended at its start: \(lastLogLines)")
      }
      do {
        _ = try await ControlClient(home: home).send(ControlRequest(command: "status")) { _ in }
        return
      } catch let error as ControlError where error.code == .notRunning {
        try await Task.sleep(for: Self.pause)
      }
    }
    throw BenchError("a node took no commands within \(Self.startLimit) s: \(lastLogLines)")
  }

  /// Has the running node carry out a command.
  func command(_ words: String) async throws {
    _ = try await answer(
      ControlRequest(command: words, actor: "bench", role: "operator", language: .en))
  }

  /// Has the running node carry out a request.
  ///
  /// - Returns: the lines of its answer.
  func answer(_ request: ControlRequest) async throws -> [Data] {
    var lines: [Data] = []
    let outcome = try await ControlClient(home: home).send(request) { lines.append($0) }
    guard outcome.exit == 0 else {
      throw BenchError(
        "`\(request.command)` ended with \(outcome.exit): "
          + (outcome.failure?.message ?? "no reason"))
    }
    return lines
  }

  /// The process's resident memory now, in MB of 1,000,000 bytes.
  func residentMegabytes() throws -> Double {
    let path = "/proc/\(process.processIdentifier)/status"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("VmRSS:") }),
      let kibibytes = line.split(whereSeparator: { " \t".contains($0) }).dropFirst().first
        .flatMap({ Double($0) })
    else { throw BenchError("\(path) tells no VmRSS") }
    return kibibytes * 1024 / 1e6
  }

  /// Asks the process to end, and ends it where it does not.
  func stop() {
    defer { RunningChildren.shared.remove(process.processIdentifier) }
    kill(process.processIdentifier, SIGTERM)
    let deadline = StageClock.seconds() + Self.stopLimit
    while isAlive, StageClock.seconds() < deadline { usleep(5_000) }
    if isAlive { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
  }

  /// Whether the process still does anything: it is neither gone nor a corpse.
  private var isAlive: Bool {
    let path = "/proc/\(process.processIdentifier)/stat"
    guard let text = try? String(contentsOfFile: path, encoding: .utf8),
      let state = text[(text.lastIndex(of: ")") ?? text.startIndex)...].dropFirst(2).first
    else { return false }
    return state != "Z" && state != "X"
  }

  private var lastLogLines: String {
    let text = (try? String(contentsOfFile: home.path(of: "serve.log"), encoding: .utf8)) ?? ""
    return text.split(separator: "\n").suffix(3).joined(separator: " | ")
  }
}

/// The processes that this one started and that still run.
///
/// They are in process groups of their own, so a signal to this one's does not reach them.
final class RunningChildren: Sendable {
  static let shared = RunningChildren()

  private let identifiers = Mutex(Set<pid_t>())

  func add(_ identifier: pid_t) { identifiers.withLock { _ = $0.insert(identifier) } }

  func remove(_ identifier: pid_t) { identifiers.withLock { _ = $0.remove(identifier) } }

  /// Ends all of them at once.
  func killAll() {
    identifiers.withLock { identifiers in
      for identifier in identifiers { kill(identifier, SIGKILL) }
      identifiers.removeAll()
    }
  }
}
