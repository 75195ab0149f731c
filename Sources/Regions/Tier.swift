/// The three tiers of a city's administration. The raw value is also the rank in the merge: smaller
/// is higher.
package enum Tier: UInt8, CaseIterable, Sendable, Comparable {
  /// The municipal hub (市).
  case city = 0
  /// A district, county or functional block (区县、功能板块).
  case district = 1
  /// A township, town or street office (乡镇街道).
  case township = 2

  /// The word used in certificates, files and JSON.
  package var name: String {
    switch self {
    case .city: "city"
    case .district: "district"
    case .township: "township"
    }
  }

  /// The tier of that name; `nil` for any other word.
  package init?(name: some StringProtocol) {
    switch name {
    case "city": self = .city
    case "district": self = .district
    case "township": self = .township
    default: return nil
    }
  }

  package static func < (a: Tier, b: Tier) -> Bool { a.rawValue < b.rawValue }
}
