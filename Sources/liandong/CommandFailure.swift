import Node

/// A command that cannot be done: what its caller is told and the status it ends with.
struct CommandFailure: Error, Sendable {
  let status: ExitStatus
  /// A stable word for scripts.
  let code: String
  /// What is wrong, where, and what to do.
  let message: Text

  init(_ status: ExitStatus, code: String, _ message: Text) {
    self.status = status
    self.code = code
    self.message = message
  }
}

extension CommandFailure {
  /// Explains errors of one layer; `nil` for all others.
  typealias Mapping = @Sendable (any Error) -> CommandFailure?

  /// The layers' mappings; the first that answers counts. Each stands in its own file
  /// `CommandFailure+*.swift`.
  static let mappings: [Mapping] = [
    { $0 as? CommandFailure },
    identity, regions, home, configuration, provision, control, commands,
  ]

  /// Explains any error. One that no layer explains is a failure of the machine below.
  init(explaining error: any Error) {
    for mapping in Self.mappings {
      if let failure = mapping(error) {
        self = failure
        return
      }
    }
    self.init(.disk, code: "unexpected", .unexpected("\(error)"))
  }
}
