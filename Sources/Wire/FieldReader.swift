import Replication

/// Walks the fields of one encoded message without building anything. Every length is checked against
/// what is there.
struct FieldReader: ~Copyable {
  /// A field's number and what stands there.
  struct Field {
    enum Content {
      case number(UInt64)
      /// A string, bytes or message.
      case bytes(UnsafeRawBufferPointer)
      /// Eight or four bytes of a fixed width, which no message of ours uses.
      case fixed
    }

    let number: UInt64
    let content: Content
  }

  /// The numbers that a field may have.
  private static let numbers: ClosedRange<UInt64> = 1...(1 << 29 - 1)

  private let bytes: UnsafeRawBufferPointer
  private var offset = 0

  /// - Parameter bytes: all of the message; they must outlive the reader and its fields.
  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// Whether no field follows.
  var isAtEnd: Bool { offset == bytes.count }

  /// The next field; `nil` at the end.
  mutating func next() throws(MalformedFrame) -> Field? {
    guard offset < bytes.count else { return nil }
    let tag = try varint()
    guard Self.numbers.contains(tag >> 3) else { throw malformed("field of no number") }
    switch tag & 7 {
    case 0: return Field(number: tag >> 3, content: .number(try varint()))
    case 1:
      try skip(8)
      return Field(number: tag >> 3, content: .fixed)
    case 2:
      let length = try varint()
      guard length <= UInt64(bytes.count - offset) else { throw malformed("field ends too late") }
      let content = offset..<offset + Int(length)
      offset = content.upperBound
      return Field(
        number: tag >> 3, content: .bytes(UnsafeRawBufferPointer(rebasing: bytes[content])))
    case 5:
      try skip(4)
      return Field(number: tag >> 3, content: .fixed)
    default: throw malformed("field of another wire type")
    }
  }

  private mutating func varint() throws(MalformedFrame) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard offset < bytes.count else { throw malformed("bytes end too soon") }
      let byte = bytes[offset]
      offset += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    throw malformed("number longer than ten bytes")
  }

  private mutating func skip(_ count: Int) throws(MalformedFrame) {
    guard count <= bytes.count - offset else { throw malformed("bytes end too soon") }
    offset += count
  }

  func malformed(_ reason: String) -> MalformedFrame {
    MalformedFrame("\(reason), at byte \(offset) of the message", at: "")
  }
}
