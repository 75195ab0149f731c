import Foundation
import Glibc

/// One run of a program to its end, with what it wrote and how it ended.
struct ToolRun {
  let status: Int32
  let output: String
  let errors: String

  /// The longest that any tool may take before it is ended.
  static let limit = Duration.seconds(60)

  /// The node's program: the environment names it, or it was built beside the test bundle.
  static let liandong: String = {
    if let named = ProcessInfo.processInfo.environment["LIANDONG_BINARY"] { return named }
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(filePath: own).deletingLastPathComponent().appending(path: "liandong").path
  }()

  /// The environment of every process: no language and no home but those of the test.
  static let environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]

  /// Runs a tool; its input stays open until it ends, so that no end of file ends it early.
  ///
  /// - Parameter extra: what its environment has besides that of every process.
  static func run(
    _ tool: String, _ arguments: [String], in folder: String = "/tmp",
    with extra: [String: String] = [:], within limit: Duration = ToolRun.limit
  ) throws -> Self {
    // Files, not pipes: no reader has to keep up.
    let scratch = try ScratchFolder()
    let output = try scratch.file("out")
    let errors = try scratch.file("err")
    let process = Process()
    process.executableURL = URL(filePath: tool)
    process.arguments = arguments
    process.environment = environment.merging(extra) { $1 }
    process.currentDirectoryURL = URL(filePath: folder)
    let input = Pipe()
    process.standardInput = input
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let deadline = ContinuousClock.now + limit
    while process.isRunning {
      if ContinuousClock.now > deadline {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        throw CityFault("\(tool) \(arguments.joined(separator: " ")) took over \(limit)")
      }
      usleep(2_000)
    }
    process.waitUntilExit()
    try input.fileHandleForWriting.close()
    // A death by signal is no status that a caller could mistake for one of the program's own.
    let status = process.terminationStatus
    return ToolRun(
      status: process.terminationReason == .exit ? status : 128 + status,
      output: try scratch.read("out"), errors: try scratch.read("err"))
  }

  /// Runs a tool found by the path that must end well.
  @discardableResult
  static func tool(_ words: String..., in folder: String = "/tmp") throws -> String {
    let run = try run("/usr/bin/env", words, in: folder)
    guard run.status == 0 else {
      throw CityFault("\(words.joined(separator: " ")) ended with \(run.status): \(run.errors)")
    }
    return run.output
  }

  /// The answer's lines, each a JSON object.
  func objects() throws -> [[String: Any]] {
    try output.split(separator: "\n").map { line in
      guard let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      else { throw CityFault("no JSON object: \(line)") }
      return object
    }
  }

  /// The only object of the answer.
  func object() throws -> [String: Any] {
    let objects = try objects()
    guard objects.count == 1 else { throw CityFault("not one object: \(output) \(errors)") }
    return objects[0]
  }
}

/// A folder with a short path for one test, removed with all in it when the last reference goes.
final class ScratchFolder: Sendable {
  let path: String

  init() throws {
    var template = Array("/tmp/ldt-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { throw CityFault("cannot make a folder in /tmp") }
    path = String(cString: made)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func path(_ name: String) -> String { "\(path)/\(name)" }

  /// An empty file that is open for writing.
  func file(_ name: String) throws -> FileHandle {
    try Data().write(to: URL(filePath: path(name)))
    return try FileHandle(forWritingTo: URL(filePath: path(name)))
  }

  func read(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: path(name))), as: UTF8.self)
  }

  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    try Data(text.utf8).write(to: URL(filePath: path(name)))
    return path(name)
  }
}
