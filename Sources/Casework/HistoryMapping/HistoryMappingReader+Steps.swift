import Regions

extension HistoryMappingReader {
  private static let keys = [
    "act", "at", "by", "role", "where", "to", "department", "due", "set", "events",
  ]

  mutating func steps(_ value: YAMLValue) -> [HistoryMapping.Step] {
    guard case .list(let values) = value.content else {
      shapes.note(
        Place(value), "wrong_type", "此处应为步骤的清单", "a list of steps is expected here")
      return []
    }
    if values.count > HistoryMapping.maximumSteps {
      shapes.note(
        Place(values[HistoryMapping.maximumSteps]), "too_many",
        "最多 \(HistoryMapping.maximumSteps) 步,请减少",
        "there may be \(HistoryMapping.maximumSteps) steps at most: leave some out")
    }
    return values.compactMap { step($0) }
  }

  private mutating func step(_ value: YAMLValue) -> HistoryMapping.Step? {
    guard
      let fields = shapes.fields(of: value, allowed: Self.keys, required: ["act", "at"]),
      let word = fields["act"], let act = shapes.text(word), let at = fields["at"]
    else { return nil }
    var step = HistoryMapping.Step(act: act, at: columnNames(at), place: Place(value))
    step.places = fields.mapValues { Place($0) }
    step.by = fields["by"].flatMap { source($0) }
    step.role = fields["role"].flatMap { shapes.text($0) }
    for entry in shapes.entries(fields["where"]) {
      step.conditions[columnName(entry)] = Set(shapes.words(entry.value).map(\.word))
    }
    step.to = fields["to"].map { units($0) } ?? []
    step.department = fields["department"].flatMap { source($0) }
    step.due = fields["due"].map { columnNames($0) } ?? []
    for entry in shapes.entries(fields["set"]) {
      step.entries[entry.key] = source(entry.value)
      step.places["set." + entry.key] = Place(entry)
    }
    for entry in shapes.entries(fields["events"]) {
      step.events[entry.key] = shapes.text(entry.value)
      step.places["events." + entry.key] = Place(entry)
    }
    return step
  }

  /// One unit, or a list of them; a word names the column of one.
  private mutating func units(_ value: YAMLValue) -> [HistoryMapping.Source] {
    guard case .list(let values) = value.content else { return source(value).map { [$0] } ?? [] }
    return values.compactMap { source($0) }
  }
}
