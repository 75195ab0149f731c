import Crypto
import Ledger
import Regions
import Testing

/// Stamps and hashes: their forms and bounds.
@Suite struct StampTests {
  private func stamp() throws -> Stamp { try TestOrigin("haizhou-qu", seed: 1).stamp(sequence: 9) }

  /// The canonical fields of a stamp, to be replaced one by one.
  private func fields() throws -> [CanonicalValue] {
    try #require(try CanonicalValue(decoding: stamp().encoded).array)
  }

  @Test func `a stamp comes back from its bytes`() throws {
    let stamp = try stamp()
    #expect(try Stamp(decoding: stamp.encoded) == stamp)
    #expect(try fields().count == 9)
  }

  @Test(arguments: [
    (0, CanonicalValue.text("Haizhou")), (0, .text("")), (0, .text("*")), (1, .integer(0)),
    (1, .integer(1 << 32)), (2, .integer(0)), (2, .integer(-1)), (3, .integer(-1)), (4, .text("")),
    (4, .text(String(repeating: "a", count: 65))), (5, .text("")), (6, .integer(3)),
    (6, .integer(256)), (7, .bytes([1])), (7, .bytes([UInt8](repeating: 1, count: 17))),
    (8, .integer(2)), (8, .null),
  ])
  func `a stamp with a field out of range is refused`(field: Int, value: CanonicalValue) throws {
    var fields = try fields()
    fields[field] = value
    let bytes = CanonicalValue.array(fields).encoded
    #expect(throws: MalformedBytes.self) { try Stamp(decoding: bytes) }
  }

  @Test func `a stamp of another length or with bytes after it is refused`() throws {
    let fields = try fields()
    let short = CanonicalValue.array(Array(fields.dropLast())).encoded
    let long = CanonicalValue.array(fields + [.null]).encoded
    let trailed = try stamp().encoded + [0]
    for bytes in [short, long, trailed] {
      #expect(throws: MalformedBytes.self) { try Stamp(decoding: bytes) }
    }
  }

  @Test func `stamps altered at random are refused or read as other stamps`() throws {
    let stamp = try stamp()
    var numbers = SeededNumbers(seed: 8)
    for _ in 0..<3_000 {
      var bytes = stamp.encoded
      bytes[numbers.below(bytes.count)] = UInt8(truncatingIfNeeded: numbers.next())
      guard bytes != stamp.encoded, let other = try? Stamp(decoding: bytes) else { continue }
      #expect(other != stamp)
      #expect(other.encoded == bytes)
    }
  }

  @Test func `a key is named by its DER form`() throws {
    let key = try TestOrigin("t1", seed: 2).key.publicKey
    let digest = Array(SHA256.hash(data: key.derRepresentation))
    #expect(KeyName(of: key).bytes == Array(digest.prefix(16)))
    #expect(KeyName([1, 2]) == nil)
  }

  @Test func `hashes order as their bytes do and come back from hexadecimal`() throws {
    var numbers = SeededNumbers(seed: 3)
    for _ in 0..<500 {
      let (x, y) = (try #require(Hash(numbers.bytes(32))), try #require(Hash(numbers.bytes(32))))
      #expect((x < y) == x.bytes.lexicographicallyPrecedes(y.bytes))
      #expect(Hash(hex: x.description) == x)
      #expect((x ^ y) ^ y == x)
      var close = x.bytes
      close[31] ^= 1
      let near = try #require(Hash(close))
      #expect((x < near) == x.bytes.lexicographicallyPrecedes(close))
    }
    #expect(Hash([UInt8](repeating: 0, count: 31)) == nil)
    #expect(Hash([UInt8](repeating: 0, count: 33)) == nil)
    #expect(Hash(hex: String(repeating: "g", count: 64)) == nil)
    #expect(Hash(of: []).description.hasPrefix("e3b0c44298fc1c149afbf4c8996fb924"))
  }
}
