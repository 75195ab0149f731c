import Ledger
import Regions

/// Reads a YAML value into a ``ProcessSketch`` and notes what is wrong with its shape.
///
/// It goes on after each finding: what cannot be read is left out.
struct ProcessReader {
  private(set) var findings: [FileFinding] = []
  /// What the entries of bodies are called, by name.
  var labels: [String: Names] = [:]

  /// A thing's names in both languages.
  struct Names {
    let chinese: String
    let english: String
  }

  mutating func read(_ root: YAMLValue?) -> ProcessSketch {
    var sketch = ProcessSketch()
    guard let root else {
      note(
        .start, "empty", "文件是空的,应含 families", "the file is empty: it must have families")
      return sketch
    }
    guard
      let top = fields(
        of: root, allowed: ["process", "roles", "words", "holidays", "families", "movers"],
        required: ["process", "roles", "families"])
    else { return sketch }
    if let version = top["process"], text(version) != "1" {
      note(
        Place(version), "unknown_layout", "process 应为 1,本版本只认识这种布局",
        "process must be 1, the only layout that this version knows")
    }
    for entry in entries(top["roles"]) {
      guard let names = names(entry.value) else { continue }
      sketch.roles.append(RoleName(entry.key, names.chinese, names.english))
    }
    for entry in entries(top["words"]) { labels[entry.key] = names(entry.value) }
    sketch.years = years(top["holidays"])
    if let movers = top["movers"] {
      sketch.movers = actors(movers)
      if sketch.movers.above != nil {
        note(
          Place(movers), "unknown_act", "更换流程无人申请,请去掉 above",
          "nobody asks for new rules: leave out above")
      }
    }
    for entry in entries(top["families"]) {
      if let family = family(entry) { sketch.families.append(family) }
    }
    return sketch
  }

  // MARK: Findings and shapes.

  mutating func note(_ place: Place, _ code: String, _ chinese: String, _ english: String) {
    findings.append(
      FileFinding(
        line: place.line, column: place.column, code: code, chinese: chinese, english: english))
  }

  /// The values of a mapping by key; `nil` if the value is none.
  mutating func fields(
    of value: YAMLValue, allowed: [String], required: [String] = []
  ) -> [String: YAMLValue]? {
    guard case .map(let entries) = value.content else {
      note(Place(value), "wrong_type", "此处应为映射(键: 值)", "a mapping (key: value) is expected here")
      return nil
    }
    var fields: [String: YAMLValue] = [:]
    for entry in entries {
      guard allowed.contains(entry.key) else {
        note(
          Place(entry), "unknown_key",
          "此处没有“\(entry.key)”这一项,可用:\(allowed.joined(separator: "、"))",
          "'\(entry.key)' is no key here; use \(allowed.joined(separator: ", "))")
        continue
      }
      fields[entry.key] = entry.value
    }
    for key in required where fields[key] == nil {
      note(Place(value), "missing_key", "缺少“\(key)”,请补上", "the key '\(key)' is missing: add it")
    }
    return fields
  }

  /// The entries of a mapping in the order of the file; none for no value.
  mutating func entries(_ value: YAMLValue?) -> [YAMLValue.Entry] {
    guard let value else { return [] }
    guard case .map(let entries) = value.content else {
      note(Place(value), "wrong_type", "此处应为映射(键: 值)", "a mapping (key: value) is expected here")
      return []
    }
    return entries.filter { entry in
      guard entry.key.utf8.isEmpty || entry.key.utf8.count > 64 else { return true }
      note(
        Place(entry), "malformed_word", "“\(entry.key)”不是 1 至 64 字节的词",
        "'\(entry.key)' is no word of 1 to 64 bytes")
      return false
    }
  }

  /// The words of a list, or the one word of a scalar, with their places; none for no value.
  mutating func words(_ value: YAMLValue?) -> [(word: String, place: Place)] {
    guard let value else { return [] }
    switch value.content {
    case .text(let text): return [(text, Place(value))]
    case .list(let values):
      return values.compactMap { value in text(value).map { ($0, Place(value)) } }
    case .map:
      note(Place(value), "wrong_type", "此处应为一个词或词的清单", "a word or a list of words is expected here")
      return []
    }
  }

  /// The text of a scalar; notes a value that is none, and an empty one.
  mutating func text(_ value: YAMLValue) -> String? {
    guard case .text(let text) = value.content, !text.isEmpty else {
      note(Place(value), "wrong_type", "此处应为文字", "a text is expected here")
      return nil
    }
    return text
  }

  mutating func names(_ value: YAMLValue) -> Names? {
    guard let fields = fields(of: value, allowed: ["zh", "en"]) else { return nil }
    return names(in: fields, at: Place(value))
  }

  /// The names under `zh` and `en`.
  mutating func names(in fields: [String: YAMLValue], at place: Place) -> Names? {
    guard let chinese = fields["zh"].flatMap({ text($0) }),
      let english = fields["en"].flatMap({ text($0) })
    else {
      note(place, "missing_name", "须有中文名 zh 和英文名 en", "names are needed: zh and en")
      return nil
    }
    return Names(chinese: chinese, english: english)
  }

  mutating func flag(_ value: YAMLValue?) -> Bool {
    guard let value else { return false }
    switch text(value) {
    case "true": return true
    case "false": return false
    default:
      note(Place(value), "wrong_type", "此处应为 true 或 false", "true or false is expected here")
      return false
    }
  }

  /// The raw value of an enumeration; notes a word that is none.
  mutating func word<Value: RawRepresentable & CaseIterable>(
    _ value: YAMLValue, as type: Value.Type
  ) -> Value? where Value.RawValue == String {
    guard let text = text(value) else { return nil }
    return word(text, at: Place(value), as: type)
  }

  mutating func word<Value: RawRepresentable & CaseIterable>(
    _ text: String, at place: Place, as type: Value.Type
  ) -> Value? where Value.RawValue == String {
    if let value = Value(rawValue: text) { return value }
    let known = Value.allCases.map(\.rawValue)
    note(
      place, "unknown_word", "没有“\(text)”,可用:\(known.joined(separator: "、"))",
      "there is no '\(text)'; use \(known.joined(separator: ", "))")
    return nil
  }
}
