import Replication

/// Counts the fields of an encoded message before anything is built from it.
///
/// A field of two bytes can become an object of a hundred, so a message within its size could still
/// fill the memory. The census walks the encoding once, allocates next to nothing, and refuses what
/// holds more of any field than its bound. It also refuses repeats of fields that are there once,
/// which the library would merge.
struct FieldCensus {
  /// What is known of one message: its rules by field number.
  struct Shape: Sendable {
    /// How often a field may stand in its message, and what it holds.
    struct Rule: Sendable {
      let name: String
      let most: Int
      let shape: Shape?
    }

    private let rules: [Rule?]
    /// Whether the message holds exactly one of its fields.
    let isChoice: Bool

    init(_ rules: [Int: Rule], isChoice: Bool = false) {
      var table = [Rule?](repeating: nil, count: (rules.keys.max() ?? 0) + 1)
      for (number, rule) in rules { table[number] = rule }
      self.rules = table
      self.isChoice = isChoice
    }

    var count: Int { rules.count }

    func rule(_ number: UInt64) -> Rule? {
      number < UInt64(rules.count) ? rules[Int(number)] : nil
    }
  }

  private let bytes: UnsafeRawBufferPointer
  private var offset = 0

  /// Checks one message that takes up all of `bytes`.
  static func check(
    _ bytes: UnsafeRawBufferPointer, _ shape: Shape
  ) throws(MalformedFrame) {
    var census = FieldCensus(bytes)
    try census.walk(shape)
  }

  private init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  private mutating func walk(_ shape: Shape) throws(MalformedFrame) {
    var counts = [Int](repeating: 0, count: shape.count)
    var known = 0
    while offset < bytes.count {
      let tag = try varint()
      switch tag & 7 {
      case 0: _ = try varint()
      case 1: try skip(8)
      case 2:
        let length = try varint()
        guard length <= UInt64(bytes.count - offset) else { throw malformed("field ends too late") }
        let content = offset..<offset + Int(length)
        offset = content.upperBound
        guard let rule = shape.rule(tag >> 3) else { continue }
        known += 1
        let number = Int(tag >> 3)
        counts[number] += 1
        guard counts[number] <= rule.most else {
          throw MalformedFrame("more than \(rule.most) of them", at: rule.name)
        }
        guard let inner = rule.shape else { continue }
        do {
          try Self.check(UnsafeRawBufferPointer(rebasing: bytes[content]), inner)
        } catch {
          throw error.inside(rule.most > 1 ? "\(rule.name)[\(counts[number] - 1)]" : rule.name)
        }
      case 5: try skip(4)
      default: throw malformed("field of another wire type")
      }
    }
    if shape.isChoice, known != 1 { throw malformed("\(known) kinds where there is one") }
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

  private func malformed(_ reason: String) -> MalformedFrame {
    MalformedFrame("\(reason), at byte \(offset) of the message", at: "")
  }
}
