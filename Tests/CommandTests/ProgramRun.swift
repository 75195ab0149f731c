import Foundation
import Testing

/// One run of the built program as a process, with what it wrote and how it ended.
struct ProgramRun {
  let status: Int32
  /// Whether it exited, and was not ended by a signal.
  let exited: Bool
  let output: String
  let errors: String

  /// The program, which is built beside the test bundle.
  static let path: String = {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(filePath: own).deletingLastPathComponent().appending(path: "liandong").path
  }()

  /// The environment of every run: no language and no home but those of the test.
  private static let environment = ["PATH": "/usr/bin:/bin"]

  /// Runs the program to its end.
  static func run(
    _ arguments: String..., environment: [String: String] = [:], in folder: String = "/"
  ) throws -> ProgramRun {
    try run(URL(filePath: path), arguments, environment, folder)
  }

  /// Runs a shell line in which `$P` is the program.
  static func shell(_ line: String) throws -> ProgramRun {
    try run(URL(filePath: "/bin/bash"), ["-c", line], ["P": path], "/")
  }

  private static func run(
    _ program: URL, _ arguments: [String], _ environment: [String: String], _ folder: String
  ) throws -> ProgramRun {
    let scratch = try ScratchFolder()
    // Files, not pipes: no reader has to keep up.
    for name in ["out", "err"] { try scratch.write("", to: name) }
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.environment = Self.environment.merging(environment) { $1 }
    process.currentDirectoryURL = URL(filePath: folder)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle(forWritingAtPath: scratch.path("out"))
    process.standardError = FileHandle(forWritingAtPath: scratch.path("err"))
    try process.run()
    process.waitUntilExit()
    return ProgramRun(
      status: process.terminationStatus, exited: process.terminationReason == .exit,
      output: try scratch.read("out"), errors: try scratch.read("err"))
  }

  /// The answer as one JSON object on one line.
  func json(sourceLocation: SourceLocation = #_sourceLocation) throws -> [String: Any] {
    try Self.object(output, sourceLocation)
  }

  /// The error's code and message from the last line of standard error.
  func error(
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> (code: String, message: String) {
    let line = try #require(
      errors.split(separator: "\n").last, sourceLocation: sourceLocation)
    let object = try Self.object(line + "\n", sourceLocation)
    #expect(Array(object.keys) == ["error"], sourceLocation: sourceLocation)
    let error = try #require(object["error"] as? [String: String], sourceLocation: sourceLocation)
    #expect(error.keys.sorted() == ["code", "message"], sourceLocation: sourceLocation)
    return (error["code"] ?? "", error["message"] ?? "")
  }

  private static func object(
    _ text: String, _ sourceLocation: SourceLocation
  ) throws -> [String: Any] {
    #expect(
      text.hasSuffix("\n") && text.dropLast().allSatisfy { !$0.isNewline },
      sourceLocation: sourceLocation)
    let value = try JSONSerialization.jsonObject(with: Data(text.utf8))
    return try #require(value as? [String: Any], sourceLocation: sourceLocation)
  }
}

/// A folder for one test, removed with everything in it when the last reference goes.
final class ScratchFolder: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "ldc-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func path(_ name: String) -> String { "\(path)/\(name)" }

  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    try text.write(toFile: path(name), atomically: false, encoding: .utf8)
    return path(name)
  }

  func read(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: path(name))), as: UTF8.self)
  }

  func names(_ name: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path(name)).sorted()
  }

  func setMode(_ mode: Int, of name: String) throws {
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path(name))
  }
}

/// The files of the project that tests read.
enum ProjectFile {
  static func path(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: name).path
  }
}

/// The suites that run processes, one test after another and each for a limited time.
@Suite(.serialized, .timeLimit(.minutes(10))) enum CommandTests {}
