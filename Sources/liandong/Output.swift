import Foundation
import Glibc
import Node
import Regions
import Synchronization

/// Where a command's answer and its messages go.
///
/// No text that passes here can steer a terminal. The answer is text or JSON on standard output; everything else goes to standard error. When the
/// reader of the answer leaves (`| head`), the rest is dropped and the command ends as it would have.
final class Output: Sendable {
  /// The language of texts.
  let language: Language
  /// Whether the answer is JSON.
  let isJSON: Bool

  private struct State {
    var isBroken = false
    /// The number of the first failure to write the answer, a broken pipe excepted.
    var failure: CInt?
    /// Whether a progress line stands unfinished on the terminal.
    var showsProgress = false
  }

  private let state = Mutex(State())
  private let isTerminal: Bool

  init(language: Language, isJSON: Bool) {
    self.language = language
    self.isJSON = isJSON
    isTerminal = isatty(STDERR_FILENO) == 1
  }

  /// Whether nobody gets the answer any more: its reader left, or it cannot be written. Work whose only
  /// fruit is the answer may end then.
  var isLost: Bool { state.withLock { $0.isBroken || $0.failure != nil } }

  /// The status of a command that came to `status`: the disk's, where its answer was not written.
  func finished(with status: ExitStatus) -> ExitStatus {
    clearProgress()
    guard let number = state.withLock({ $0.failure }) else { return status }
    let reason = String(cString: strerror(number))
    fail(
      CommandFailure(
        .disk, code: "output", .inputOutput("cannot write standard output: \(reason)")))
    return .disk
  }
}

// MARK: - The answer

extension Output {
  /// Writes a line of a text answer.
  func line(_ text: Text) { line(text.in(language)) }

  /// Writes a line of a text answer.
  func line(_ text: String) { answer(Array((text.printableLines + "\n").utf8)) }

  /// Writes an answer, or one line of a list, as JSON: snake_case keys in a fixed order, one line.
  func json(_ value: some Encodable) throws { line(data: try Self.encoder.encode(value)) }

  /// Writes a line of JSON that was encoded elsewhere.
  func line(data: Data) { answer(Array(data) + [UInt8(ascii: "\n")]) }

  private static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    return encoder
  }

  private func answer(_ bytes: [UInt8]) {
    clearProgress()
    state.withLock { state in
      guard !state.isBroken, state.failure == nil else { return }
      let number = Self.writeAll(bytes, to: STDOUT_FILENO)
      if number == EPIPE {
        state.isBroken = true
      } else if number != 0 {
        state.failure = number
      }
    }
  }
}

// MARK: - Messages

extension Output {
  /// Tells people something beside the answer.
  func note(_ text: Text) {
    clearProgress()
    message(text.in(language).printableLines + "\n")
  }

  /// Shows a table, or says that there is nothing in it. With JSON each row was an answer already.
  func show(_ table: LeadTable, orNote nothing: Text) {
    guard !isJSON else { return }
    guard !table.isEmpty else { return note(nothing) }
    for row in table.lines { line(row) }
  }

  /// Reports a failure: for people, or with JSON as `{"error":{"code","message"}}`.
  func fail(_ failure: CommandFailure) {
    clearProgress()
    let message = failure.message.in(language)
    guard isJSON else {
      self.message("liandong: \(message.printableLines)\n")
      return
    }
    let report = ["error": ["code": failure.code, "message": message]]
    guard let data = try? Self.encoder.encode(report) else { return }
    self.message(String(decoding: data, as: UTF8.self) + "\n")
  }

  /// Shows how far a long command is: one line that changes on a terminal, plain lines elsewhere,
  /// there a tenth of them.
  func progress(_ done: Int, of total: Int, _ what: Text) {
    let text = "[\(done)/\(total)] \(what.in(language))"
    if isTerminal {
      state.withLock { $0.showsProgress = true }
      message("\r\u{1B}[K" + text)
    } else if done == total || done % max(1, total / Self.plainProgressLines) == 0 {
      message(text + "\n")
    }
  }

  private static let plainProgressLines = 10

  /// Takes the cursor back over lines that were written to the terminal, and clears them.
  func rewind(lines: Int) {
    guard isTerminal else { return }
    _ = Self.writeAll(Array("\u{1B}[\(lines)A\u{1B}[J".utf8), to: STDERR_FILENO)
  }

  private func clearProgress() {
    let shows = state.withLock { state in
      defer { state.showsProgress = false }
      return state.showsProgress
    }
    if shows { message("\r\u{1B}[K") }
  }

  /// Nothing can be told of a failure to write here.
  private func message(_ text: String) {
    _ = Self.writeAll(Array(text.utf8), to: STDERR_FILENO)
  }

  /// Zero, or the number of the error.
  private static func writeAll(_ bytes: [UInt8], to descriptor: CInt) -> CInt {
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes {
        write(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0 {
        let number = errno
        if number == EINTR { continue }
        return number
      }
      written += count
    }
    return 0
  }
}
