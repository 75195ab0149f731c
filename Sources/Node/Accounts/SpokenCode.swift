/// 40 bits as two offices tell them on the telephone: eight digits and capital letters of an alphabet
/// without look-alikes. What is heard or typed otherwise for one of them is read as it.
package struct SpokenCode: Hashable, Sendable, CustomStringConvertible {
  package static let byteCount = 5

  package let bytes: [UInt8]

  /// Without I, L, O and U.
  private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
  private static let lookAlikes: [Character: Character] = ["O": "0", "I": "1", "L": "1"]
  private static let bitsPerSymbol = 5
  private static let symbolCount = byteCount * 8 / bitsPerSymbol

  /// - Returns: `nil` for other than five bytes.
  package init?(bytes: [UInt8]) {
    guard bytes.count == Self.byteCount else { return nil }
    self.bytes = bytes
  }

  /// Reads what was typed: in either case, with hyphens and spaces anywhere.
  package init?(_ text: String) {
    let symbols = text.uppercased().filter { $0 != "-" && !$0.isWhitespace }
    guard symbols.count == Self.symbolCount else { return nil }
    var number: UInt64 = 0
    for symbol in symbols {
      guard let digit = Self.alphabet.firstIndex(of: Self.lookAlikes[symbol] ?? symbol) else {
        return nil
      }
      number = number << UInt64(Self.bitsPerSymbol) | UInt64(digit)
    }
    bytes = (0..<Self.byteCount).reversed().map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
  }

  /// As in `7KQM-2XPD`.
  package var description: String {
    let number = bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let symbols = (0..<Self.symbolCount).reversed().map {
      Self.alphabet[Int(number >> UInt64($0 * Self.bitsPerSymbol)) % Self.alphabet.count]
    }
    return String(symbols.prefix(4)) + "-" + String(symbols.dropFirst(4))
  }
}
