import Foundation
import Testing

/// A Python script beside the tests, which answers many questions in one run.
struct PythonOracle {
  let script: String
  var arguments: [String] = []

  /// Has the script read the question from one file of JSON and write its answer to another.
  ///
  /// - Returns: `nil` where there is no Python.
  func answer<Answer: Decodable>(to question: some Encodable) throws -> Answer? {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "liandong-\(script)-\(ProcessInfo.processInfo.processIdentifier)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (input, output) = (folder.appending(path: "in.json"), folder.appending(path: "out.json"))
    try JSONEncoder().encode(question).write(to: input)
    let driver = URL(filePath: #filePath).deletingLastPathComponent().appending(path: script)
    let python = Foundation.Process()
    python.executableURL = URL(filePath: "/usr/bin/env")
    python.arguments = ["python3", driver.path] + arguments + [input.path, output.path]
    try python.run()
    python.waitUntilExit()
    if python.terminationStatus == 127 { return nil }
    try #require(python.terminationStatus == 0, "\(script) failed")
    return try JSONDecoder().decode(Answer.self, from: Data(contentsOf: output))
  }
}
