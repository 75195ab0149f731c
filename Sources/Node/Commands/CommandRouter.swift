package import Foundation
import Regions

/// Carries out commands by name, for both doors: the control socket of a running node, and the
/// command line that opened the store itself.
package struct CommandRouter: Sendable {
  private let core: NodeCore
  private let home: HomeLayout
  private let isRunning: Bool

  /// - Parameter isRunning: whether links are served beside the commands.
  package init(core: NodeCore, home: HomeLayout, isRunning: Bool = true) {
    self.core = core
    self.home = home
    self.isRunning = isRunning
  }

  /// Carries one command out; the signature is that of `ControlServer.Handler`.
  ///
  /// - Parameter write: takes each line of the answer: JSON in snake_case, without a line feed.
  /// - Returns: the status with which the caller ends.
  /// - Throws: what ``ControlFailure/init(explaining:in:)`` explains.
  package func handle(
    _ request: ControlRequest, _ write: (Data) async throws -> Void
  ) async throws -> Int32 {
    let commands = NodeCommands(core: core, home: home, language: request.language)
    let call = Call(request: request, commands: commands, isRunning: isRunning)
    let words = request.command.split(separator: " ").map(String.init)
    let answer: Answer =
      switch words.first {
      case "lead": try await call.lead(words.dropFirst().joined(separator: " "))
      case "conflict": try await call.conflict(words.dropFirst().joined(separator: " "))
      case "directive": try await call.directive(words.dropFirst().joined(separator: " "))
      case "warning": try await call.warning(words.dropFirst().joined(separator: " "))
      case "supervision": try await call.supervision(words.dropFirst().joined(separator: " "))
      case "topology": try await call.topology(words.dropFirst().joined(separator: " "))
      case "process": try await call.process(words.dropFirst().joined(separator: " "))
      case "duties": try await call.duties(words.dropFirst().joined(separator: " "))
      case "evidence": try await call.evidence(words.dropFirst().joined(separator: " "))
      case "origin": try await call.origin(words.dropFirst().joined(separator: " "))
      case "waiting": try await call.waiting(words.dropFirst().joined(separator: " "))
      case "account": try await call.account(words.dropFirst().joined(separator: " "))
      case "shift": try await call.shift(words.dropFirst().joined(separator: " "))
      case "sync": try call.sync(words.dropFirst().joined(separator: " "), core.links)
      default: try await call.upkeep(request.command)
      }
    for line in answer.lines { try await write(line) }
    return answer.exit.rawValue
  }

  /// An answer's lines and status.
  struct Answer {
    let lines: [Data]
    var exit = CommandExit.good

    init(_ value: some Encodable, exit: CommandExit = .good) throws {
      lines = [try AnswerCoding.encode(value)]
      self.exit = exit
    }

    init(list: [some Encodable]) throws { lines = try list.map { try AnswerCoding.encode($0) } }
  }
}

/// The JSON of answers: snake_case keys in a fixed order.
package enum AnswerCoding {
  package static func encode(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .custom { path in SnakeCase(path[path.count - 1]) }
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(value)
  }

  package static func decode<Value: Decodable>(_ type: Value.Type, from line: Data) throws -> Value
  {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(type, from: line)
  }

  private struct SnakeCase: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(_ key: any CodingKey) {
      intValue = key.intValue
      var text = ""
      for character in key.stringValue {
        if character.isASCII, character.isUppercase {
          text += "_" + character.lowercased()
        } else {
          text.append(character)
        }
      }
      stringValue = text
    }

    init?(stringValue: String) { return nil }
    init?(intValue: Int) { return nil }
  }
}
