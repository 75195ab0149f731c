package import Crypto

/// A SHA-256 value: the name of an event, a commit, a rules file or an evidence file.
///
/// Ordered as unsigned big-endian bytes, which is the order that merge ties and range comparison use.
package struct Hash: Hashable, Comparable, Sendable, CustomStringConvertible {
  private let a: UInt64
  private let b: UInt64
  private let c: UInt64
  private let d: UInt64

  /// The number of bytes in a hash.
  package static let byteCount = 32

  /// Thirty-two zero bytes: the previous commit of an origin's first commit.
  package static let zero = Hash(a: 0, b: 0, c: 0, d: 0)

  private init(a: UInt64, b: UInt64, c: UInt64, d: UInt64) {
    self.a = a
    self.b = b
    self.c = c
    self.d = d
  }

  /// Reads exactly 32 bytes; `nil` for any other count.
  package init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == Self.byteCount else { return nil }
    let words = bytes.withContiguousStorageIfAvailable { Hash(UnsafeRawBufferPointer($0)) }
    self = words ?? Array(bytes).withUnsafeBytes { Hash($0) }
  }

  /// Reads the first 32 bytes of a buffer.
  ///
  /// - Precondition: the buffer holds at least 32 bytes.
  package init(_ buffer: UnsafeRawBufferPointer) {
    precondition(buffer.count >= Self.byteCount, "a hash needs 32 bytes")
    self.a = UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: 0, as: UInt64.self))
    self.b = UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    self.c = UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
    self.d = UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: 24, as: UInt64.self))
  }

  /// Takes over a finished digest.
  package init(_ digest: SHA256.Digest) {
    self = digest.withUnsafeBytes { Hash($0) }
  }

  /// The hash of `bytes`.
  package init(of bytes: [UInt8]) {
    self = Hash(SHA256.hash(data: bytes))
  }

  /// Reads 64 lower- or upper-case hexadecimal digits.
  package init?(hex: some StringProtocol) {
    guard hex.utf8.count == 2 * Self.byteCount, let bytes = [UInt8](hex: hex) else { return nil }
    self.init(bytes)
  }

  /// The 32 bytes.
  package var bytes: [UInt8] {
    withUnsafeBytes { Array($0) }
  }

  /// Lends the 32 bytes without an allocation.
  package func withUnsafeBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    var words = (a.bigEndian, b.bigEndian, c.bigEndian, d.bigEndian)
    return try Swift.withUnsafeBytes(of: &words, body)
  }

  /// The first eight bytes as a number: a cheap well-mixed key for sums and tables.
  package var prefix: UInt64 { a }

  /// The first sixteen bytes as two numbers, for 128-bit range fingerprints.
  package var halfWords: (high: UInt64, low: UInt64) { (a, b) }

  /// The exclusive or of two hashes: an order-free digest of a set is the fold of this over it.
  package static func ^ (x: Hash, y: Hash) -> Hash {
    Hash(a: x.a ^ y.a, b: x.b ^ y.b, c: x.c ^ y.c, d: x.d ^ y.d)
  }

  /// Feeds all of the bytes: a peer names parents as it likes, also many that agree in most of theirs.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(a)
    hasher.combine(b)
    hasher.combine(c)
    hasher.combine(d)
  }

  package static func < (x: Hash, y: Hash) -> Bool {
    if x.a != y.a { return x.a < y.a }
    if x.b != y.b { return x.b < y.b }
    if x.c != y.c { return x.c < y.c }
    return x.d < y.d
  }

  /// 64 lower-case hexadecimal digits.
  package var description: String { bytes.hex }

  /// The first twelve hexadecimal digits, for people.
  package var short: String { String(description.prefix(12)) }
}

extension Hash {
  /// Hashes a domain tag, then hashes, then bytes.
  ///
  /// The tag fixes how many hashes there are, or there are no bytes, so that two different lists of
  /// parts never give the same input.
  static func tagged(_ tag: StaticString, _ hashes: [Hash], then bytes: [UInt8] = []) -> Hash {
    var hasher = SHA256()
    // Joined first: for short parts a call of the hasher costs more than what it hashes.
    let count = tag.utf8CodeUnitCount + hashes.count * byteCount
    withUnsafeTemporaryAllocation(byteCount: count, alignment: 1) { joined in
      tag.withUTF8Buffer { joined.copyMemory(from: UnsafeRawBufferPointer($0)) }
      var end = tag.utf8CodeUnitCount
      for hash in hashes {
        hash.withUnsafeBytes {
          UnsafeMutableRawBufferPointer(rebasing: joined[end...]).copyMemory(from: $0)
        }
        end += byteCount
      }
      hasher.update(bufferPointer: UnsafeRawBufferPointer(joined))
    }
    if !bytes.isEmpty { bytes.withUnsafeBytes { hasher.update(bufferPointer: $0) } }
    return Hash(hasher.finalize())
  }
}

extension Hash {
  /// The running hash of a list after one more entry: what a cursor carries to prove which list it
  /// is a place in. The empty list's is `zero`.
  package func appending(_ entry: Hash) -> Hash {
    .tagged("liandong.outbox.1\n", [self, entry])
  }
}
