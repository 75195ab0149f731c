import Replication

/// Counts the fields of an encoded message before anything is built from it.
///
/// A field of two bytes can become an object of a hundred, so a message within its size could still
/// fill the memory. The census walks the encoding once, allocates next to nothing, and refuses what
/// holds more of any field than its bound. It also refuses repeats of fields that are there once,
/// which the library would merge.
enum FieldCensus {
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

  /// Checks one message that takes up all of `bytes`.
  static func check(
    _ bytes: UnsafeRawBufferPointer, _ shape: Shape
  ) throws(MalformedFrame) {
    var reader = FieldReader(bytes)
    var counts = [Int](repeating: 0, count: shape.count)
    var known = 0
    while let field = try reader.next() {
      guard case .bytes(let content) = field.content, let rule = shape.rule(field.number) else {
        continue
      }
      known += 1
      let number = Int(field.number)
      counts[number] += 1
      guard counts[number] <= rule.most else {
        throw MalformedFrame("more than \(rule.most) of them", at: rule.name)
      }
      guard let inner = rule.shape else { continue }
      do {
        try check(content, inner)
      } catch {
        throw error.inside(rule.most > 1 ? "\(rule.name)[\(counts[number] - 1)]" : rule.name)
      }
    }
    if shape.isChoice, known != 1 {
      throw reader.malformed("\(known) kinds where there is one")
    }
  }
}
