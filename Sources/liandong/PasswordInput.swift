import CoreFoundation
import Foundation
import Glibc
import Node
import Regions

/// How a command gets a password: from a file that its owner alone can read, else from the terminal
/// without an echo. Never from an argument, which every process of the machine can see.
struct PasswordInput {
  /// The environment variable that names the file with the acting person's password.
  static let fileVariable = "LIANDONG_PASSWORD_FILE"

  let context: CommandContext

  /// Whether a password can be had: from a file, or from a person at a terminal.
  var isPossible: Bool { file != nil || (!context.output.isJSON && isatty(STDIN_FILENO) == 1) }

  private var file: String? {
    context.environment[Self.fileVariable].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The acting person's present password.
  func present(of account: String) throws -> String {
    try file.map { try read($0) } ?? ask(.passwordOf(account))
  }

  /// A new password: from the file, else typed twice.
  func new(from file: String?, of account: String) throws -> String {
    if let file { return try read(file) }
    let first = try ask(.newPasswordOf(account))
    guard try ask(.newPasswordAgain) == first else {
      throw CommandFailure(.badData, code: "passwords_differ", .passwordsDiffer)
    }
    return first
  }

  private func read(_ path: String) throws -> String {
    let text = try HomeFolder.readText(
      path, atMost: Password.maximumBytes + 2, readers: .owner)
    return String(text.prefix { !$0.isNewline })
  }

  private func ask(_ question: Text) throws -> String {
    guard isatty(STDIN_FILENO) == 1, !context.output.isJSON else {
      throw CommandFailure(.usage, code: "no_password", .noPassword)
    }
    var former = termios()
    tcgetattr(STDIN_FILENO, &former)
    var silent = former
    silent.c_lflag &= ~tcflag_t(ECHO)
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
    defer { tcsetattr(STDIN_FILENO, TCSAFLUSH, &former) }
    context.output.note(question)
    guard let line = readLine() else {
      throw CommandFailure(.usage, code: "no_password", .noPassword)
    }
    return line
  }
}
