package import Regions

/// What a duty list says of one lead: who leads, who helps and by which rows (分办建议).
package struct DutyRouting: Hashable, Sendable {
  /// A row that answers, with the unit that its words come to at the place.
  package struct Duty: Hashable, Sendable {
    package let row: String
    package let unit: RegionID
    package let department: String
  }

  /// What became of one type.
  package enum Answer: Hashable, Sendable {
    case one(Duty)
    /// Several rows answer alike and name different units or departments.
    case tie(rows: [String])
    /// No row is for the type here and on that day, or the list does not know it.
    case noRow
    /// The row names a tier that has no region at or above the place.
    case noUnit(row: String)
  }

  /// One type that was asked for.
  package struct Match: Hashable, Sendable {
    package let type: String
    package let answer: Answer
  }

  /// In the order of the list's types.
  package let matches: [Match]
  /// Who leads: of the types with one answer that whose row stands first; `nil` where there is none.
  package let lead: Duty?
  /// Who helps, each once: the lead's co-units, the other types' units, then their co-units.
  package let coUnits: [RegionID]

  /// Whether every type has exactly one answer, so that no person has to decide.
  package var isComplete: Bool {
    lead != nil
      && matches.allSatisfy { if case .one = $0.answer { true } else { false } }
  }
}

/// A place and what is above it, the place first.
package struct DutyPlace: Hashable, Sendable {
  /// One region of the way up.
  package struct Step: Hashable, Sendable {
    package let region: RegionID
    package let tier: Tier

    package init(_ region: RegionID, _ tier: Tier) {
      self.region = region
      self.tier = tier
    }
  }

  /// Up by managing blocks (托管功能板块) where there are some.
  package let managing: [Step]
  /// Up by administrative parents (行政上级).
  package let administrative: [Step]

  package init(managing: [Step], administrative: [Step]) {
    self.managing = managing
    self.administrative = administrative
  }
}

extension DutyList {
  /// Routes a lead by the rows that count on a day.
  ///
  /// - Parameters:
  ///   - types: the lead's broad types; one that the list does not know is a gap.
  ///   - texts: title and text, in which words tell finer types.
  package func route(
    types: [String], texts: [String], at place: DutyPlace, on day: CalendarDay
  ) -> DutyRouting {
    let rows = rows.enumerated().filter { $0.element.period.contains(day) }
    var found: [(position: Int, row: Row, duty: DutyRouting.Duty)] = []
    let matches = asked(types, texts).map { type -> DutyRouting.Match in
      let best = Self.nearest(rows, for: type, at: place)
      let duties = best.map {
        (position: $0.offset, row: $0.element, duty: $0.element.duty(at: place))
      }
      guard let first = duties.first else { return .init(type: type.key, answer: .noRow) }
      guard let duty = first.duty else {
        return .init(type: type.key, answer: .noUnit(row: first.row.key))
      }
      let isOne = duties.allSatisfy {
        $0.duty?.unit == duty.unit && $0.duty?.department == duty.department
      }
      guard isOne else {
        return .init(type: type.key, answer: .tie(rows: duties.map(\.row.key)))
      }
      found.append((first.position, first.row, duty))
      return .init(type: type.key, answer: .one(duty))
    }
    found.sort { $0.position < $1.position }
    var coUnits: [RegionID] = []
    func help(_ region: RegionID?) {
      guard let region, region != found.first?.duty.unit, !coUnits.contains(region) else { return }
      coUnits.append(region)
    }
    // A co-unit's tier that the place does not have helps nobody.
    for unit in found.first?.row.coUnits ?? [] { help(found[0].row.region(of: unit, at: place)) }
    for other in found.dropFirst() { help(other.duty.unit) }
    for other in found.dropFirst() {
      for unit in other.row.coUnits { help(other.row.region(of: unit, at: place)) }
    }
    return DutyRouting(matches: matches, lead: found.first?.duty, coUnits: coUnits)
  }

  /// The types that rows are sought for: of each broad one the finer ones that words tell, else itself.
  private func asked(_ broad: [String], _ texts: [String]) -> [PollutionType] {
    let finer = types.filter { type in
      type.kind.map(broad.contains) == true
        && type.words.contains { word in texts.contains { $0.contains(word) } }
    }
    let told = Set(finer.compactMap(\.kind))
    let plain = types.filter {
      $0.kind == nil && broad.contains($0.key) && !told.contains($0.key)
    }
    let known = Set(types.filter { $0.kind == nil }.map(\.key))
    let unknown = Set(broad).subtracting(known).sorted(by: bytesAscend).map {
      PollutionType(key: $0, chinese: $0, english: $0, kind: nil, words: [])
    }
    return finer + plain + unknown
  }

  /// The rows for a type whose region is nearest to the place; among these, those that name the finer
  /// type, if any does.
  private static func nearest(
    _ rows: [EnumeratedSequence<[Row]>.Element], for type: PollutionType, at place: DutyPlace
  ) -> [EnumeratedSequence<[Row]>.Element] {
    let fitting = rows.compactMap { row -> (row: EnumeratedSequence<[Row]>.Element, rank: [Int])? in
      let isNamed = row.element.types.contains(type.key)
      guard isNamed || type.kind.map(row.element.types.contains) == true,
        let distance = row.element.distance(from: place)
      else { return nil }
      return (row, [distance, isNamed ? 0 : 1])
    }
    let best = fitting.map(\.rank).min { $0.lexicographicallyPrecedes($1) }
    return fitting.filter { $0.rank == best }.map(\.row)
  }
}

extension DutyList.Row {
  private func steps(_ place: DutyPlace) -> [DutyPlace.Step] {
    isAdministrative ? place.administrative : place.managing
  }

  /// How many steps the row's region is above the place; a row for the whole city is beyond all.
  fileprivate func distance(from place: DutyPlace) -> Int? {
    guard let region else { return .max }
    return steps(place).firstIndex { $0.region == region }
  }

  fileprivate func region(of unit: DutyList.Unit, at place: DutyPlace) -> RegionID? {
    switch unit {
    case .region(let region): region
    case .tier(let tier): steps(place).first { $0.tier == tier }?.region
    }
  }

  fileprivate func duty(at place: DutyPlace) -> DutyRouting.Duty? {
    region(of: lead, at: place).map {
      DutyRouting.Duty(row: key, unit: $0, department: department)
    }
  }
}
