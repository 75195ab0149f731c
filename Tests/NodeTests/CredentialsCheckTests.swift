import Foundation
import Identity
import Logging
import Regions
import Synchronization
import Testing
import Transport

@testable import Node

/// A folder whose certificate or roots change while the node runs.
@Suite(.timeLimit(.minutes(10))) struct CredentialsCheckTests {
  /// Counts what is logged as an error.
  private struct ErrorCounter: LogHandler {
    let errors: Counter
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.error

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { if event.level == .error { errors.count.withLock { $0 += 1 } } }
  }

  private final class Counter: Sendable {
    let count = Mutex(0)
  }

  @Test func `changed roots are in force, and a folder's fault is told once per change`() throws {
    let city = try CommandsCity()
    let other = try CommandsCity()
    let home = try city.home("lake0")
    _ = try NodeInitialiser.run(
      home: home, software: "test", logger: CommandsCity.logger, clocks: city.clocks)
    let counter = Counter()
    let core = try NodeCore.open(
      home: home, software: "test",
      logger: Logger(label: "test") { _ in
        ErrorCounter(errors: counter)
      }, clocks: city.clocks)
    defer { try? core.close() }
    let credentials = try LinkCredentials(core.credentials.load())
    var check = CredentialsCheck(core: core, credentials: credentials)
    let root = URL(filePath: home.path + "/root.pem")
    let own = try String(contentsOf: root, encoding: .utf8)
    let more = try String(contentsOfFile: other.home("lake0").path + "/root.pem", encoding: .utf8)
    func put(_ text: String) throws {
      try Data(text.utf8).write(to: root)
      for _ in 0..<3 { check.run() }
    }
    try put(own + more)
    #expect(credentials.current.roots.der.count == 2)
    #expect(counter.count.withLock { $0 } == 0)
    try put("no certificate")
    #expect(counter.count.withLock { $0 } == 1)
    try put(more)
    #expect(counter.count.withLock { $0 } == 2)
    #expect(credentials.current.roots.der.count == 2, "the old ones stay in force")
    try put(own)
    #expect(credentials.current.roots.der.count == 1)
    try put("no certificate")
    #expect(counter.count.withLock { $0 } == 3, "a fault that comes again is told again")
  }

  @Test func `a node is ready with the last of its services and says so once`() async {
    let told = Counter()
    let readiness = Readiness(parts: 2) { told.count.withLock { $0 += 1 } }
    readiness.partIsReady()
    #expect(told.count.withLock { $0 } == 0)
    readiness.partIsReady()
    await readiness.wait()
    #expect(told.count.withLock { $0 } == 1)
  }
}
