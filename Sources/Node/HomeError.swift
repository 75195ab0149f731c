import Glibc

/// An operating error with the files of a node's folder.
package struct HomeError: Error, Sendable, CustomStringConvertible {
  /// What kind of error it is; more kinds may be added.
  package struct Code: Hashable, Sendable {
    /// A stable word for logs and JSON.
    package let rawValue: String

    /// A file or folder that is needed is not there.
    package static let notFound = Code(rawValue: "not_found")
    /// Something stands where a new file or folder should go; nothing is ever overwritten.
    package static let alreadyExists = Code(rawValue: "already_exists")
    /// The system refused to read or write.
    package static let inputOutput = Code(rawValue: "input_output")
    /// A private key, or the folder that guards one, can be reached by others than its owner.
    package static let exposed = Code(rawValue: "exposed")
    /// The folder is another account's; files made in it would be out of that account's reach.
    package static let foreignOwner = Code(rawValue: "foreign_owner")
    /// A file does not hold what it should.
    package static let malformed = Code(rawValue: "malformed")
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

/// A system call that failed, and the system's own words for it.
struct HomeSystemFailure: Error, CustomStringConvertible {
  let call: String
  let number: CInt

  /// Takes the number that the call just left behind.
  init(_ call: String) {
    number = errno
    self.call = call
  }

  var description: String { "\(call): \(String(cString: strerror(number)))" }
}
