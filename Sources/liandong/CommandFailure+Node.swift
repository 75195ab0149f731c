import Node
import Regions

extension CommandFailure {
  /// A tree that is none.
  @Sendable static func regions(_ error: any Error) -> CommandFailure? {
    guard let error = error as? LinkTreeError else { return nil }
    return CommandFailure(.badData, code: error.code.rawValue, .treeRefused(error.message))
  }

  /// The files of a node's folder.
  @Sendable static func home(_ error: any Error) -> CommandFailure? {
    guard let error = error as? HomeError else { return nil }
    let text = "\(error)"
    return switch error.code {
    case .notFound:
      CommandFailure(.configuration, code: error.code.rawValue, .notFound(text))
    case .alreadyExists:
      CommandFailure(.refused, code: error.code.rawValue, .alreadyExists(text))
    case .foreignOwner:
      CommandFailure(.refused, code: error.code.rawValue, .foreignOwner(text))
    case .exposed: CommandFailure(.configuration, code: error.code.rawValue, .exposed(text))
    case .malformed:
      CommandFailure(.configuration, code: error.code.rawValue, .malformedFile(text))
    default: CommandFailure(.disk, code: error.code.rawValue, .inputOutput(text))
    }
  }

  /// A `node.yaml` with faults.
  @Sendable static func configuration(_ error: any Error) -> CommandFailure? {
    guard let error = error as? ConfigurationError else { return nil }
    return CommandFailure(
      .configuration, code: "configuration_faults",
      Text(
        zh: error.lines(in: .zh).joined(separator: "\n"),
        en: error.lines(in: .en).joined(separator: "\n")))
  }

  /// A city that cannot be provisioned as asked.
  @Sendable static func provision(_ error: any Error) -> CommandFailure? {
    guard let error = error as? ProvisionError else { return nil }
    let code = error.code.rawValue
    return switch error.code {
    case .badAddress: CommandFailure(.badData, code: code, .badAddress("\(error)"))
    case .hubInService: CommandFailure(.refused, code: code, .hubInService("\(error)"))
    case .alreadyProvisioned:
      CommandFailure(.refused, code: code, .alreadyExists("\(error)"))
    case .wrongDeployment:
      CommandFailure(.configuration, code: code, .mismatch("\(error)"))
    default: CommandFailure(.configuration, code: code, .mismatch("\(error)"))
    }
  }

  /// The control socket.
  @Sendable static func control(_ error: any Error) -> CommandFailure? {
    guard let error = error as? ControlError else { return nil }
    let code = error.code.rawValue
    let text = Text.control("\(error)")
    return switch error.code {
    case .pathTooLong, .exposed: CommandFailure(.configuration, code: code, text)
    case .inUse: CommandFailure(.storeLocked, code: code, text)
    case .stranger: CommandFailure(.refused, code: code, text)
    case .malformedRequest: CommandFailure(.badData, code: code, text)
    case .system: CommandFailure(.disk, code: code, text)
    default: CommandFailure(.unreachable, code: code, text)
    }
  }
}
