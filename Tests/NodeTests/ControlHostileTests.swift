import Foundation
import Glibc
import Node
import Synchronization
import Testing

/// Callers that do not keep to the protocol, and folders that are not as they should be.
@Suite(.timeLimit(.minutes(10))) struct ControlHostileTests {
  /// A caller of its own making; it blocks, so each call is on a thread of its own.
  private static func shout(
    _ bytes: [UInt8], at home: HomeLayout, thenClose: Bool = false
  ) async -> String {
    await withCheckedContinuation { continuation in
      Thread {
        let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) {
          $0.copyBytes(from: home.controlSocket.utf8)
        }
        _ = withUnsafePointer(to: &address) {
          $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
          }
        }
        _ = send(descriptor, bytes, bytes.count, CInt(MSG_NOSIGNAL))
        var answer: [UInt8] = []
        if !thenClose {
          shutdown(descriptor, CInt(SHUT_WR))
          var buffer = [UInt8](repeating: 0, count: 4_096)
          while case let count = recv(descriptor, &buffer, buffer.count, 0), count > 0 {
            answer += buffer[..<count]
          }
        }
        close(descriptor)
        continuation.resume(returning: String(decoding: answer, as: UTF8.self))
      }.start()
    }
  }

  @Test func `garbage is answered with an error and the server goes on`() async throws {
    let scratch = try ScratchHome()
    let garbage: [[UInt8]] = [
      Array("\n".utf8), Array("{}\n".utf8), Array("[1,2\n".utf8), [0, 255, 254, 10],
      Array(#"{"command":"x","arguments":[],"actor":"","role":"","language":"zh"}"#.utf8) + [10],
      Array(#"{"command":"x","arguments":{},"actor":"","role":"","language":"fr"}"#.utf8) + [10],
      Array(repeating: UInt8(ascii: "["), count: 1_000_000) + [10],
      Array("{\"command\":\"x\"".utf8),
    ]
    let (answers, silent, good) = try await ControlServerRun().during(
      scratch.home, handler: { _, _ in 0 }
    ) {
      var answers: [String] = []
      for bytes in garbage { answers.append(await Self.shout(bytes, at: scratch.home)) }
      let silent = await Self.shout([], at: scratch.home)
      _ = await Self.shout(Array("{\"command\"".utf8), at: scratch.home, thenClose: true)
      let good = try await ControlClient(home: scratch.home).send(.init(command: "x")) { _ in }
      return (answers, silent, good.exit)
    }
    for answer in answers {
      #expect(answer.hasPrefix(#"{"error":{"#), "\(answer)")
      #expect(answer.hasSuffix("{\"exit\":77}\n"))
    }
    #expect(silent == "")
    #expect(good == 0)
  }

  @Test func `a request over one mebibyte is refused at either end`() async throws {
    let scratch = try ScratchHome()
    let running = ControlServerRun()
    let answer = try await running.during(scratch.home, handler: { _, _ in 0 }) {
      await Self.shout(Array(repeating: 0x61, count: 1_100_000), at: scratch.home)
    }
    // The kernel may discard the answer with the bytes that nobody read; the server knows.
    #expect(answer.isEmpty || answer.contains("malformed_request"))
    #expect(running.reports.withLock { $0.contains("malformed_request") })
    let large = ControlRequest(
      command: "x", arguments: ["a": .string(String(repeating: "a", count: 1_048_576))])
    let error = await #expect(throws: ControlError.self) {
      try await ControlClient(home: scratch.home).send(large) { _ in }
    }
    #expect(error?.code == .malformedRequest)
  }

  @Test func `a caller that sends nothing is let go after its time`() async throws {
    let scratch = try ScratchHome()
    let running = ControlServerRun()
    var bounds = ControlServer.Bounds()
    bounds.requestWithin = .milliseconds(50)
    let answer = try await running.during(
      scratch.home, bounds: bounds, handler: { _, _ in 0 }
    ) {
      await withCheckedContinuation { continuation in
        Thread {
          let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
          var address = sockaddr_un()
          address.sun_family = sa_family_t(AF_UNIX)
          withUnsafeMutableBytes(of: &address.sun_path) {
            $0.copyBytes(from: scratch.home.controlSocket.utf8)
          }
          _ = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
              connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
          }
          var buffer = [UInt8](repeating: 0, count: 4_096)
          let count = recv(descriptor, &buffer, buffer.count, 0)
          close(descriptor)
          continuation.resume(
            returning: String(decoding: buffer.prefix(max(0, count)), as: UTF8.self))
        }.start()
      }
    }
    #expect(answer.contains(#""code":"late""#))
    // The caller may be gone before the last line of its answer.
    #expect(running.reports.withLock { $0 }.first == "late")
  }

  @Test func `a path over 107 bytes is refused with its length and the cure`() async throws {
    let home = HomeLayout(path: "/tmp/" + String(repeating: "x", count: 86))
    #expect(home.controlSocket.utf8.count == 108)
    for attempt in 0..<2 {
      let error = await #expect(throws: ControlError.self) {
        if attempt == 0 {
          _ = try await ControlClient(home: home).send(.init(command: "x")) { _ in }
        } else {
          try await ControlServerRun().during(home, handler: { _, _ in 0 }) {}
        }
      }
      #expect(error?.code == .pathTooLong)
      #expect(error?.message.contains("108 bytes") == true)
      #expect(error?.message.contains("--home") == true)
    }
    let fitting = HomeLayout(path: "/tmp/" + String(repeating: "x", count: 85))
    try ControlClient(home: fitting).checkPath()
  }

  @Test func `a stale socket is removed only by the holder of the lock`() async throws {
    let scratch = try ScratchHome()
    try scratch.makeFolder("run")
    chmod(scratch.path("run"), 0o700)
    let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) {
      $0.copyBytes(from: scratch.home.controlSocket.utf8)
    }
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    #expect(bound == 0)
    close(descriptor)
    let error = await #expect(throws: ControlError.self) {
      try await ControlServerRun().during(scratch.home, existing: .refuse, handler: { _, _ in 0 }) {
      }
    }
    #expect(error?.code == .inUse)
    #expect(try scratch.names("run") == ["control.sock"])
    let outcome = try await ControlServerRun().during(
      scratch.home, existing: .remove, handler: { _, _ in 0 }
    ) {
      try await ControlClient(home: scratch.home).send(.init(command: "x")) { _ in }
    }
    #expect(outcome.exit == 0)
  }

  @Test func `a plain file in the socket's place is never removed`() async throws {
    let scratch = try ScratchHome()
    try scratch.makeFolder("run")
    chmod(scratch.path("run"), 0o700)
    try scratch.write("mine", to: "run/control.sock")
    let error = await #expect(throws: ControlError.self) {
      try await ControlServerRun().during(scratch.home, existing: .remove, handler: { _, _ in 0 }) {
      }
    }
    #expect(error?.code == .inUse)
    #expect(try scratch.snapshot("run") == ["control.sock": "mine"])
  }

  @Test func `a folder that others can reach is refused`() async throws {
    let scratch = try ScratchHome()
    try scratch.makeFolder("run")
    chmod(scratch.path("run"), 0o755)
    let error = await #expect(throws: ControlError.self) {
      try await ControlServerRun().during(scratch.home, handler: { _, _ in 0 }) {}
    }
    #expect(error?.code == .exposed)
    #expect(error?.message.contains("chmod 700") == true)
  }
}
