/// Remembers the identities of a file's rows to tell a row that repeats an earlier one.
///
/// It keeps 128 bits of each identity, of at most ``IntakeBounds/rememberedIdentities``; rows beyond
/// are compared with those only. That is a hint for a person: what is already in the store is
/// decided by the caller's cryptographic hash.
package struct RepeatedRows {
  private struct Fingerprint: Hashable {
    var high: UInt64
    var low: UInt64
  }

  private var firstLines: [Fingerprint: Int] = [:]

  /// Remembers nothing yet.
  package init() {}

  /// The line of the first row with this identity, or `nil` if this is the first.
  package mutating func firstLine(of identityText: String, line: Int) -> Int? {
    let fingerprint = Self.fingerprint(identityText)
    if let first = firstLines[fingerprint] { return first }
    if firstLines.count < IntakeBounds.rememberedIdentities { firstLines[fingerprint] = line }
    return nil
  }

  /// Two independent multiply-and-mix passes.
  private static func fingerprint(_ text: String) -> Fingerprint {
    var high: UInt64 = 0x6C69_616E_646F_6E67
    var low: UInt64 = 0x7869_616E_7375_6F21
    for byte in text.utf8 {
      high = (high ^ UInt64(byte)) &* 0x9FB2_1C65_1E98_DF25
      high ^= high >> 29
      low = (low &+ UInt64(byte) &+ 1) &* 0xD6E8_FEB8_6659_FD93
      low ^= low >> 32
    }
    return Fingerprint(high: high, low: low)
  }
}
