import Ledger
import Regions

extension DutyList {
  private static let format: Int64 = 1

  /// The canonical bytes, whose hash names the version.
  package var encoded: [UInt8] {
    Self.value(channels: channels, types: types, departments: departments, rows: rows).encoded
  }

  static func value(
    channels: [Channel], types: [PollutionType], departments: [Department], rows: [Row]
  ) -> CanonicalValue {
    .map([
      "duties": .integer(format), "channels": .array(channels.map(\.value)),
      "types": .array(types.map(\.value)), "departments": .array(departments.map(\.value)),
      "rows": .array(rows.map(\.value)),
    ])
  }

  /// Reads a list from canonical bytes; `nil` for anything that this version cannot route by, be it
  /// ill-formed, incoherent or newer.
  package init?(decoding bytes: [UInt8]) {
    guard let value = try? CanonicalValue(decoding: bytes),
      value["duties"]?.integer == Self.format,
      let channels = elements(value["channels"], Channel.init(value:)),
      let types = elements(value["types"], PollutionType.init(value:)),
      let departments = elements(value["departments"], Department.init(value:)),
      let rows = elements(value["rows"], Row.init(value:))
    else { return nil }
    self.init(channels: channels, types: types, departments: departments, rows: rows)
    guard encoded == bytes, DutyCheck(self).isCoherent else { return nil }
  }
}

/// Reads every element of an array; `nil` for another shape or one element that cannot be read.
private func elements<Element>(
  _ value: CanonicalValue?, _ read: (CanonicalValue) -> Element?
) -> [Element]? {
  guard let array = value?.array else { return nil }
  let found = array.compactMap(read)
  return found.count == array.count ? found : nil
}

private func texts(_ words: [String]) -> CanonicalValue { .array(words.map { .text($0) }) }

extension CanonicalValue {
  fileprivate var flag: Bool? {
    guard case .boolean(let flag) = self else { return nil }
    return flag
  }
}

extension DutyList.Channel {
  fileprivate var value: CanonicalValue {
    .map([
      "key": .text(key), "zh": .text(chinese), "en": .text(english),
      "enabled": .boolean(isEnabled), "source_id": .boolean(demandsSourceID),
    ])
  }

  fileprivate init?(value: CanonicalValue) {
    guard let key = value["key"]?.text, let chinese = value["zh"]?.text,
      let english = value["en"]?.text, let isEnabled = value["enabled"]?.flag,
      let demandsSourceID = value["source_id"]?.flag
    else { return nil }
    self.init(
      key: key, chinese: chinese, english: english, isEnabled: isEnabled,
      demandsSourceID: demandsSourceID)
  }
}

extension DutyList.PollutionType {
  fileprivate var value: CanonicalValue {
    var entries: [String: CanonicalValue] = [
      "key": .text(key), "zh": .text(chinese), "en": .text(english), "words": texts(words),
    ]
    entries["kind"] = kind.map { .text($0) }
    return .map(entries)
  }

  fileprivate init?(value: CanonicalValue) {
    guard let key = value["key"]?.text, let chinese = value["zh"]?.text,
      let english = value["en"]?.text, let words = elements(value["words"], \.text)
    else { return nil }
    self.init(
      key: key, chinese: chinese, english: english, kind: value["kind"]?.text, words: words)
  }
}

extension DutyList.Department {
  fileprivate var value: CanonicalValue {
    .map([
      "key": .text(key), "zh": .text(chinese), "en": .text(english), "types": texts(types),
    ])
  }

  fileprivate init?(value: CanonicalValue) {
    guard let key = value["key"]?.text, let chinese = value["zh"]?.text,
      let english = value["en"]?.text, let types = elements(value["types"], \.text)
    else { return nil }
    self.init(key: key, chinese: chinese, english: english, types: types)
  }
}

extension DutyList.Unit {
  /// The word of files and bytes: a tier's name, else a region's id.
  package var word: String {
    switch self {
    case .tier(let tier): tier.name
    case .region(let region): region.rawValue
    }
  }

  /// Reads a unit's word; `nil` where it is neither tier nor region id.
  init?(word: String) {
    if let tier = Tier(name: word) {
      self = .tier(tier)
    } else if let region = RegionID(word) {
      self = .region(region)
    } else {
      return nil
    }
  }
}

extension DutyList.Row {
  fileprivate var value: CanonicalValue {
    var entries: [String: CanonicalValue] = [
      "key": .text(key), "types": texts(types), "department": .text(department),
      "lead": .text(lead.word), "with": texts(coUnits.map(\.word)),
      "administrative": .boolean(isAdministrative),
    ]
    entries["region"] = region.map { .text($0.rawValue) }
    entries["from"] = period.from.map { .text($0.description) }
    entries["to"] = period.to.map { .text($0.description) }
    return .map(entries)
  }

  fileprivate init?(value: CanonicalValue) {
    guard let key = value["key"]?.text, let types = elements(value["types"], \.text),
      let department = value["department"]?.text,
      let lead = value["lead"]?.text.flatMap(DutyList.Unit.init(word:)),
      let coUnits = elements(value["with"], { $0.text.flatMap(DutyList.Unit.init(word:)) }),
      let isAdministrative = value["administrative"]?.flag,
      let period = DayPeriod(
        from: value["from"]?.text.flatMap { CalendarDay($0) },
        to: value["to"]?.text.flatMap { CalendarDay($0) })
    else { return nil }
    self.init(
      key: key, region: value["region"]?.text.flatMap { RegionID($0) }, types: types,
      department: department, lead: lead, coUnits: coUnits, period: period,
      isAdministrative: isAdministrative)
  }
}
