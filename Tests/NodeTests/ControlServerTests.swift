import Foundation
import Node
import Regions
import Synchronization
import Testing

/// Commands that go to a running node over its socket, and their answers.
@Suite(.timeLimit(.minutes(10))) struct ControlTests {
  private static let echo: ControlServer.Handler = { request, write in
    for (key, value) in request.arguments.sorted(by: { $0.key < $1.key }) {
      try await write(JSONEncoder().encode([key: value]))
    }
    return request.command == "no" ? 1 : 0
  }

  private static func request(_ command: String = "echo") -> ControlRequest {
    ControlRequest(
      command: command,
      arguments: ["a": .string("半浦 \"\n\u{1}"), "b": .array([.null, .integer(3), .bool(true)])],
      actor: "王", role: "clerk", language: .zh)
  }

  @Test func `a request and its answer go through unchanged, line by line`() async throws {
    let scratch = try ScratchHome()
    let running = ControlServerRun()
    let (lines, outcome) = try await running.during(scratch.home, handler: Self.echo) {
      var lines: [String] = []
      let outcome = try await ControlClient(home: scratch.home).send(Self.request("no")) {
        lines.append(String(decoding: $0, as: UTF8.self))
      }
      return (lines, outcome)
    }
    #expect(lines == [#"{"a":"半浦 \"\n\u0001"}"#, #"{"b":[null,3,true]}"#])
    #expect(outcome.exit == 1 && outcome.failure == nil)
    #expect(running.reports.withLock { $0 } == [])
    #expect(try scratch.mode("run") == 0o700)
    #expect(try scratch.names("run") == [], "the socket is removed when the server ends")
  }

  @Test func `without a server the caller learns that none runs`() async throws {
    let scratch = try ScratchHome()
    let error = await #expect(throws: ControlError.self) {
      try await ControlClient(home: scratch.home).send(Self.request()) { _ in }
    }
    #expect(error?.code == .notRunning)
  }

  @Test func `a handler's error reaches the caller with code, words and status`() async throws {
    let scratch = try ScratchHome()
    struct Trouble: Error {}
    let outcome = try await ControlServerRun().during(
      scratch.home, handler: { _, _ in throw Trouble() }
    ) {
      try await ControlClient(home: scratch.home).send(Self.request()) { _ in }
    }
    #expect(outcome.exit == 77)
    #expect(outcome.failure == ControlFailure(code: "other", message: "zh: Trouble()", exit: 77))
  }

  @Test func `an answer larger than the socket's buffer arrives whole`() async throws {
    let scratch = try ScratchHome()
    let line = Data(#"{"x":""#.utf8) + Data(repeating: 0x61, count: 1_000_000) + Data(#""}"#.utf8)
    let bytes = try await ControlServerRun().during(
      scratch.home,
      handler: { _, write in
        for _ in 0..<5 { try await write(line) }
        return 0
      }
    ) {
      var bytes = 0
      let outcome = try await ControlClient(home: scratch.home).send(Self.request()) {
        bytes += $0.count
      }
      #expect(outcome.exit == 0)
      return bytes
    }
    #expect(bytes == 5 * line.count)
  }

  @Test(arguments: [#"{"exit":0}"#, #"{"error":{"code":"a","message":"b"}}"#, "[]", "{}\n{}", ""])
  func `a handler cannot write a line that ends or breaks the answer`(line: String) async throws {
    let scratch = try ScratchHome()
    let outcome = try await ControlServerRun().during(
      scratch.home,
      handler: { _, write in
        try await write(Data(line.utf8))
        return 0
      }
    ) {
      try await ControlClient(home: scratch.home).send(Self.request()) { _ in }
    }
    #expect(outcome.failure?.code == "malformed_reply")
  }

  @Test func `many callers at once are all answered`() async throws {
    let scratch = try ScratchHome()
    let statuses = try await ControlServerRun().during(scratch.home, handler: Self.echo) {
      try await withThrowingTaskGroup(of: Int32.self) { group in
        for _ in 0..<30 {
          group.addTask {
            try await ControlClient(home: scratch.home).send(Self.request("no")) { _ in }.exit
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
    }
    #expect(statuses == Array(repeating: 1, count: 30))
  }

  @Test func `when all places are taken a caller is told that the node is busy`() async throws {
    let scratch = try ScratchHome()
    var bounds = ControlServer.Bounds()
    bounds.connections = 1
    let (entered, enters) = AsyncStream<Void>.makeStream()
    let (gate, opens) = AsyncStream<Void>.makeStream()
    let outcomes = try await ControlServerRun().during(
      scratch.home, bounds: bounds,
      handler: { request, _ in
        enters.yield()
        for await _ in gate { break }
        return 0
      }
    ) {
      async let first = ControlClient(home: scratch.home).send(Self.request()) { _ in }
      for await _ in entered { break }
      let second = try await ControlClient(home: scratch.home).send(Self.request()) { _ in }
      opens.yield()
      return try await (first, second)
    }
    #expect(outcomes.0.exit == 0)
    #expect(outcomes.1.failure?.code == "busy")
  }

  @Test func `a server that stops in the middle cuts the answer and the caller sees it`()
    async throws
  {
    let scratch = try ScratchHome()
    let (entered, enters) = AsyncStream<Void>.makeStream()
    let caller = Mutex<Task<ControlError.Code?, Never>?>(nil)
    try await ControlServerRun().during(
      scratch.home,
      handler: { _, write in
        try await write(Data(#"{"first":1}"#.utf8))
        enters.yield()
        try await Task.sleep(for: .seconds(3_600))
        return 0
      }
    ) {
      let task = Task { () -> ControlError.Code? in
        do {
          _ = try await ControlClient(home: scratch.home).send(Self.request()) { _ in }
          return nil
        } catch {
          return (error as? ControlError)?.code
        }
      }
      caller.withLock { $0 = task }
      for await _ in entered { break }
    }
    #expect(await caller.withLock { $0 }?.value == .cut)
  }
}
