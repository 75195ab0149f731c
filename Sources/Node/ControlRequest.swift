package import Foundation
package import Regions

/// One command for a running node: a line of JSON on the control socket.
package struct ControlRequest: Hashable, Sendable {
  /// The command's words, for example `lead report`.
  package let command: String
  /// The command's own arguments.
  package let arguments: [String: ControlValue]
  /// The person who acts; empty for commands that write nothing.
  package let actor: String
  /// The role in which that person acts; empty for commands that write nothing.
  package let role: String
  /// The token of the session under which that person acts; empty for none.
  package let session: String
  /// The language of the answer's messages.
  package let language: Language

  /// The largest request, in bytes with its line feed.
  package static let maximumBytes = 1_048_576

  package init(
    command: String, arguments: [String: ControlValue] = [:], actor: String = "",
    role: String = "", session: String = "", language: Language = .zh
  ) {
    self.command = command
    self.arguments = arguments
    self.actor = actor
    self.role = role
    self.session = session
    self.language = language
  }

  /// A request whose arguments are the coded properties of a value.
  ///
  /// - Throws: an `EncodingError` where the value is not coded as a JSON object.
  package init(
    command: String, arguments: some Encodable, actor: String, role: String,
    session: String = "", language: Language
  ) throws {
    let data = try JSONEncoder().encode(arguments)
    self.init(
      command: command,
      arguments: try JSONDecoder().decode([String: ControlValue].self, from: data),
      actor: actor, role: role, session: session, language: language)
  }

  /// The arguments as the type that the command expects.
  ///
  /// - Throws: ``ControlError`` of code malformed request.
  package func decodeArguments<Arguments: Decodable>(as type: Arguments.Type) throws -> Arguments {
    do {
      return try JSONDecoder().decode(type, from: JSONEncoder().encode(arguments))
    } catch {
      throw ControlError(
        .malformedRequest,
        "the arguments of \(command) are not what it takes; is the program of the same version as "
          + "the running node?", cause: error)
    }
  }

  /// Reads a line.
  ///
  /// - Throws: ``ControlError`` of code malformed request.
  package init(line: Data) throws {
    do {
      self = try JSONDecoder().decode(ControlRequest.self, from: line)
    } catch {
      // The cause is left out: it may quote the line, which may hold a person's contact.
      throw ControlError(
        .malformedRequest,
        "the request is not a JSON object with command, arguments, actor, role and language")
    }
  }

  /// The line, without its line feed.
  package func line() throws -> Data { try JSONEncoder().encode(self) }
}

extension ControlRequest: Codable {
  private enum CodingKeys: String, CodingKey {
    case command, arguments, actor, role, session, language
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let word = try container.decode(String.self, forKey: .language)
    guard let language = Language(rawValue: word) else {
      throw DecodingError.dataCorruptedError(
        forKey: .language, in: container, debugDescription: "not a language")
    }
    self.init(
      command: try container.decode(String.self, forKey: .command),
      arguments: try container.decode([String: ControlValue].self, forKey: .arguments),
      actor: try container.decode(String.self, forKey: .actor),
      role: try container.decode(String.self, forKey: .role),
      session: try container.decodeIfPresent(String.self, forKey: .session) ?? "",
      language: language)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(command, forKey: .command)
    try container.encode(arguments, forKey: .arguments)
    try container.encode(actor, forKey: .actor)
    try container.encode(role, forKey: .role)
    if !session.isEmpty { try container.encode(session, forKey: .session) }
    try container.encode(language.rawValue, forKey: .language)
  }
}
