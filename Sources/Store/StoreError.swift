import GRDB

/// What went wrong with a store.
package struct StoreError: Error, Sendable, CustomStringConvertible {
  /// A stable word for programs.
  package struct Code: Hashable, Sendable {
    package let rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }

    /// Another process has the store open for writing.
    package static let locked = Code(rawValue: "locked")
    /// The disk is full.
    package static let diskFull = Code(rawValue: "disk_full")
    /// The disk or file system refuses or fails.
    package static let disk = Code(rawValue: "disk")
    /// What is stored contradicts itself.
    package static let damaged = Code(rawValue: "damaged")
    /// The store was not made yet, or belongs to another node.
    package static let wrongStore = Code(rawValue: "wrong_store")
    /// A newer version of the program wrote the store.
    package static let tooNew = Code(rawValue: "too_new")
    /// The store takes no more work, because its node stops.
    package static let closed = Code(rawValue: "closed")
    /// The hub has closed the origin under which this node writes.
    package static let originClosed = Code(rawValue: "origin_closed")
    /// The request cannot be carried out as it is.
    package static let refused = Code(rawValue: "refused")
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

  package var description: String {
    cause.map { "\(code.rawValue): \(message) (\($0))" } ?? "\(code.rawValue): \(message)"
  }

  /// Says in our words what SQLite reported.
  static func of(_ error: any Error, at path: String) -> any Error {
    guard let error = error as? DatabaseError else { return error }
    switch error.resultCode {
    case .SQLITE_FULL:
      return StoreError(.diskFull, "no room left for \(path); free some space", cause: error)
    case .SQLITE_READONLY, .SQLITE_IOERR, .SQLITE_CANTOPEN, .SQLITE_PERM:
      return StoreError(
        .disk, "cannot write \(path); check the disk, the mount and the folder's owner",
        cause: error)
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      return StoreError(.locked, "\(path) is in use by another program; end that one", cause: error)
    case .SQLITE_CORRUPT, .SQLITE_NOTADB:
      return StoreError(
        .damaged, "\(path) is damaged; restore a backup, the lost part comes from the neighbours",
        cause: error)
    default:
      return StoreError(.disk, "the store \(path) failed", cause: error)
    }
  }
}
