/// Reads the ledger's canonical encoding (see `CanonicalValue`). Every length is checked against what
/// is there before anything is allocated for it.
package struct CanonicalDecoder: Sendable {
  private let bytes: [UInt8]
  /// The offset of the next byte to read.
  package private(set) var offset = 0

  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  private var remaining: Int { bytes.count - offset }

  private func malformed(_ reason: String) -> MalformedBytes { MalformedBytes(reason, at: offset) }

  private mutating func byte() throws(MalformedBytes) -> UInt8 {
    guard offset < bytes.count else { throw malformed("bytes end too soon") }
    defer { offset += 1 }
    return bytes[offset]
  }

  private mutating func head() throws(MalformedBytes) -> (major: UInt8, argument: UInt64) {
    let first = try byte()
    let (major, short) = (first >> 5, first & 31)
    switch short {
    case 0..<24: return (major, UInt64(short))
    case 24...27:
      // Booleans and null have a short argument: a longer one is a float or unassigned.
      guard major != 7 else { throw malformed("value type that the ledger does not use") }
      let count = 1 << Int(short - 24)
      guard remaining >= count else { throw malformed("bytes end too soon") }
      var number: UInt64 = 0
      for _ in 0..<count { number = number << 8 | UInt64(try byte()) }
      let least: UInt64 = short == 24 ? 24 : 1 << UInt64(count * 4)
      guard number >= least else { throw malformed("number not in its shortest form") }
      return (major, number)
    default: throw malformed("indefinite length")
    }
  }

  private mutating func length(_ major: UInt8, _ what: String) throws(MalformedBytes) -> Int {
    let (found, argument) = try head()
    guard found == major else { throw malformed("\(what) expected") }
    // Each element of an array or map takes at least one byte, so this bounds them as well.
    guard argument <= UInt64(remaining) else { throw malformed("\(what) longer than its bytes") }
    return Int(argument)
  }

  package mutating func unsigned() throws(MalformedBytes) -> UInt64 {
    let (major, argument) = try head()
    guard major == 0 else { throw malformed("unsigned number expected") }
    return argument
  }

  package mutating func byteString() throws(MalformedBytes) -> [UInt8] {
    Array(try byteSlice())
  }

  /// A byte string without a copy of it.
  package mutating func byteSlice() throws(MalformedBytes) -> ArraySlice<UInt8> {
    let count = try length(2, "byte string")
    defer { offset += count }
    return bytes[offset..<offset + count]
  }

  package mutating func hash() throws(MalformedBytes) -> Hash {
    let count = try length(2, "hash")
    guard count == Hash.byteCount else { throw malformed("hash of \(count) bytes") }
    defer { offset += count }
    return bytes.withUnsafeBytes {
      Hash(UnsafeRawBufferPointer(rebasing: $0[offset..<offset + Hash.byteCount]))
    }
  }

  package mutating func text() throws(MalformedBytes) -> String {
    let count = try length(3, "text")
    guard let text = text(at: offset..<offset + count) else {
      throw malformed("text that is not UTF-8")
    }
    offset += count
    return text
  }

  private func text(at place: Range<Int>) -> String? {
    do {
      return String(copying: try UTF8Span(validating: bytes.span.extracting(place)))
    } catch {
      return nil
    }
  }

  /// A text of 1 to `LedgerBounds.wordBytes` bytes without NUL.
  mutating func word(_ what: String) throws(MalformedBytes) -> String {
    let word = try text()
    let count = word.utf8.count
    guard (1...LedgerBounds.wordBytes).contains(count) else {
      throw malformed("\(what) empty or too long")
    }
    // What ends at the first NUL elsewhere would take two words for one.
    guard !bytes[(offset - count)..<offset].contains(0) else {
      throw malformed("\(what) holds a NUL")
    }
    return word
  }

  /// The number of elements that follow.
  package mutating func array() throws(MalformedBytes) -> Int { try length(4, "array") }

  /// Refuses bytes after the end.
  package func finish() throws(MalformedBytes) {
    guard remaining == 0 else { throw malformed("\(remaining) bytes too many") }
  }

  package mutating func value() throws(MalformedBytes) -> CanonicalValue {
    try value(depth: 0)
  }

  private mutating func value(depth: Int) throws(MalformedBytes) -> CanonicalValue {
    guard depth < LedgerBounds.valueDepth else { throw malformed("values nested too deep") }
    guard offset < bytes.count else { throw malformed("bytes end too soon") }
    switch bytes[offset] >> 5 {
    case 0, 1:
      let (major, argument) = try head()
      guard argument <= UInt64(Int64.max) else { throw malformed("number out of range") }
      return .integer(major == 0 ? Int64(argument) : -1 - Int64(argument))
    case 2: return .bytes(try byteString())
    case 3: return .text(try text())
    case 4:
      let count = try array()
      var elements: [CanonicalValue] = []
      for _ in 0..<count { elements.append(try value(depth: depth + 1)) }
      return .array(elements)
    case 5: return try map(depth: depth)
    default:
      switch try byte() {
      case 0xF4: return .boolean(false)
      case 0xF5: return .boolean(true)
      case 0xF6: return .null
      default: throw malformed("value type that the ledger does not use")
      }
    }
  }

  /// Reads the wanted entries of a map and passes over the others.
  mutating func entries(_ wanted: Set<String>) throws(MalformedBytes) -> [String: CanonicalValue] {
    var entries: [String: CanonicalValue] = [:]
    for _ in 0..<(try length(5, "map")) {
      let key = try text()
      if wanted.contains(key) { entries[key] = try value(depth: 1) } else { try skip(depth: 1) }
    }
    return entries
  }

  private mutating func skip(depth: Int) throws(MalformedBytes) {
    guard depth < LedgerBounds.valueDepth else { throw malformed("values nested too deep") }
    guard offset < bytes.count else { throw malformed("bytes end too soon") }
    let major = bytes[offset] >> 5
    switch major {
    case 2, 3:
      let count = try length(major, "string")
      offset += count
    case 4, 5:
      let count = try length(major, "array or map")
      for _ in 0..<(major == 4 ? count : 2 * count) { try skip(depth: depth + 1) }
    default: _ = try head()
    }
  }

  private mutating func map(depth: Int) throws(MalformedBytes) -> CanonicalValue {
    let count = try length(5, "map")
    var entries: [String: CanonicalValue] = [:]
    var last: String?
    for _ in 0..<count {
      let key = try text()
      if let last, !CanonicalEncoder.precedes(last, key) {
        throw malformed("map keys out of order or doubled")
      }
      last = key
      // Swift takes keys for equal that Unicode calls equivalent; two such keys would become one.
      guard entries.updateValue(try value(depth: depth + 1), forKey: key) == nil else {
        throw malformed("map keys that only differ in their Unicode form")
      }
    }
    return .map(entries)
  }
}
