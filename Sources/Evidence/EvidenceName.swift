package import Crypto

/// The name of an evidence file: the SHA-256 of its whole content.
package struct EvidenceName: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// 64 lower-case hexadecimal digits.
  package let description: String

  /// Takes over a finished digest.
  package init(_ digest: SHA256.Digest) {
    let digits = Array("0123456789abcdef".utf8)
    description = String(
      decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// The name of that content.
  package init(of content: [UInt8]) { self.init(SHA256.hash(data: content)) }

  /// Reads 64 lower-case hexadecimal digits; `nil` for anything else, upper case included, so that
  /// every file has one spelling.
  package init?(_ text: some StringProtocol) {
    guard text.utf8.count == Self.digitCount, text.utf8.allSatisfy(Self.isDigit) else { return nil }
    description = String(text)
  }

  /// The name of the file at ``relativePath``, from the path's two parts; `nil` if no name has them.
  package init?(folder: some StringProtocol, file: some StringProtocol) {
    guard folder.utf8.count == Self.folderDigits else { return nil }
    self.init(String(folder) + String(file))
  }

  /// Whether a folder of that name may hold evidence files.
  package static func isFolder(_ text: some StringProtocol) -> Bool {
    text.utf8.count == folderDigits && text.utf8.allSatisfy(isDigit)
  }

  /// The folder that the file lies in: the first two digits.
  package var folder: String { String(description.prefix(Self.folderDigits)) }
  /// The file's name in its folder: the other 62 digits.
  package var file: String { String(description.dropFirst(Self.folderDigits)) }
  /// The path below the folder of all evidence: `ab/cdef...`, of digits and one slash alone.
  package var relativePath: String { "\(folder)/\(file)" }

  package static func < (one: EvidenceName, other: EvidenceName) -> Bool {
    one.description < other.description
  }

  /// The number of digits in a name.
  package static let digitCount = 64
  private static let folderDigits = 2

  private static func isDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
    default: false
    }
  }
}
