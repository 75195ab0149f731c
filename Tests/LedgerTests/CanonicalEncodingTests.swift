import Ledger
import Testing

/// The one encoding of the ledger: deterministic CBOR.
@Suite struct CanonicalEncodingTests {
  /// Values with their bytes as RFC 8949, appendix A, lists them.
  static let examples: [(CanonicalValue, String)] = [
    (.integer(0), "00"), (.integer(1), "01"), (.integer(10), "0a"), (.integer(23), "17"),
    (.integer(24), "1818"), (.integer(25), "1819"), (.integer(100), "1864"),
    (.integer(1000), "1903e8"), (.integer(1_000_000), "1a000f4240"),
    (.integer(1_000_000_000_000), "1b000000e8d4a51000"), (.integer(-1), "20"),
    (.integer(-10), "29"), (.integer(-100), "3863"), (.integer(-1000), "3903e7"),
    (.boolean(false), "f4"), (.boolean(true), "f5"), (.null, "f6"), (.bytes([]), "40"),
    (.bytes([1, 2, 3, 4]), "4401020304"), (.text(""), "60"), (.text("a"), "6161"),
    (.text("IETF"), "6449455446"), (.text("\u{FC}"), "62c3bc"), (.text("\u{6C34}"), "63e6b0b4"),
    (.text("\u{10151}"), "64f0908591"), (.array([]), "80"),
    (.array([.integer(1), .integer(2), .integer(3)]), "83010203"),
    (
      .array([
        .integer(1), .array([.integer(2), .integer(3)]), .array([.integer(4), .integer(5)]),
      ]), "8301820203820405"
    ),
    (
      .array((1...25).map { .integer($0) }),
      "98190102030405060708090a0b0c0d0e0f101112131415161718181819"
    ),
    (.map([:]), "a0"),
    (.map(["a": .integer(1), "b": .array([.integer(2), .integer(3)])]), "a26161016162820203"),
    (.array([.text("a"), .map(["b": .text("c")])]), "826161a161626163"),
  ]

  @Test(arguments: examples)
  func `values have the bytes that the RFC lists`(value: CanonicalValue, hex: String) throws {
    #expect(value.encoded.hex == hex)
    let bytes = try #require([UInt8](hex: hex))
    #expect(try CanonicalValue(decoding: bytes) == value)
  }

  @Test(arguments: [
    // A number that fits a shorter head.
    "1800", "1817", "190017", "1900ff", "1a0000ffff", "1b00000000ffffffff", "3817",
    // Lengths that fit a shorter head, and indefinite ones.
    "5801aa", "7801 61", "9801 00", "b801 6161 00", "5f41aaff", "9f00ff", "bf616100ff", "7f6161ff",
    // Tags, floats, undefined, simple values.
    "c000", "f90000", "fa00000000", "fb0000000000000000", "f7", "f0", "f818", "ff",
    // Beyond a signed 64-bit integer.
    "1b8000000000000000", "3b8000000000000000", "1bffffffffffffffff",
    // Maps out of order, with doubled keys, with keys that are no text.
    "a2616200616100", "a2616100616101", "a10000", "a2626161006162 00",
    // Ill-formed UTF-8, too little, too much.
    "61ff", "62c328", "63eda080", "4201", "8201", "a1", "18", "0000", "",
  ])
  func `bytes in any other form are refused`(hex: String) throws {
    let bytes = try #require([UInt8](hex: hex.filter { $0 != " " }))
    #expect(throws: MalformedBytes.self) { try CanonicalValue(decoding: bytes) }
  }

  @Test func `every value comes back as it was, and from one form alone`() throws {
    for seed in UInt64(1)...400 {
      var numbers = SeededNumbers(seed: seed)
      let value = Self.random(&numbers, depth: 0)
      let bytes = value.encoded
      #expect(try CanonicalValue(decoding: bytes) == value, "seed \(seed)")
      // Whatever a change of one byte leaves readable must encode to just those bytes.
      for _ in 0..<20 where !bytes.isEmpty {
        var other = bytes
        other[numbers.below(other.count)] = UInt8(truncatingIfNeeded: numbers.next())
        if let read = try? CanonicalValue(decoding: other) {
          #expect(read.encoded == other, "seed \(seed)")
        }
      }
    }
  }

  @Test func `bytes at random are read as their own encoding or refused`() {
    var numbers = SeededNumbers(seed: 77)
    var readable = 0
    for _ in 0..<30_000 {
      let bytes = numbers.bytes(numbers.below(24))
      guard let value = try? CanonicalValue(decoding: bytes) else { continue }
      readable += 1
      #expect(value.encoded == bytes)
    }
    #expect(readable > 100)
  }

  @Test func `a length beyond the bytes is refused before anything is set aside for it`() throws {
    for major in ["5b", "7b", "9b", "bb"] {
      let bytes = try #require([UInt8](hex: major + "7fffffffffffffff"))
      #expect(throws: MalformedBytes.self) { try CanonicalValue(decoding: bytes) }
    }
  }

  @Test func `values nest to the bound and no deeper`() {
    func nested(_ depth: Int) -> CanonicalValue {
      depth == 1 ? .array([]) : .array([nested(depth - 1)])
    }
    #expect(throws: Never.self) {
      try CanonicalValue(decoding: nested(LedgerBounds.valueDepth).encoded)
    }
    #expect(throws: MalformedBytes.self) {
      try CanonicalValue(decoding: nested(LedgerBounds.valueDepth + 1).encoded)
    }
    // Far deeper than any stack would bear.
    #expect(throws: MalformedBytes.self) {
      try CanonicalValue(decoding: [UInt8](repeating: 0x81, count: 1_000_000))
    }
  }

  static func random(_ numbers: inout SeededNumbers, depth: Int) -> CanonicalValue {
    switch numbers.below(depth > 4 ? 5 : 7) {
    case 0: return .null
    case 1: return .boolean(numbers.below(2) == 0)
    case 2:
      let number = Int64(bitPattern: numbers.next() >> UInt64(numbers.below(64)))
      return .integer(numbers.below(2) == 0 ? number : ~number)
    case 3: return .bytes(numbers.bytes(numbers.below(300)))
    case 4: return .text(text(&numbers))
    case 5:
      return .array((0..<numbers.below(30)).map { _ in random(&numbers, depth: depth + 3) })
    default:
      var entries: [String: CanonicalValue] = [:]
      for _ in 0..<numbers.below(6) {
        entries[text(&numbers)] = random(&numbers, depth: depth + 1)
      }
      return .map(entries)
    }
  }

  private static func text(_ numbers: inout SeededNumbers) -> String {
    let letters = ["a", "b", "线", "索", "\u{10151}", "é", "0"]
    return (0..<numbers.below(40)).map { _ in letters[numbers.below(letters.count)] }.joined()
  }
}
