package import Ledger
import Regions

/// A descriptive field of a family, or one entry of an act's body.
package struct Field: Hashable, Sendable {
  /// What a value must look like. `null` clears a descriptive field of any shape.
  package enum Shape: String, CaseIterable, Sendable {
    case any, text, texts, region, location
    /// An integer of at least 0.
    case number
    /// Milliseconds since 1970 UTC.
    case time
    case flag
    /// Hashes of events of the same entity, for example of evidence.
    case hashes
  }

  package let name: String
  package let shape: Shape

  package init(_ name: String, _ shape: Shape) {
    self.name = name
    self.shape = shape
  }

  /// Whether a value has the field's shape.
  package func accepts(_ value: CanonicalValue) -> Bool {
    switch (shape, value) {
    case (_, .null), (.any, _), (.text, .text), (.flag, .boolean): true
    case (.texts, .array(let elements)): elements.allSatisfy { $0.text != nil }
    case (.hashes, .array(let elements)):
      elements.allSatisfy { $0.bytes.flatMap { Hash($0) } != nil }
    case (.region, .text(let text)): RegionID(text) != nil
    case (.location, _): Location(value) != nil
    case (.number, .integer(let number)): number >= 0
    case (.time, .integer): true
    default: false
    }
  }
}

/// What an act's body must or may hold under one name: the evidence demanded (证据要求).
package struct Demand: Hashable, Sendable {
  package let field: Field
  package let chinese: String
  package let english: String
  /// The fewest elements of a list, or 1 for any other shape that must be there; 0 where it may be
  /// left out.
  package let least: Int64

  package init(_ field: Field, _ chinese: String, _ english: String, least: Int64 = 1) {
    self.field = field
    self.chinese = chinese
    self.english = english
    self.least = least
  }

  /// Whether a body meets the demand. Lists count each different element once, and a text of nothing
  /// but spaces is none.
  package func isMet(by body: CanonicalValue) -> Bool {
    guard let value = body[field.name], value != .null else { return least == 0 }
    guard field.accepts(value) else { return false }
    switch value {
    case .array(let elements): return Int64(Set(elements).count) >= least
    case .text(let text): return least == 0 || text.contains { !$0.isWhitespace }
    default: return true
    }
  }
}
