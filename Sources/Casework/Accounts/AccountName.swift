package import Regions

/// The name of an account (账号名): `who@region`, so that each office gives names of its own and two
/// that are apart never give the same one.
package struct AccountName: Hashable, Sendable, CustomStringConvertible {
  package let who: String
  package let region: RegionID

  /// The longest part before the `@`, in bytes: with the longest region it still fits a stamp.
  package static let maximumWhoBytes = 20

  /// - Returns: `nil` for a part that is empty, too long, or holds something else than `a-z`, `0-9`,
  ///   `.`, `-` and `_`.
  package init?(who: String, region: RegionID) {
    guard (1...Self.maximumWhoBytes).contains(who.utf8.count),
      who.utf8.allSatisfy(Self.isPlain)
    else { return nil }
    self.who = who
    self.region = region
  }

  /// Reads `who@region`; `nil` for anything else.
  package init?(_ text: String) {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, let region = RegionID(parts[1]) else { return nil }
    self.init(who: String(parts[0]), region: region)
  }

  package var description: String { "\(who)@\(region)" }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
