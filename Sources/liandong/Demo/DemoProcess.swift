import Foundation
import Node
import Synchronization

/// One child process of the demonstration.
final class DemoProcess {
  let region: String
  let home: HomeLayout
  private let program: String
  private var process: Foundation.Process?

  init(region: String, home: HomeLayout, program: String) {
    self.region = region
    self.home = home
    self.program = program
  }

  var identifier: Int32? { process.map(\.processIdentifier) }

  /// Starts `liandong serve` on the node's folder; its log goes to `serve.log` there.
  func start() throws {
    let log = home.path(of: "serve.log")
    if !FileManager.default.fileExists(atPath: log) {
      try Data().write(to: URL(filePath: log))
    }
    let handle = try FileHandle(forWritingTo: URL(filePath: log))
    try handle.seekToEnd()
    let process = Foundation.Process()
    process.executableURL = URL(filePath: program)
    process.arguments = ["serve", "--home", home.path]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = handle
    process.standardError = handle
    try process.run()
    self.process = process
  }

  /// Waits until the node takes commands.
  func awaitReady(within limit: Duration) async throws {
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
      guard process?.isRunning == true else {
        throw DemoError("\(region) ended; see \(home.path(of: "serve.log"))")
      }
      if FileManager.default.fileExists(atPath: home.controlSocket) { return }
      try await Task.sleep(for: .milliseconds(20))
    }
    throw DemoError("\(region) was not ready within \(limit)")
  }

  /// Ends the process as a power cut would.
  func kill() {
    guard let process else { return }
    Glibc.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    self.process = nil
  }

  /// Asks the process to end, and waits until it has.
  func stop() {
    guard let process else { return }
    process.terminate()
    process.waitUntilExit()
    self.process = nil
  }

  /// Runs one command line on the node and gives the JSON objects that it answered.
  func command(_ words: [String]) throws -> [[String: Any]] {
    let process = Foundation.Process()
    process.executableURL = URL(filePath: program)
    process.arguments = words + ["--home", home.path, "--json"]
    let answer = Pipe()
    let complaint = Pipe()
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = answer
    process.standardError = complaint
    let complaints = Mutex(Data())
    complaint.fileHandleForReading.readabilityHandler = { handle in
      let data = handle.availableData
      if data.isEmpty { handle.readabilityHandler = nil }
      complaints.withLock { $0.append(data) }
    }
    try process.run()
    let data = try answer.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      let text = complaints.withLock { String(decoding: $0.suffix(400), as: UTF8.self) }
      throw DemoError(
        "`liandong \(words.prefix(2).joined(separator: " "))` at \(region) ended with "
          + "\(process.terminationStatus): \(text)")
    }
    return try data.split(separator: UInt8(ascii: "\n")).compactMap {
      try JSONSerialization.jsonObject(with: Data($0)) as? [String: Any]
    }
  }
}

/// Why the demonstration did not come to its end.
struct DemoError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
