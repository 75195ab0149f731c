package import Foundation
import Glibc

/// The caller's side of the control socket: sends one command to the running node.
package struct ControlClient: Sendable {
  private let home: HomeLayout

  /// How an answer ended.
  package struct Outcome: Hashable, Sendable {
    /// The status with which this process should end.
    package let exit: Int32
    /// What the node says went wrong, where something did.
    package let failure: ControlFailure?
  }

  /// How long the node may take to accept the connection and the request.
  package static let requestWithin: Duration = .seconds(10)
  /// How long is waited between two tries while the node's queue of callers is full.
  private static let retryAfter: Duration = .milliseconds(20)

  package init(home: HomeLayout) { self.home = home }

  /// Whether the socket's path is one that the system can carry.
  ///
  /// - Throws: ``ControlError`` of code path too long, with the cure.
  package func checkPath() throws { try ControlSocket.check(path: home.controlSocket) }

  /// Sends the request and hands over each line of the answer as it comes.
  ///
  /// - Throws: ``ControlError``: not running, where the caller may open the store itself; path too
  ///   long; cut, where nobody can tell whether the command was carried out; malformed request or
  ///   reply; late. What `onLine` throws.
  package func send(
    _ request: ControlRequest, onLine: (Data) async throws -> Void
  ) async throws -> Outcome {
    let path = home.controlSocket
    try ControlSocket.check(path: path)
    let line = try request.line()
    guard line.count < ControlRequest.maximumBytes else {
      throw ControlError(
        .malformedRequest,
        "the command has \(line.count) bytes, at most \(ControlRequest.maximumBytes - 1) can be "
          + "sent; give less at once")
    }
    let reactor = try ControlReactor()
    defer { reactor.stop() }
    let descriptor = try ControlSocket.open()
    defer { close(descriptor) }
    let deadline = ContinuousClock.now + Self.requestWithin
    try await connect(descriptor, to: path, until: deadline)
    let connection = ControlConnection(descriptor: descriptor, reactor: reactor)
    do {
      try await connection.writeLine(line, until: deadline)
    } catch let error as ControlError where error.code == .cut {
      // A node that turns callers away answers without reading; the answer says why.
    }
    return try await readAnswer(from: connection, onLine: onLine)
  }

  private func connect(
    _ descriptor: CInt, to path: String, until deadline: ContinuousClock.Instant
  ) async throws {
    while ControlSocket.withAddress(of: path, { Glibc.connect(descriptor, $0, $1) }) != 0 {
      let failure = HomeSystemFailure("connect")
      switch failure.number {
      case EINTR: continue
      case ENOENT, ECONNREFUSED, ENOTDIR:
        throw ControlError(.notRunning, "no node runs on \(home.path)", cause: failure)
      case EAGAIN where ContinuousClock.now < deadline: try await Task.sleep(for: Self.retryAfter)
      case EAGAIN: throw ControlError(.busy, "the node on \(home.path) accepts no callers")
      default:
        throw ControlError(
          .system, "cannot reach the node at \(path); run the command as the node's account",
          cause: failure)
      }
    }
  }

  private func readAnswer(
    from connection: ControlConnection, onLine: (Data) async throws -> Void
  ) async throws -> Outcome {
    var inbox = ControlConnection.Inbox()
    var failure: (code: String, message: String)?
    let tooLong = ControlError(
      .malformedReply,
      "the node's answer holds a line over \(ControlReply.maximumLineBytes) bytes")
    while let line = try await connection.readLine(
      from: &inbox, atMost: ControlReply.maximumLineBytes, orThrow: tooLong)
    {
      switch try ControlReply(line: line) {
      case .line(let line): try await onLine(line)
      case .failure(let code, let message): failure = (code, message)
      case .exit(let exit):
        return Outcome(
          exit: exit,
          failure: failure.map { ControlFailure(code: $0.code, message: $0.message, exit: exit) })
      }
    }
    throw ControlError(
      .cut,
      "the node's answer ended early: the node stopped; look whether the command was carried out, "
        + "then try again")
  }
}
