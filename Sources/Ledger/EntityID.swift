/// The id of an entity: a UUIDv7 whose time is that of its founding event's stamp and whose 74 random
/// bits are taken from that event's hash, so that nobody can found another's entity.
package struct EntityID: Hashable, Comparable, Sendable, CustomStringConvertible {
  private let high: UInt64
  private let low: UInt64

  /// The number of bytes in an id.
  package static let byteCount = 16

  /// The id that a founding event of this hash and time has.
  ///
  /// - Parameters:
  ///   - hash: the hash of the founding event.
  ///   - milliseconds: the physical part of the founding stamp's time, since 1970 UTC.
  package init(founding hash: Hash, milliseconds: UInt64) {
    let (first, second) = hash.halfWords
    self.high = (milliseconds & 0xFFFF_FFFF_FFFF) << 16 | 0x7000 | first >> 52
    self.low = 0x8000_0000_0000_0000 | second >> 2
  }

  /// Reads 16 bytes that have the version and variant of a UUIDv7; `nil` otherwise.
  package init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == Self.byteCount else { return nil }
    var words: (high: UInt64, low: UInt64) = (0, 0)
    Swift.withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: bytes) }
    self.init(high: UInt64(bigEndian: words.high), low: UInt64(bigEndian: words.low))
  }

  private init?(high: UInt64, low: UInt64) {
    guard high & 0xF000 == 0x7000, low >> 62 == 0b10 else { return nil }
    self.high = high
    self.low = low
  }

  /// Reads the text form of a UUID, with or without hyphens, in either case.
  package init?(text: some StringProtocol) {
    guard let bytes = [UInt8](hex: String(text).filter { $0 != "-" }) else { return nil }
    self.init(bytes)
  }

  /// The 16 bytes, most significant first.
  package var bytes: [UInt8] {
    withUnsafeBytes { Array($0) }
  }

  /// Lends the 16 bytes without an allocation.
  package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    var words = (high.bigEndian, low.bigEndian)
    return Swift.withUnsafeBytes(of: &words, body)
  }

  /// The founding time, in milliseconds since 1970 UTC.
  package var milliseconds: UInt64 { high >> 16 }

  package static func < (x: EntityID, y: EntityID) -> Bool {
    x.high != y.high ? x.high < y.high : x.low < y.low
  }

  /// The usual 36-character text of a UUID.
  package var description: String {
    let digits = Array(bytes.hex.utf8)
    let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32]
    return String(
      decoding: Array(groups.map { digits[$0] }.joined(separator: "-".utf8)), as: UTF8.self)
  }
}
