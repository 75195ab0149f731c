import Node
import Regions

extension CommandFailure {
  /// Whatever the node's commands throw, in the words that a running node would use.
  @Sendable static func commands(_ error: any Error) -> CommandFailure? {
    if let failure = error as? ControlFailure { return CommandFailure(failure) }
    let chinese = ControlFailure(explaining: error, in: .zh)
    guard chinese.code != ControlFailure.unexpectedCode,
      let status = ExitStatus(rawValue: chinese.exit)
    else { return nil }
    let english = ControlFailure(explaining: error, in: .en)
    return CommandFailure(
      status, code: chinese.code, Text(zh: chinese.message, en: english.message))
  }

  /// What the running node said, which is in the language of the request already.
  init(_ failure: ControlFailure) {
    self.init(
      ExitStatus(rawValue: failure.exit) ?? .disk, code: failure.code,
      Text(zh: failure.message, en: failure.message))
  }
}
