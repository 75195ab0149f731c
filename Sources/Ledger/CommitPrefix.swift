/// The first 16 bytes of a commit's hash, by which a closure names it.
package struct CommitPrefix: Hashable, Comparable, Sendable {
  private let high: UInt64
  private let low: UInt64

  /// The number of bytes.
  package static let byteCount = 16

  package init(_ hash: Hash) { (high, low) = hash.halfWords }

  /// The 16 bytes.
  package var bytes: [UInt8] {
    var words = (high.bigEndian, low.bigEndian)
    return Swift.withUnsafeBytes(of: &words) { Array($0) }
  }

  package static func < (a: CommitPrefix, b: CommitPrefix) -> Bool {
    a.high != b.high ? a.high < b.high : a.low < b.low
  }

  /// Reads joined prefixes, ascending and without doubles; `nil` for anything else.
  static func list(_ bytes: [UInt8]) -> [CommitPrefix]? {
    guard bytes.count.isMultiple(of: byteCount) else { return nil }
    let prefixes = bytes.withUnsafeBytes { buffer in
      stride(from: 0, to: buffer.count, by: byteCount).map { offset in
        CommitPrefix(
          high: UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: offset, as: UInt64.self)),
          low: UInt64(
            bigEndian: buffer.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)))
      }
    }
    let ascends = zip(prefixes, prefixes.dropFirst()).allSatisfy { $0 < $1 }
    return ascends ? prefixes : nil
  }

  private init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }
}
