import Foundation
import Glibc

/// One node of a test's city: its folder, and its process while it serves.
final class CityNode {
  let region: String
  let home: String
  /// The port at which its children dial; `nil` for a township.
  let port: Int?
  /// What `serve` gets on top of every process's environment.
  var environment: [String: String] = [:]
  private var process: Process?

  init(region: String, home: String, port: Int?) {
    self.region = region
    self.home = home
    self.port = port
  }

  deinit { kill() }

  var database: String { home + "/liandong.db" }
  var socket: String { home + "/run/control.sock" }
  var logPath: String { home + "/serve.log" }
  var log: String { (try? String(contentsOfFile: logPath, encoding: .utf8)) ?? "" }
  var isRunning: Bool { process?.isRunning == true }

  /// Starts `serve` and waits until it takes commands.
  func start() async throws {
    try launch()
    try await eventually("\(region) takes commands") {
      guard isRunning else { throw CityFault("\(region) ended: \(log.suffix(600))") }
      guard let descriptor = Sockets.unix(socket) else { return false }
      close(descriptor)
      return true
    }
  }

  /// Starts `serve` and waits for nothing.
  func launch() throws {
    if !FileManager.default.fileExists(atPath: logPath) {
      try Data().write(to: URL(filePath: logPath))
    }
    let handle = try FileHandle(forWritingTo: URL(filePath: logPath))
    try handle.seekToEnd()
    let process = Process()
    process.executableURL = URL(filePath: ToolRun.liandong)
    process.arguments = ["serve", "--home", home, "--lang", "en"]
    process.environment = ToolRun.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = handle
    process.standardError = handle
    try process.run()
    try handle.close()
    self.process = process
  }

  /// Ends the process at once, as a power cut would end it.
  func kill() {
    guard let process else { return }
    if process.isRunning { Glibc.kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
    self.process = nil
  }

  /// Asks the process to end and waits until it has.
  func stop() async throws {
    guard let process else { return }
    process.terminate()
    try await eventually("\(region) stops") { !process.isRunning }
    process.waitUntilExit()
    self.process = nil
    guard process.terminationReason == .exit, process.terminationStatus == 0 else {
      throw CityFault("\(region) ended with \(process.terminationStatus): \(log.suffix(600))")
    }
  }

  /// Runs a command on the node's folder.
  func run(_ words: String...) throws -> ToolRun {
    try ToolRun.run(ToolRun.liandong, words + ["--home", home, "--lang", "en", "--json"])
  }

  /// Runs a command that must end well.
  @discardableResult
  func good(_ words: String...) throws -> [[String: Any]] {
    let run = try ToolRun.run(
      ToolRun.liandong, words + ["--home", home, "--lang", "en", "--json"])
    guard run.status == 0 else {
      throw CityFault(
        "`\(words.joined(separator: " "))` at \(region) ended with \(run.status): \(run.errors)")
    }
    return try run.objects()
  }

  /// Reports a lead through the command line and gives its number.
  @discardableResult
  func report(_ title: String) throws -> String {
    let answer = try good(
      "lead", "report", "--title", title, "--text", "某工地夜间施工", "--channel", "phone")
    guard let number = answer.first?["number"] as? String else {
      throw CityFault("a reported lead has no number: \(answer)")
    }
    return number
  }

  /// The titles of all leads here by number, each as often as it is listed.
  func leads() throws -> [(number: String, title: String)] {
    var found: [(number: String, title: String)] = []
    while true {
      let page = found.last.map { ["--before", $0.number] } ?? []
      let run = try ToolRun.run(
        ToolRun.liandong,
        ["lead", "list", "--limit", "1000", "--home", home, "--json"] + page)
      guard run.status == 0 else { throw CityFault("lead list: \(run.errors)") }
      let objects = try run.objects()
      if objects.isEmpty { return found }
      found += objects.map { ($0["number"] as? String ?? "", $0["title"] as? String ?? "") }
    }
  }

  func numbers() throws -> Set<String> { Set(try leads().map(\.number)) }

  /// The link to a peer, from the node's status.
  func link(to peer: String) throws -> [String: Any]? {
    let links = try good("status").first?["links"] as? [[String: Any]] ?? []
    return links.first { $0["peer"] as? String == peer }
  }

  /// Whether the link to the parent stands and the parent acknowledged all.
  func hasNothingLeft(for parent: String) throws -> Bool {
    guard let link = try link(to: parent) else { return false }
    return link["state"] as? String == "connected" && link["backlog_events"] as? Int == 0
  }

  func incarnation() throws -> Int {
    let node = try good("status").first?["node"] as? [String: Any]
    return node?["incarnation"] as? Int ?? 0
  }

  /// What SQLite's own shell answers about the store.
  @discardableResult
  func sql(_ statement: String) throws -> String {
    try ToolRun.tool("sqlite3", "-cmd", ".timeout 5000", database, statement)
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
