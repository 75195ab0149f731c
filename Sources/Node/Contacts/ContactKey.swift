import Crypto
package import Ledger
package import Regions

/// The key of one reporter's contact (联系方式密钥): 32 random bytes, used for it alone. It is kept
/// beside the store and travels over links; it never stands in the ledger or in a backup of it.
///
/// Printing it shows nothing of it.
package struct ContactKey: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
  package static let byteCount = 32
  private static let info = Array("liandong.contact.2".utf8)

  package let bytes: [UInt8]

  /// A key of these bytes; `nil` for another number of them.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count == Self.byteCount else { return nil }
    self.bytes = bytes
  }

  /// What the ledger calls the key: SHA-256 of the info, the region whose node sealed with it, and the
  /// key. So an event of another region cannot name the key, and nobody is served it for such one.
  package func name(by region: RegionID) -> Hash {
    Hash(of: Self.info + Array(region.rawValue.utf8) + bytes)
  }

  package var description: String { "ContactKey" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
