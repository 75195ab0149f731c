import Foundation
import Testing

/// What the process test needs beside Swift: the program, and Python with the packages of the child.
struct InteropTools: Sendable {
  /// The `liandong` program: `LIANDONG_PROGRAM`, else the one beside the test bundle.
  let program: URL
  /// `Tests/Interop/run.sh`.
  let script: URL
  /// Where the script keeps its environment and stubs.
  let work: URL

  /// The tools, where they can be had; says on stderr what is missing.
  static let shared: InteropTools? = {
    let files = FileManager.default
    let environment = ProcessInfo.processInfo.environment
    let here = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    let program =
      environment["LIANDONG_PROGRAM"].map { URL(filePath: $0) }
      ?? here.appending(path: "liandong")
    guard files.isExecutableFile(atPath: program.path) else {
      return missing("there is no program at \(program.path); build the product liandong")
    }
    let script = ProtocolPage.root.appending(path: "Tests/Interop/run.sh")
    let work =
      environment["INTEROP_WORK"].map { URL(filePath: $0) }
      ?? files.temporaryDirectory.appending(path: "liandong-interop-\(getuid())")
    let tools = InteropTools(program: program, script: script, work: work)
    guard let prepared = try? tools.python(["prepare"]), prepared.status == 0 else {
      return missing("python3 with venv, or grpcio and cryptography, cannot be had")
    }
    return tools
  }()

  private static func missing(_ reason: String) -> InteropTools? {
    FileHandle.standardError.write(Data("interop test skipped: \(reason)\n".utf8))
    return nil
  }

  /// Runs the script to its end.
  func python(_ words: [String]) throws -> (status: Int32, lines: [[String: Any]], text: String) {
    try Self.run(script, words, ["INTEROP_WORK": work.path])
  }

  /// Runs one command line to its end; JSON objects on stdout, one a line.
  func liandong(_ words: [String]) throws -> (status: Int32, lines: [[String: Any]], text: String) {
    try Self.run(program, words, [:])
  }

  private static func run(
    _ program: URL, _ words: [String], _ more: [String: String]
  ) throws -> (status: Int32, lines: [[String: Any]], text: String) {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (out, log) = (folder.appending(path: "out"), folder.appending(path: "log"))
    try Data().write(to: out)
    try Data().write(to: log)
    let process = Process()
    process.executableURL = program
    process.arguments = words
    process.environment = ProcessInfo.processInfo.environment.merging(more) { $1 }
    process.standardInput = FileHandle.nullDevice
    // Files, since a pipe that nobody reads in time would stop the program.
    process.standardOutput = try FileHandle(forWritingTo: out)
    process.standardError = try FileHandle(forWritingTo: log)
    try process.run()
    process.waitUntilExit()
    let text = try String(contentsOf: out, encoding: .utf8)
    let lines = text.split(separator: "\n").compactMap { line in
      (try? JSONSerialization.jsonObject(with: Data(line.utf8))) as? [String: Any]
    }
    let complaint = try String(contentsOf: log, encoding: .utf8)
    return (process.terminationStatus, lines, text + complaint)
  }
}
