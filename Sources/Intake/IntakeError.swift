/// Why a lead file (线索文件) as a whole cannot be read. A single bad row is no error: it is a
/// ``RejectedRow``.
package struct IntakeError: Error, Sendable, CustomStringConvertible {
  /// The kind of failure. Open: later versions add codes.
  package struct Code: Hashable, Sendable, CustomStringConvertible {
    /// The word used in logs and JSON.
    package let name: String

    /// A code of that name.
    package init(_ name: String) { self.name = name }

    package var description: String { name }

    /// The file cannot be opened or read.
    package static let unreadable = Code("unreadable")
    /// The bytes are not text in an encoding that is read here.
    package static let unsupportedEncoding = Code("unsupported_encoding")
    /// The host's C library cannot decode GB18030.
    package static let missingDecoder = Code("missing_decoder")
    /// The header row is absent, damaged or lacks a required column.
    package static let badHeader = Code("bad_header")
    /// The channel key is malformed.
    package static let badChannel = Code("bad_channel")
  }

  /// The kind of failure.
  package let code: Code
  /// What is wrong, where, and what to do.
  package let text: IntakeText
  /// The failure beneath, if there is one.
  package let cause: (any Error)?

  /// An error with its parts.
  package init(_ code: Code, zh: String, en: String, cause: (any Error)? = nil) {
    self.code = code
    self.text = IntakeText(zh: zh, en: en)
    self.cause = cause
  }

  /// The text in English, as logs have it.
  package var message: String { text.en }

  package var description: String {
    if let cause { "\(code): \(message) (\(cause))" } else { "\(code): \(message)" }
  }
}
