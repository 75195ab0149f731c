/// A value that stands in JSON even where there is none, as `null`: a reader of a contract's key
/// need not ask first whether it is there.
package struct Nullable<Value: Codable & Hashable & Sendable>: Codable, Hashable, Sendable {
  package let value: Value?

  package init(_ value: Value?) { self.value = value }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    value = container.decodeNil() ? nil : try container.decode(Value.self)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let value { try container.encode(value) } else { try container.encodeNil() }
  }
}
