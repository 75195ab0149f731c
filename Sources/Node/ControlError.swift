/// Why a command could not be carried to a running node, or was not taken there.
package struct ControlError: Error, Sendable, CustomStringConvertible {
  /// What kind of error it is; more kinds may be added.
  package struct Code: Hashable, Sendable {
    /// A stable word for logs and JSON.
    package let rawValue: String

    /// The socket's path is longer than the system allows.
    package static let pathTooLong = Code(rawValue: "path_too_long")
    /// Nobody listens at the socket: no node runs on the folder.
    package static let notRunning = Code(rawValue: "not_running")
    /// Another process listens at the socket, or something else stands in its place.
    package static let inUse = Code(rawValue: "in_use")
    /// The folder of the socket can be reached by others, or belongs to another.
    package static let exposed = Code(rawValue: "exposed")
    /// The peer is neither this user nor root.
    package static let stranger = Code(rawValue: "stranger")
    /// All places are taken.
    package static let busy = Code(rawValue: "busy")
    /// A request that is no request, or is larger than the bound.
    package static let malformedRequest = Code(rawValue: "malformed_request")
    /// An answer that is none.
    package static let malformedReply = Code(rawValue: "malformed_reply")
    /// The other side went away before the end.
    package static let cut = Code(rawValue: "cut")
    /// The other side took too long.
    package static let late = Code(rawValue: "late")
    /// The system refused.
    package static let system = Code(rawValue: "system")
  }

  package let code: Code
  /// What is wrong, where, and what to do.
  package let message: String
  package let cause: (any Error)?

  package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.cause = cause
  }

  package var description: String { cause.map { "\(message) (\($0))" } ?? message }
}

/// A command that failed in the node: what its caller is told.
package struct ControlFailure: Hashable, Sendable {
  /// A stable word.
  package let code: String
  /// What is wrong and what to do, in the language of the request.
  package let message: String
  /// The status with which the calling process ends.
  package let exit: Int32

  package init(code: String, message: String, exit: Int32) {
    self.code = code
    self.message = message
    self.exit = exit
  }
}
