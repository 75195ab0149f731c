import Foundation
import Node
import Regions
import Synchronization

/// One child process of the demonstration.
final class DemoProcess {
  let region: String
  let home: HomeLayout
  private let program: String
  private let language: Language
  private let children: DemoChildren
  private var process: Foundation.Process?

  init(
    region: String, home: HomeLayout, program: String, language: Language, children: DemoChildren
  ) {
    self.region = region
    self.home = home
    self.program = program
    self.language = language
    self.children = children
  }

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
    process.arguments = ["serve", "--home", home.path, "--lang", language.rawValue]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = handle
    process.standardError = handle
    try children.start(process)
    self.process = process
  }

  /// Waits until the node takes commands.
  func awaitReady(within limit: Duration) async throws {
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
      guard process?.isRunning == true else {
        let log = home.path(of: "serve.log")
        throw DemoError(zh: "\(region) 已退出,见 \(log)", en: "\(region) ended; see \(log)")
      }
      if FileManager.default.fileExists(atPath: home.controlSocket) { return }
      try await Task.sleep(for: .milliseconds(20))
    }
    throw DemoError(
      zh: "\(region) 在 \(limit) 内没有就绪", en: "\(region) was not ready within \(limit)")
  }

  /// Ends the process as a power cut would.
  func kill() {
    guard let process else { return }
    Glibc.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    children.ended(process)
    self.process = nil
  }

  /// Asks the process to end, and waits until it has.
  func stop() {
    guard let process else { return }
    process.terminate()
    process.waitUntilExit()
    children.ended(process)
    self.process = nil
  }

  /// Runs one command line on the node and gives the JSON objects that it answered.
  func command(_ words: [String]) throws -> [[String: Any]] {
    let process = Foundation.Process()
    process.executableURL = URL(filePath: program)
    process.arguments =
      words + ["--home", home.path, "--json", "--lang", language.rawValue]
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
    try children.start(process)
    defer { children.ended(process) }
    let data = try answer.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      let text = complaints.withLock { String(decoding: $0.suffix(400), as: UTF8.self) }
      let command = "liandong " + words.prefix(2).joined(separator: " ")
      throw DemoError(
        zh: "\(region) 的 `\(command)` 以 \(process.terminationStatus) 结束:\(text)",
        en: "`\(command)` at \(region) ended with \(process.terminationStatus): \(text)")
    }
    return try data.split(separator: UInt8(ascii: "\n")).compactMap {
      try JSONSerialization.jsonObject(with: Data($0)) as? [String: Any]
    }
  }
}

/// Why the demonstration did not come to its end.
struct DemoError: Error, CustomStringConvertible {
  let text: Text

  init(zh: String, en: String) { text = Text(zh: zh, en: en) }

  var description: String { text.in(.en) }
}
