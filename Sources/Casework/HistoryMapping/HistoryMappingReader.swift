import Regions

/// Reads a YAML value into a ``HistoryMapping`` and notes what is wrong with its shape, going on after
/// each finding.
struct HistoryMappingReader {
  var shapes = ProcessReader()
  private var columns: [HistoryMapping.NamedColumn] = []

  var findings: [FileFinding] { shapes.findings }

  /// - Returns: `nil` only where there is a finding.
  mutating func read(_ root: YAMLValue?) -> HistoryMapping? {
    guard let root else {
      shapes.note(
        .start, "empty", "文件是空的,应含 lead、stage 和 steps",
        "the file is empty: it must have lead, stage and steps")
      return nil
    }
    guard
      let top = shapes.fields(
        of: root, allowed: ["mapping", "none", "times", "lead", "stage", "steps"],
        required: ["mapping", "lead", "stage", "steps"])
    else { return nil }
    if let version = top["mapping"], shapes.text(version) != "1" {
      shapes.note(
        Place(version), "unknown_layout", "mapping 应为 1,本版本只认识这种布局",
        "mapping must be 1, the only layout that this version knows")
    }
    let absent = shapes.words(top["none"]).map(\.word)
    let forms = shapes.words(top["times"]).compactMap {
      shapes.word($0.word, at: $0.place, as: HistoryMapping.TimeForm.self)
    }
    let lead = top["lead"].map { self.lead($0) } ?? [:]
    let named = columns.count
    let stage = top["stage"].flatMap { self.stage($0) }
    let steps = top["steps"].map { self.steps($0) } ?? []
    refuseReporters(in: columns[named...], of: lead)
    guard let stage else { return nil }
    return HistoryMapping(
      absent: Set(absent), timeForms: Set(forms.isEmpty ? HistoryMapping.TimeForm.allCases : forms),
      lead: lead, stage: stage, steps: steps, columns: columns)
  }

  private mutating func lead(
    _ value: YAMLValue
  ) -> [HistoryMapping.LeadField: HistoryMapping.Source] {
    let required: [HistoryMapping.LeadField] = [.sourceID, .channel, .reportedAt]
    guard
      let fields = shapes.fields(
        of: value, allowed: HistoryMapping.LeadField.allCases.map(\.rawValue),
        required: required.map(\.rawValue))
    else { return [:] }
    if fields["title"] == nil, fields["body"] == nil {
      shapes.note(
        Place(value), "missing_key", "缺少“title”或“body”,请至少补上一项",
        "the keys 'title' and 'body' are missing: add one of them")
    }
    var lead: [HistoryMapping.LeadField: HistoryMapping.Source] = [:]
    for field in HistoryMapping.LeadField.allCases {
      lead[field] = fields[field.rawValue].flatMap { source($0) }
    }
    return lead
  }

  /// What tells who reported goes into the sealed contact alone.
  private mutating func refuseReporters(
    in named: ArraySlice<HistoryMapping.NamedColumn>,
    of lead: [HistoryMapping.LeadField: HistoryMapping.Source]
  ) {
    let sealed: [HistoryMapping.LeadField] = [.reporterName, .reporterContact]
    let columns = Set(sealed.flatMap { lead[$0]?.columns ?? [] })
    for column in named where columns.contains(column.name) {
      shapes.note(
        column.place, "reporter_column", "“\(column.name)”是举报人信息,只能密封保存,请去掉",
        "'\(column.name)' tells who reported and is kept sealed: leave it out here")
    }
  }

  private mutating func stage(_ value: YAMLValue) -> HistoryMapping.StageColumn? {
    guard
      let fields = shapes.fields(
        of: value, allowed: ["column", "values"], required: ["column", "values"])
    else { return nil }
    var stages: [String: [String]] = [:]
    var places: [String: Place] = [:]
    for entry in shapes.entries(fields["values"]) {
      let words = shapes.words(entry.value)
      for (word, place) in words { places[word] = places[word] ?? place }
      stages[entry.key] = words.map(\.word)
    }
    guard let column = fields["column"], let name = columnNames(column).first else { return nil }
    return HistoryMapping.StageColumn(column: name, stages: stages, places: places)
  }

  /// A word names a column, and a list columns of which the first that is filled counts; a mapping
  /// has a table and a constant besides.
  mutating func source(_ value: YAMLValue) -> HistoryMapping.Source? {
    guard case .map = value.content else {
      return HistoryMapping.Source(columns: columnNames(value))
    }
    guard let fields = shapes.fields(of: value, allowed: ["column", "values", "constant"]) else {
      return nil
    }
    var source = HistoryMapping.Source(columns: fields["column"].map { columnNames($0) } ?? [])
    for entry in shapes.entries(fields["values"]) {
      source.table[entry.key] = shapes.text(entry.value)
    }
    source.constant = fields["constant"].flatMap { shapes.text($0) }
    if source.columns.isEmpty, source.constant == nil {
      shapes.note(
        Place(value), "missing_key", "须以 column 写明列名,或以 constant 写明固定内容",
        "a column or a constant is needed: add one of them")
    }
    return source
  }

  /// The columns that a word or a list names.
  mutating func columnNames(_ value: YAMLValue) -> [String] {
    let words = shapes.words(value)
    for (word, place) in words where word.isEmpty {
      shapes.note(place, "wrong_type", "此处应为列名", "the name of a column is expected here")
    }
    columns += words.map { HistoryMapping.NamedColumn(name: $0.word, place: $0.place) }
    return words.map(\.word)
  }

  /// The column that a key names.
  mutating func columnName(_ entry: YAMLValue.Entry) -> String {
    columns.append(HistoryMapping.NamedColumn(name: entry.key, place: Place(entry)))
    return entry.key
  }
}
