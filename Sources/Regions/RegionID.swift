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
    let bytes = Array(text.utf8)
    guard (1...Self.maximumLength).contains(bytes.count) else { return nil }
    for (index, byte) in bytes.enumerated() {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): continue
      case UInt8(ascii: "-") where index > 0 && index < bytes.count - 1: continue
      default: return nil
      }
    }
    self.rawValue = String(decoding: bytes, as: UTF8.self)
  }

  private init(unchecked rawValue: String) { self.rawValue = rawValue }

  package var description: String { rawValue }

  package static func < (a: RegionID, b: RegionID) -> Bool {
    a.rawValue.utf8.lexicographicallyPrecedes(b.rawValue.utf8)
  }
}
