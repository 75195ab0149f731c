import CoreFoundation
package import Foundation
import Glibc
package import Regions

/// The running node's ear: takes commands on the control socket, one for each connection.
///
/// A caller must be this process's user or root. A request is one line of JSON; the answer is lines
/// of JSON, the last `{"exit":N}`.
package struct ControlServer: Sendable {
  /// Carries one command out. It writes each line of the answer, without a line feed, and returns
  /// the status with which the caller ends. Writing waits for a slow caller and throws when that
  /// one has gone.
  package typealias Handler =
    @Sendable (ControlRequest, (Data) async throws -> Void) async throws -> Int32

  /// What is told to a caller whose command threw.
  package typealias Describe = @Sendable (any Error, Language) -> ControlFailure

  /// What to do with a socket that stands at the path.
  package enum ExistingSocket: Sendable {
    /// Leave it, and fail.
    case refuse
    /// Remove it: it is stale. Only for a caller that holds the store's lock, since without the lock
    /// it may be a running node's.
    case remove
  }

  /// The bounds of the server.
  package struct Bounds: Sendable {
    /// The most connections at once; a further caller is told that the node is busy.
    package var connections = 32
    /// How long a caller may take to send its request.
    package var requestWithin: Duration = .seconds(10)
    /// How long a caller may leave a line of the answer untaken.
    package var lineWithin: Duration = .seconds(30)

    package init() {}
  }

  private let home: HomeLayout
  private let existing: ExistingSocket
  private let bounds: Bounds
  private let describe: Describe
  private let report: @Sendable (ControlError) -> Void
  private let handler: Handler

  /// A server that is not listening yet.
  ///
  /// - Parameter report: is told of callers that were turned away and of calls that were cut.
  package init(
    home: HomeLayout, existing: ExistingSocket, bounds: Bounds = Bounds(),
    describe: @escaping Describe, report: @escaping @Sendable (ControlError) -> Void,
    handler: @escaping Handler
  ) {
    self.home = home
    self.existing = existing
    self.bounds = bounds
    self.describe = describe
    self.report = report
    self.handler = handler
  }

  /// Listens until the task is cancelled; then ends every connection, removes the socket and
  /// returns.
  ///
  /// - Parameter onListening: is called once when callers can connect.
  /// - Throws: ``ControlError``: path too long, exposed, in use, system. `HomeError`.
  package func run(onListening: () -> Void = {}) async throws {
    let path = home.controlSocket
    try ControlSocket.check(path: path)
    try ControlSocket.secureFolder(home.runFolder)
    let reactor = try ControlReactor()
    defer { reactor.stop() }
    let listener = try listen(at: path)
    let inode = Self.inode(of: path)
    defer {
      close(listener)
      // Another's socket may stand there by now, if somebody removed ours by hand.
      if let inode, Self.inode(of: path) == inode { unlink(path) }
    }
    onListening()
    await accept(from: listener, reactor)
  }

  private func listen(at path: String) throws -> CInt {
    try clear(path)
    let listener = try ControlSocket.open()
    let bound = ControlSocket.withAddress(of: path) { bind(listener, $0, $1) }
    if bound == 0, chmod(path, 0o600) == 0, Glibc.listen(listener, ControlSocket.backlog) == 0 {
      return listener
    }
    let failure = HomeSystemFailure("bind")
    close(listener)
    if bound == 0 { unlink(path) }
    throw failure.number == EADDRINUSE
      ? ControlError(.inUse, "\(path) is in use; another node runs on this folder")
      : ControlError(
        .system, "cannot listen at \(path); check the disk, the mount and the folder's owner",
        cause: failure)
  }

  private func clear(_ path: String) throws {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFSOCK else {
      throw ControlError(.inUse, "\(path) is not a socket; move it away")
    }
    guard existing == .remove else {
      throw ControlError(
        .inUse, "\(path) stands already; a node runs on this folder, or one ended unclean")
    }
    guard unlink(path) == 0 else {
      throw ControlError(
        .system, "cannot remove the stale socket \(path)", cause: HomeSystemFailure("unlink"))
    }
  }

  private static func inode(of path: String) -> ino_t? {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_ino : nil
  }
}

extension ControlServer {
  /// How long accepting rests when the process has no descriptor left.
  private static let restAfterFailure: Duration = .milliseconds(200)

  private func accept(from listener: CInt, _ reactor: ControlReactor) async {
    let places = ControlPlaces(most: bounds.connections)
    await withDiscardingTaskGroup { group in
      while !Task.isCancelled {
        guard await reactor.wait(for: .readable, on: listener) == .ready else { break }
        let descriptor = Glibc.accept(listener, nil, nil)
        guard descriptor >= 0 else {
          await restAfterFailedAccept(errno)
          continue
        }
        ControlSocket.prepare(descriptor)
        let connection = ControlConnection(descriptor: descriptor, reactor: reactor)
        guard places.take() else {
          await turnAway(connection)
          continue
        }
        group.addTask {
          await serve(connection)
          places.giveBack()
        }
      }
      group.cancelAll()
    }
  }

  private func restAfterFailedAccept(_ number: CInt) async {
    guard number != EAGAIN, number != EINTR, number != ECONNABORTED else { return }
    report(
      ControlError(
        .system,
        "a caller cannot be accepted (\(String(cString: strerror(number)))); raise the "
          + "limit of open files"))
    // Cancelled is as good as rested: the caller looks at it next.
    try? await Task.sleep(for: Self.restAfterFailure)
  }

  private func turnAway(_ connection: ControlConnection) async {
    defer { close(connection.descriptor) }
    let error = ControlError(
      .busy, "the node answers \(bounds.connections) commands already; try again shortly")
    report(error)
    // The socket's own buffer takes these lines: nobody waits for this caller.
    await answer(connection, describe(error, .zh), until: .now)
  }

  private func serve(_ connection: ControlConnection) async {
    defer { close(connection.descriptor) }
    var language = Language.zh
    do {
      try checkPeer(connection.descriptor)
      guard let request = try await readRequest(connection) else { return }
      language = request.language
      let status = try await handler(request) { line in
        try await connection.writeLine(checked(line), until: .now + bounds.lineWithin)
      }
      try await connection.writeLine(
        ControlReply.exitLine(status), until: .now + bounds.lineWithin)
    } catch is CancellationError {
      // The node stops. The caller sees an answer without an end, which is an error to it.
      return
    } catch {
      if let error = error as? ControlError { report(error) }
      await answer(connection, describe(error, language), until: .now + bounds.lineWithin)
    }
  }

  private func checkPeer(_ descriptor: CInt) throws {
    let peer = try ControlSocket.peerUserID(of: descriptor)
    guard peer == geteuid() || peer == 0 else {
      throw ControlError(
        .stranger,
        "user \(peer) may not command this node; run the command as the node's account, user "
          + "\(geteuid()), or as root")
    }
  }

  private func readRequest(_ connection: ControlConnection) async throws -> ControlRequest? {
    var inbox = ControlConnection.Inbox()
    let line = try await connection.readLine(
      from: &inbox, atMost: ControlRequest.maximumBytes,
      orThrow: ControlError(
        .malformedRequest,
        "the request is larger than \(ControlRequest.maximumBytes) bytes; send less at once"),
      until: .now + bounds.requestWithin)
    return try line.map { try ControlRequest(line: $0) }
  }

  /// A line of an answer that no caller can mistake for its end.
  private func checked(_ line: Data) throws -> Data {
    guard case .line = try ControlReply(line: line) else {
      throw ControlError(.malformedReply, "only the server writes `exit` and `error` lines")
    }
    return line
  }

  /// Tells a caller of a failure, as far as it still listens.
  private func answer(
    _ connection: ControlConnection, _ failure: ControlFailure,
    until deadline: ContinuousClock.Instant
  ) async {
    do {
      try await connection.writeLine(ControlReply.failureLine(failure), until: deadline)
      try await connection.writeLine(ControlReply.exitLine(failure.exit), until: deadline)
    } catch {
      report(ControlError(.cut, "a caller left before its answer", cause: error))
    }
  }
}
