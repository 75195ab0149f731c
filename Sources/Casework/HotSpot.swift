package import Regions

/// Reports that heap up before anything is overdue (分析预警): at one place, on one respondent, or of
/// one type in one region.
package struct HotSpot: Hashable, Sendable {
  /// What the reports have in common.
  package enum Trait: Hashable, Sendable {
    case place(String)
    case respondent(String)
    case type(String, RegionID)
  }

  package let trait: Trait
  /// Reports in the time looked at.
  package let reports: Int
  /// Reports in the same time before it.
  package let before: Int

  /// Counts reports and finds where they heap up.
  package struct Counter: Sendable {
    private var counts: [Trait: (now: Int, before: Int)] = [:]

    package init() {}

    /// Counts one lead.
    ///
    /// - Parameter isEarlier: whether it belongs to the time before the one looked at.
    package mutating func add(_ lead: Lead, isEarlier: Bool) {
      var traits = lead.types.map { Trait.type($0, lead.region ?? lead.header.foundedBy) }
      if let place = Self.name(lead.place) { traits.append(.place(place)) }
      if let respondent = Self.name(lead.respondent) { traits.append(.respondent(respondent)) }
      for trait in Set(traits) {
        var count = counts[trait] ?? (0, 0)
        if isEarlier { count.before += 1 } else { count.now += 1 }
        counts[trait] = count
      }
    }

    /// Where there are at least so many reports and so many times those before; the most first.
    ///
    /// - Parameters:
    ///   - least: reports.
    ///   - percent: of those before; 200 for twice as many.
    package func hotSpots(least: Int, percent: Int) -> [HotSpot] {
      counts.filter { $0.value.now >= least && $0.value.now * 100 >= $0.value.before * percent }
        .map { HotSpot(trait: $0.key, reports: $0.value.now, before: $0.value.before) }
        .sorted { ($1.reports, $0.before, $0.trait.word) < ($0.reports, $1.before, $1.trait.word) }
    }

    /// Blanks do not tell one place from another.
    private static func name(_ text: String?) -> String? {
      let name = (text ?? "").filter { !$0.isWhitespace }.lowercased()
      return name.isEmpty ? nil : name
    }
  }
}

extension HotSpot.Trait {
  /// `place`, `respondent` or `type`.
  package var kind: String {
    switch self {
    case .place: "place"
    case .respondent: "respondent"
    case .type: "type"
    }
  }

  /// What it is, without the region of a type.
  package var value: String {
    switch self {
    case .place(let value), .respondent(let value), .type(let value, _): value
    }
  }

  /// The region of a type.
  package var region: RegionID? {
    if case .type(_, let region) = self { region } else { nil }
  }

  fileprivate var word: String { "\(kind) \(value) \(region?.rawValue ?? "")" }
}
