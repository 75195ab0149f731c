/// Writes the ledger's canonical encoding (see `CanonicalValue`).
package struct CanonicalEncoder: Sendable {
  /// What was written so far.
  package private(set) var bytes: [UInt8] = []

  /// - Parameter capacity: bytes to set aside at once.
  package init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

  private mutating func head(_ major: UInt8, _ argument: UInt64) {
    let type = major << 5
    switch argument {
    case 0..<24:
      bytes.append(type | UInt8(argument))
    case 24...0xFF:
      bytes.append(type | 24)
      bytes.append(UInt8(argument))
    case 0x100...0xFFFF:
      bytes.append(type | 25)
      append(argument, count: 2)
    case 0x1_0000...0xFFFF_FFFF:
      bytes.append(type | 26)
      append(argument, count: 4)
    default:
      bytes.append(type | 27)
      append(argument, count: 8)
    }
  }

  private mutating func append(_ number: UInt64, count: Int) {
    for shift in stride(from: 8 * (count - 1), through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(shift)))
    }
  }

  package mutating func unsigned(_ number: UInt64) { head(0, number) }

  package mutating func integer(_ number: Int64) {
    number < 0 ? head(1, UInt64(-1 - number)) : head(0, UInt64(number))
  }

  package mutating func byteString(_ string: [UInt8]) {
    head(2, UInt64(string.count))
    bytes.append(contentsOf: string)
  }

  package mutating func hash(_ hash: Hash) {
    head(2, UInt64(Hash.byteCount))
    hash.withUnsafeBytes { bytes.append(contentsOf: $0) }
  }

  package mutating func text(_ text: String) {
    let utf8 = text.utf8
    head(3, UInt64(utf8.count))
    bytes.append(contentsOf: utf8)
  }

  /// Begins an array; the caller then writes `count` elements.
  package mutating func array(count: Int) { head(4, UInt64(count)) }

  /// Begins a map; the caller then writes `count` pairs, keys in the order of their encoded bytes.
  package mutating func map(count: Int) { head(5, UInt64(count)) }

  package mutating func boolean(_ flag: Bool) { bytes.append(flag ? 0xF5 : 0xF4) }

  package mutating func null() { bytes.append(0xF6) }

  package mutating func value(_ value: CanonicalValue) {
    switch value {
    case .null: null()
    case .boolean(let flag): boolean(flag)
    case .integer(let number): integer(number)
    case .bytes(let string): byteString(string)
    case .text(let string): text(string)
    case .array(let elements):
      array(count: elements.count)
      for element in elements { self.value(element) }
    case .map(let entries):
      map(count: entries.count)
      for (key, element) in entries.sorted(by: { Self.precedes($0.key, $1.key) }) {
        text(key)
        self.value(element)
      }
    }
  }

  /// The order of map keys: that of their encoded bytes, which is by length and then by bytes.
  static func precedes(_ a: String, _ b: String) -> Bool {
    let (x, y) = (a.utf8, b.utf8)
    return x.count != y.count ? x.count < y.count : x.lexicographicallyPrecedes(y)
  }
}
