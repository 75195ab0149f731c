/// The name of one city's installation, for example `lianyungang`: 1 to 40 bytes of lower-case ASCII
/// letters, digits and hyphens.
///
/// It is the first part of every node's URI and the organisation in every subject, so that two
/// cities that happen to use the same region ids stay apart.
package struct Deployment: Hashable, Sendable, CustomStringConvertible {
  /// The name's text, valid by construction.
  package let rawValue: String

  /// The longest name, in bytes.
  package static let maximumLength = 40

  /// Accepts a well-formed name; `nil` for anything else.
  package init?(_ text: some StringProtocol) {
    let bytes = Array(text.utf8)
    guard (1...Self.maximumLength).contains(bytes.count) else { return nil }
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "-"):
        continue
      default: return nil
      }
    }
    self.rawValue = String(decoding: bytes, as: UTF8.self)
  }

  package var description: String { rawValue }
}
