import Foundation

/// The lines of an answer: any number of JSON objects, at most one `{"error":{...}}`, and at the end
/// `{"exit":N}`.
enum ControlReply {
  case line(Data)
  case failure(code: String, message: String)
  case exit(Int32)

  /// The longest line of an answer, in bytes.
  static let maximumLineBytes = 4 * 1_048_576

  private struct Exit: Codable {
    let exit: Int32
  }

  private struct Failure: Codable {
    struct Reason: Codable {
      let code: String
      let message: String
    }
    let error: Reason
  }

  /// Reads a line. Only an object whose single key is `exit` or `error` is taken as such.
  init(line: Data) throws {
    let fields: [String: ControlValue]
    do {
      fields = try JSONDecoder().decode([String: ControlValue].self, from: line)
    } catch {
      throw ControlError(
        .malformedReply,
        "the node's answer holds a line that is no JSON object; is it another version?",
        cause: error)
    }
    let single = fields.count == 1
    if single, let exit = try? JSONDecoder().decode(Exit.self, from: line) {
      self = .exit(exit.exit)
    } else if single, let failure = try? JSONDecoder().decode(Failure.self, from: line) {
      self = .failure(code: failure.error.code, message: failure.error.message)
    } else {
      self = .line(line)
    }
  }

  static func exitLine(_ status: Int32) throws -> Data {
    try JSONEncoder().encode(Exit(exit: status))
  }

  static func failureLine(_ failure: ControlFailure) throws -> Data {
    try JSONEncoder().encode(
      Failure(error: .init(code: failure.code, message: failure.message)))
  }
}
