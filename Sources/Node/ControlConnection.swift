import Foundation
import Glibc

/// One end of a connection: lines in and out, with deadlines and bounds. Its owner closes the
/// descriptor when no call is under way.
struct ControlConnection: Sendable {
  let descriptor: CInt
  let reactor: ControlReactor

  private static let chunkBytes = 64 * 1024

  /// What came in beyond the last line.
  struct Inbox {
    fileprivate var bytes: [UInt8] = []
    /// How far `bytes` was searched for a line feed.
    fileprivate var searched = 0
  }

  /// The next line without its line feed; `nil` at the end of the stream.
  ///
  /// - Throws: ``ControlError``: `tooLong` for a longer line; late; cut in the middle of a line or
  ///   by an error. `CancellationError`.
  func readLine(
    from inbox: inout Inbox, atMost limit: Int, orThrow tooLong: ControlError,
    until deadline: ContinuousClock.Instant? = nil
  ) async throws -> Data? {
    while true {
      if let end = inbox.bytes[inbox.searched...].firstIndex(of: UInt8(ascii: "\n")) {
        guard end < limit else { throw tooLong }
        let line = Data(inbox.bytes[..<end])
        inbox.bytes.removeSubrange(...end)
        inbox.searched = 0
        return line
      }
      inbox.searched = inbox.bytes.count
      guard inbox.bytes.count < limit else { throw tooLong }
      let count = try await receive(into: &inbox, until: deadline)
      guard count > 0 else {
        if inbox.bytes.isEmpty { return nil }
        throw ControlError(.cut, "the connection ended in the middle of a line")
      }
    }
  }

  private func receive(
    into inbox: inout Inbox, until deadline: ContinuousClock.Instant?
  ) async throws -> Int {
    var buffer = [UInt8](repeating: 0, count: Self.chunkBytes)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      if count >= 0 {
        inbox.bytes += buffer[..<count]
        return count
      }
      let failure = HomeSystemFailure("recv")
      switch failure.number {
      case EINTR: continue
      case EAGAIN: try await ready(.readable, until: deadline)
      default: throw ControlError(.cut, "the connection was cut", cause: failure)
      }
    }
  }

  /// Sends a line and its line feed.
  ///
  /// - Throws: ``ControlError``: malformed reply for a line feed within; late; cut.
  ///   `CancellationError`.
  func writeLine(_ line: Data, until deadline: ContinuousClock.Instant? = nil) async throws {
    guard !line.contains(UInt8(ascii: "\n")) else {
      throw ControlError(.malformedReply, "a line of an answer holds a line feed")
    }
    let bytes = Array(line) + [UInt8(ascii: "\n")]
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
      }
      if count >= 0 {
        sent += count
        continue
      }
      let failure = HomeSystemFailure("send")
      switch failure.number {
      case EINTR: continue
      case EAGAIN: try await ready(.writable, until: deadline)
      default: throw ControlError(.cut, "the other side went away", cause: failure)
      }
    }
  }

  private func ready(
    _ readiness: ControlReactor.Readiness, until deadline: ContinuousClock.Instant?
  ) async throws {
    switch await reactor.wait(for: readiness, on: descriptor, until: deadline) {
    case .ready: return
    case .late: throw ControlError(.late, "the other side of the control socket took too long")
    case .cancelled: throw CancellationError()
    }
  }
}
