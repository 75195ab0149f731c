/// The permanent id of a region (区域): lower-case ASCII letters, digits and inner hyphens, 1 to 40
/// bytes, for example `haizhou-qu`.
///
/// An id is given once and never changes; names, division codes and parents are dated attributes of
/// the region. The id stands in certificates, stamps and audiences, so its alphabet is closed.
package struct RegionID: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The id's text, valid by construction.
  package let rawValue: String

  /// The longest id, in bytes.
  package static let maximumLength = 40

  /// The audience word `*`: every region of the deployment. It names no place and no node.
  package static let everyone = RegionID(unchecked: "*")

  /// Accepts a well-formed id; `nil` for anything else, `*` included.
  package init?(_ text: some StringProtocol) {
    self.init(String(text))
  }

  /// Accepts a well-formed id; `nil` for anything else, `*` included.
  package init?(_ text: String) {
    var count = 0
    var last = UInt8(ascii: "-")
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): break
      case UInt8(ascii: "-") where count > 0: break
      default: return nil
      }
      count += 1
      last = byte
    }
    guard count <= Self.maximumLength, last != UInt8(ascii: "-") else { return nil }
    self.rawValue = text
  }

  private init(unchecked rawValue: String) { self.rawValue = rawValue }

  package var description: String { rawValue }

  package static func < (a: RegionID, b: RegionID) -> Bool {
    a.rawValue.utf8.lexicographicallyPrecedes(b.rawValue.utf8)
  }
}
