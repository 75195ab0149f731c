import Regions

/// Reads a YAML value into a ``DutyList`` and notes what is wrong with its shape, going on after each
/// finding.
struct DutyReader {
  private var shapes = ProcessReader()
  /// Where entries stand, by `section.key`.
  private var places: [String: Place] = [:]

  mutating func read(_ root: YAMLValue?) -> DutyList {
    let sections = ["duties", "channels", "types", "departments", "rows"]
    guard let root else {
      shapes.note(.start, "empty", "文件是空的,应含 rows", "the file is empty: it must have rows")
      return DutyList(channels: [], types: [], departments: [], rows: [])
    }
    let top = shapes.fields(of: root, allowed: sections, required: sections) ?? [:]
    if let version = top["duties"], shapes.text(version) != "1" {
      shapes.note(
        Place(version), "unknown_layout", "duties 应为 1,本版本只认识这种布局",
        "duties must be 1, the only layout that this version knows")
    }
    let channels = entries("channels", top).compactMap { channel($0) }
    let types = entries("types", top).compactMap { type($0) }
    let departments = entries("departments", top).compactMap { department($0) }
    let defaults = Dictionary(
      departments.map { ($0.key, $0.types) }, uniquingKeysWith: { first, _ in first })
    let rows = entries("rows", top).compactMap { row($0, defaults) }
    return DutyList(channels: channels, types: types, departments: departments, rows: rows)
  }

  /// What is wrong with shapes, else with what the entries name.
  func findings(in list: DutyList) -> [FileFinding] {
    guard shapes.findings.isEmpty else { return shapes.findings }
    return DutyCheck(list).faults().map { fault in
      let place = places["\(fault.section).\(fault.key)"] ?? .start
      return FileFinding(
        line: place.line, column: place.column, code: fault.code, chinese: fault.chinese,
        english: fault.english)
    }
  }

  private mutating func entries(
    _ section: String, _ top: [String: YAMLValue]
  ) -> [YAMLValue.Entry] {
    let entries = shapes.entries(top[section])
    for entry in entries { places["\(section).\(entry.key)"] = Place(entry) }
    return entries
  }

  private mutating func words(_ value: YAMLValue?) -> [String] {
    shapes.words(value).map(\.word)
  }

  private mutating func channel(_ entry: YAMLValue.Entry) -> DutyList.Channel? {
    guard
      let fields = shapes.fields(of: entry.value, allowed: ["zh", "en", "enabled", "source_id"]),
      let names = shapes.names(in: fields, at: Place(entry))
    else { return nil }
    return DutyList.Channel(
      key: entry.key, chinese: names.chinese, english: names.english,
      isEnabled: fields["enabled"] == nil || shapes.flag(fields["enabled"]),
      demandsSourceID: shapes.flag(fields["source_id"]))
  }

  private mutating func type(_ entry: YAMLValue.Entry) -> DutyList.PollutionType? {
    guard let fields = shapes.fields(of: entry.value, allowed: ["zh", "en", "kind", "words"]),
      let names = shapes.names(in: fields, at: Place(entry))
    else { return nil }
    return DutyList.PollutionType(
      key: entry.key, chinese: names.chinese, english: names.english,
      kind: fields["kind"].flatMap { shapes.text($0) }, words: words(fields["words"]))
  }

  private mutating func department(_ entry: YAMLValue.Entry) -> DutyList.Department? {
    guard let fields = shapes.fields(of: entry.value, allowed: ["zh", "en", "types"]),
      let names = shapes.names(in: fields, at: Place(entry))
    else { return nil }
    return DutyList.Department(
      key: entry.key, chinese: names.chinese, english: names.english,
      types: words(fields["types"]))
  }

  private mutating func row(
    _ entry: YAMLValue.Entry, _ defaults: [String: [String]]
  ) -> DutyList.Row? {
    let keys = [
      "region", "types", "department", "lead", "with", "from", "to", "administrative",
    ]
    guard
      let fields = shapes.fields(
        of: entry.value, allowed: keys, required: ["department", "lead"]),
      let department = fields["department"].flatMap({ shapes.text($0) }),
      let lead = units(fields["lead"]).first
    else { return nil }
    let (from, to) = (day(fields["from"]), day(fields["to"]))
    guard let period = DayPeriod(from: from, to: to) else {
      shapes.note(
        Place(entry), "ends_before", "职责“\(entry.key)”的 to 早于 from,请核对日期",
        "the row \(entry.key) ends before it begins: check from and to")
      return nil
    }
    return DutyList.Row(
      key: entry.key, region: fields["region"].flatMap { region($0) },
      types: fields["types"].map { words($0) } ?? defaults[department] ?? [],
      department: department, lead: lead, coUnits: units(fields["with"]), period: period,
      isAdministrative: shapes.flag(fields["administrative"]))
  }

  private mutating func units(_ value: YAMLValue?) -> [DutyList.Unit] {
    shapes.words(value).compactMap { word, place in
      if let unit = DutyList.Unit(word: word) { return unit }
      shapes.note(
        place, "unknown_word", "“\(word)”不是层级(city、district、township)也不是区域标识",
        "'\(word)' is neither a tier (city, district, township) nor a region id")
      return nil
    }
  }

  private mutating func region(_ value: YAMLValue) -> RegionID? {
    guard let text = shapes.text(value) else { return nil }
    if let region = RegionID(text) { return region }
    shapes.note(
      Place(value), "malformed_word", "“\(text)”不是区域标识", "'\(text)' is no region id")
    return nil
  }

  private mutating func day(_ value: YAMLValue?) -> CalendarDay? {
    guard let value, let text = shapes.text(value) else { return nil }
    if let day = CalendarDay(text) { return day }
    shapes.note(
      Place(value), "malformed_date", "“\(text)”不是日期,应形如 2026-10-01",
      "'\(text)' is no date; write it as in 2026-10-01")
    return nil
  }
}
