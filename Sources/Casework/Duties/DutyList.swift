package import Ledger
package import Regions

/// The duty list (职责清单): which office and department answers for which pollution where, since when,
/// and the channels (渠道) by which leads come in. It is data that the hub publishes by versions.
///
/// A version is named by the hash of its canonical bytes.
package struct DutyList: Sendable, Equatable {
  /// In the order of the file, as are all lists here.
  package let channels: [Channel]
  package let types: [PollutionType]
  package let departments: [Department]
  package let rows: [Row]
  /// SHA-256 of the canonical bytes.
  package let hash: Hash

  /// A list as given; that its words fit together is ``DutyFile``'s check.
  package init(
    channels: [Channel], types: [PollutionType], departments: [Department], rows: [Row]
  ) {
    self.channels = channels
    self.types = types
    self.departments = departments
    self.rows = rows
    self.hash = Hash(
      of: Self.value(channels: channels, types: types, departments: departments, rows: rows)
        .encoded)
  }

  /// The channel of that key.
  package func channel(_ key: String) -> Channel? { channels.first { $0.key == key } }

  /// The department of that key.
  package func department(_ key: String) -> Department? { departments.first { $0.key == key } }

  package static func == (a: DutyList, b: DutyList) -> Bool { a.hash == b.hash }
}

extension DutyList {
  /// A way by which leads come in.
  package struct Channel: Hashable, Sendable {
    package let key: String
    package let chinese: String
    package let english: String
    /// Whether new leads may name it.
    package let isEnabled: Bool
    /// Whether a lead of it must name its id at the source (来源单号) before it is registered.
    package let demandsSourceID: Bool
  }

  /// A pollution type: a broad one, as leads carry it, or a finer one of it that words of the text
  /// tell.
  package struct PollutionType: Hashable, Sendable {
    package let key: String
    package let chinese: String
    package let english: String
    /// The broad type that it is part of; `nil` for a broad one.
    package let kind: String?
    /// The words of which any one in a lead's title or text tells the type.
    package let words: [String]
  }

  /// A department with the types that it answers for unless a row says otherwise.
  package struct Department: Hashable, Sendable {
    package let key: String
    package let chinese: String
    package let english: String
    package let types: [String]
  }

  /// Who leads or helps: a region by name, or the one of a tier at or above the place.
  package enum Unit: Hashable, Sendable {
    case tier(Tier)
    case region(RegionID)
  }

  /// One duty: for these types at this place, this department of this unit.
  package struct Row: Hashable, Sendable {
    package let key: String
    /// The place and all below it; `nil` for the whole city.
    package let region: RegionID?
    package let types: [String]
    package let department: String
    package let lead: Unit
    package let coUnits: [Unit]
    /// The days on which it counts.
    package let period: DayPeriod
    /// Whether "above" follows the administrative parents, and not the managing blocks.
    package let isAdministrative: Bool
  }
}
