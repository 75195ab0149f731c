/// Numbers and pieces of bytes that nobody vouches for: what lies outside is `nil`, never a trap.
struct ByteView {
  /// In which order the bytes of a number stand.
  enum Order {
    case bigEndian
    case littleEndian
  }

  let bytes: ArraySlice<UInt8>
  let order: Order

  init(_ bytes: ArraySlice<UInt8>, order: Order = .bigEndian) {
    self.bytes = bytes
    self.order = order
  }

  init(_ bytes: [UInt8], order: Order = .bigEndian) {
    self.init(bytes[...], order: order)
  }

  var count: Int { bytes.count }

  /// The `count` bytes that begin `offset` bytes in; `nil` unless all of them are there.
  func piece(at offset: Int, count: Int) -> ArraySlice<UInt8>? {
    guard offset >= 0, count >= 0, offset <= bytes.count, count <= bytes.count - offset else {
      return nil
    }
    return bytes.dropFirst(offset).prefix(count)
  }

  /// Everything from `offset` on; `nil` if that is beyond the end.
  func rest(from offset: Int) -> ArraySlice<UInt8>? {
    piece(at: offset, count: bytes.count - offset)
  }

  /// The unsigned number of at most eight bytes at `offset`; one of no bytes is zero.
  func number(at offset: Int, byteCount: Int) -> UInt64? {
    precondition(byteCount <= 8, "a number has at most eight bytes")
    guard let piece = piece(at: offset, count: byteCount) else { return nil }
    switch order {
    case .bigEndian: return piece.reduce(0) { $0 << 8 | UInt64($1) }
    case .littleEndian: return piece.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
  }

  func byte(at offset: Int) -> UInt8? { piece(at: offset, count: 1)?.first }

  func uint16(at offset: Int) -> Int? { number(at: offset, byteCount: 2).map { Int($0) } }

  func uint32(at offset: Int) -> Int? { number(at: offset, byteCount: 4).map { Int($0) } }

  /// Whether these bytes stand at `offset`.
  func holds(_ text: StaticString, at offset: Int) -> Bool {
    let wanted = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    return piece(at: offset, count: wanted.count)?.elementsEqual(wanted) ?? false
  }
}

/// A piece of a file: `count` bytes from `offset` on, or fewer where the file ends. An error that it
/// throws ends the reading.
package typealias EvidencePieces = (_ offset: Int, _ count: Int) throws -> [UInt8]

extension Int {
  /// The sum, or `nil` where it is too large for any file.
  func plus(_ other: Int) -> Int? {
    let (sum, overflows) = addingReportingOverflow(other)
    return overflows ? nil : sum
  }
}
