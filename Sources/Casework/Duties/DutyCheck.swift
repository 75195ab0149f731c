import Regions

/// Checks that what a duty list names is there. The reader adds the places; a list that arrived is
/// judged by it as a whole.
struct DutyCheck {
  /// What is wrong with one entry.
  struct Fault {
    /// The list that the entry stands in, and its key.
    let section: String
    let key: String
    let code: String
    let chinese: String
    let english: String
  }

  private let list: DutyList
  private let broad: Set<String>
  private let types: Set<String>
  private let departments: Set<String>

  init(_ list: DutyList) {
    self.list = list
    broad = Set(list.types.filter { $0.kind == nil }.map(\.key))
    types = Set(list.types.map(\.key))
    departments = Set(list.departments.map(\.key))
  }

  var isCoherent: Bool {
    faults().isEmpty && Set(list.rows.map(\.key)).count == list.rows.count
      && types.count == list.types.count && departments.count == list.departments.count
      && Set(list.channels.map(\.key)).count == list.channels.count
  }

  func faults() -> [Fault] {
    list.types.flatMap { faults(of: $0) }
      + list.departments.flatMap { unknownTypes($0.types, "departments", $0.key) }
      + list.rows.flatMap { faults(of: $0) }
  }

  private func faults(of type: DutyList.PollutionType) -> [Fault] {
    guard let kind = type.kind else { return [] }
    var found: [Fault] = []
    if !broad.contains(kind) {
      found.append(
        unknown("types", type.key, "unknown_type", ("大类", "broad type"), kind, broad))
    }
    if type.words.isEmpty {
      found.append(
        Fault(
          section: "types", key: type.key, code: "missing_words",
          chinese: "细类“\(type.key)”没有 words,认不出来,请补上",
          english: "the finer type \(type.key) has no words to be told by: add words"))
    }
    return found
  }

  private func faults(of row: DutyList.Row) -> [Fault] {
    var found = unknownTypes(row.types, "rows", row.key)
    if !departments.contains(row.department) {
      found.append(
        unknown(
          "rows", row.key, "unknown_department", ("部门", "department"), row.department,
          departments))
    }
    if row.types.isEmpty {
      found.append(
        Fault(
          section: "rows", key: row.key, code: "no_types",
          chinese: "职责“\(row.key)”及其部门都没有 types,请写明",
          english: "neither the row \(row.key) nor its department names types: add some"))
    }
    if row.coUnits.contains(row.lead) || Set(row.coUnits).count < row.coUnits.count {
      found.append(
        Fault(
          section: "rows", key: row.key, code: "doubled",
          chinese: "职责“\(row.key)”的单位重复,请保留一处",
          english: "the row \(row.key) names a unit twice: keep one of them"))
    }
    return found
  }

  private func unknownTypes(_ named: [String], _ section: String, _ key: String) -> [Fault] {
    named.filter { !types.contains($0) }.map {
      unknown(section, key, "unknown_type", ("污染类型", "type"), $0, types)
    }
  }

  private func unknown(
    _ section: String, _ key: String, _ code: String, _ noun: (chinese: String, english: String),
    _ word: String, _ known: Set<String>
  ) -> Fault {
    let known = known.sorted(by: bytesAscend)
    return Fault(
      section: section, key: key, code: code,
      chinese: "没有\(noun.chinese)“\(word)”,可用:\(known.joined(separator: "、"))",
      english: "there is no \(noun.english) '\(word)'; use \(known.joined(separator: ", "))")
  }
}
