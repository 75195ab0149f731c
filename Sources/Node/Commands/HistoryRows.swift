import Casework
import Intake
import Regions

/// Reads the table of an older system by a mapping: each row becomes a lead with its history.
struct HistoryRows {
  private let mapping: HistoryMapping
  private let forms: Set<LeadTime.Form>
  private var texts: TextRows
  private var repeats = RepeatedRows()

  /// Reads the header.
  ///
  /// - Throws: `IntakeError` for the file as a whole; `CommandError` of exit 65 with a line of the
  ///   mapping for each column that is not there.
  init(path: String, mapping: HistoryMapping, named mappingPath: String) throws {
    texts = try TextRows(path: path)
    try LeadColumns.check(texts.header)
    let findings = mapping.findings(in: texts.names)
    guard findings.isEmpty else {
      throw CommandError.findings(findings, in: mappingPath)
    }
    self.mapping = mapping
    forms = Set(mapping.timeForms.compactMap { LeadTime.Form(rawValue: $0.rawValue) })
  }

  /// The next row, or `nil` at the end of the file.
  ///
  /// - Throws: only what the file's reader throws.
  mutating func next() throws -> ImportSource.Row? {
    guard let row = try texts.next() else { return nil }
    do throws(RowRefusal) {
      let (read, identityText) = try importRow(try row.fields.get())
      return .accepted(
        ImportSource.Accepted(
          row: read, line: row.line,
          repeatsLine: repeats.firstLine(of: identityText, line: row.line), table: row))
    } catch {
      return .rejected(row.rejected(for: error))
    }
  }

  private func importRow(
    _ fields: [String]
  ) throws(RowRefusal) -> (ImportRow, identityText: String) {
    var filled: [String: String] = [:]
    for (name, field) in zip(texts.names, fields) {
      let value = field.trimmingSpaces
      if !value.isEmpty, !mapping.absent.contains(value) { filled[name] = field }
    }
    let values = filled.mapValues(\.trimmingSpaces)
    var steps: [ImportHistory.Step] = []
    var used: Set<String> = [mapping.stage.column]
    for step in mapping.steps {
      guard let done = try self.step(step, values) else { continue }
      steps.append(done)
      used.formUnion(step.columns)
    }
    guard let channel = mapping.lead[.channel]?.text(in: values) else { throw missing(.channel) }
    let lead = try lead(filled, values, through: channel, besides: used)
    guard let sourceID = lead.sourceID else { throw missing(.sourceID) }
    let (word, stages) = try stages(values)
    let history = ImportHistory(
      sourceID: sourceID, stageWord: word, stages: stages, steps: ImportHistory.inOrder(steps))
    return (ImportRow(lead, through: channel, history: history), lead.identityText)
  }

  private func stages(
    _ values: [String: String]
  ) throws(RowRefusal) -> (word: String, stages: [String]) {
    let column = mapping.stage.column
    guard let word = values[column] else { throw .missingField(.quoting(column)) }
    guard let stages = mapping.stage.stages[word] else {
      throw RowRefusal(
        .unknownStage, zh: "“\(column)”的“\(word)”在映射中没有对应环节,请在 stage 下补上",
        en: "the mapping has no stage for '\(word)' of \(column): add it under stage")
    }
    return (word, stages)
  }

  // MARK: the lead

  /// Has the lead read as if the row were of the known layout.
  ///
  /// - Parameter used: the columns that the history has; what nobody has is kept sealed.
  private func lead(
    _ filled: [String: String], _ values: [String: String], through channel: String,
    besides used: Set<String>
  ) throws(RowRefusal) -> ImportedLead {
    var columns: [(name: String, meaning: LeadColumns.Meaning?)] = []
    var fields: [String] = []
    var rest = Set(texts.names).subtracting(used)
    func add(_ name: String, _ meaning: LeadColumns.Meaning?, _ text: String?) {
      columns.append((name, meaning))
      fields.append(text ?? "")
    }
    for field in HistoryMapping.LeadField.allCases {
      guard let source = mapping.lead[field] else { continue }
      rest.subtract(source.columns)
      guard let meaning = LeadColumns.Meaning(rawValue: field.rawValue) else { continue }
      if source.table.isEmpty, source.columns.contains(where: { filled[$0] != nil }) {
        for column in source.columns { add(column, meaning, filled[column]) }
      } else {
        add(name(of: field), meaning, source.text(in: values))
      }
    }
    for name in texts.names where rest.contains(name) { add(name, nil, filled[name]) }
    if let reported = mapping.lead[.reportedAt]?.text(in: values) {
      _ = try LeadTime.milliseconds(reported, column: name(of: .reportedAt), forms: forms)
    }
    return try LeadColumns(columns).lead(from: fields, channel: key(of: channel))
  }

  private func key(of channel: String) throws(RowRefusal) -> ChannelKey {
    do {
      return try ChannelKey(channel)
    } catch let error as IntakeError {
      throw RowRefusal(.badChannel, zh: error.text.zh, en: error.text.en)
    } catch {
      throw RowRefusal(.badChannel, zh: "\(error)", en: "\(error)")
    }
  }

  /// The column of a field as the table names it, for reasons.
  private func name(of field: HistoryMapping.LeadField) -> String {
    mapping.lead[field]?.columns.first ?? field.rawValue
  }

  private func missing(_ field: HistoryMapping.LeadField) -> RowRefusal {
    .missingField(.quoting(name(of: field)))
  }

  // MARK: the history

  /// - Returns: `nil` where the row does not have the step.
  private func step(
    _ step: HistoryMapping.Step, _ values: [String: String]
  ) throws(RowRefusal) -> ImportHistory.Step? {
    let isMeant = step.conditions.allSatisfy { column, words in
      values[column].map(words.contains) ?? false
    }
    guard isMeant, let at = try time(step.at, values) else { return nil }
    var found = ImportHistory.Step(act: step.act, at: at)
    found.by = step.by?.text(in: values)
    found.role = step.role
    found.to = step.to.compactMap { $0.text(in: values) }.flatMap {
      $0.split { ",，、;；".contains($0) }.map { String($0).trimmingSpaces }
    }
    found.department = step.department?.text(in: values)
    found.due = try time(step.due, values)
    found.values = step.entries.compactMapValues { $0.text(in: values) }
    found.events = step.events
    return found
  }

  private func time(
    _ columns: [String], _ values: [String: String]
  ) throws(RowRefusal) -> Int64? {
    guard let column = columns.first(where: { values[$0] != nil }), let text = values[column]
    else { return nil }
    return try LeadTime.milliseconds(text, column: column, forms: forms)
  }
}

extension RejectedRow.Code {
  /// A word for the stage that the mapping does not know, or a history that leads elsewhere.
  static let unknownStage = RejectedRow.Code("unknown_stage")
  /// A channel that is none.
  static let badChannel = RejectedRow.Code("bad_channel")
}

extension IntakeText {
  /// A column's name as reasons have it.
  fileprivate static func quoting(_ column: String) -> IntakeText {
    IntakeText(zh: "“\(column)”", en: column)
  }
}

extension String {
  /// The text without white space at its ends.
  fileprivate var trimmingSpaces: String { NodeCommands.trimmed(self) ?? "" }
}
