extension LeadColumns {
  /// The lead of one row.
  /// - Parameter fields: normalised texts, one per column.
  package func lead(from fields: [String], channel: ChannelKey) throws(RowRefusal) -> ImportedLead {
    precondition(fields.count == names.count, "the caller has compared the counts")
    var row = RowFields(columns: self, fields: fields)
    guard let reported = row.take(.reportedAt) else { throw .missingField(column(of: .reportedAt)) }
    let reportedAt = try LeadTime.milliseconds(trimmed(reported.text), column: reported.column)
    let title = row.take(.title)?.text ?? ""
    let body = row.take(.body)?.text ?? ""
    guard !title.isEmpty || !body.isEmpty else {
      throw .missingField(IntakeText(zh: "标题和内容", en: "title (标题) and body (内容)"))
    }
    let sourceID = row.take(.sourceID).map { trimmed($0.text) }

    let identityText =
      sourceID.map { ImportedLead.identityText(channel: channel, sourceID: $0) }
      ?? ImportedLead.identityText(channel: channel, fields: fields)
    var lead = ImportedLead(
      reportedAtMilliseconds: reportedAt, title: title, body: body, types: [],
      identityText: identityText)
    lead.sourceID = sourceID
    lead.place = row.take(.place).map { trimmed($0.text) }
    lead.regionText = row.take(.region).map { trimmed($0.text) }
    lead.reporterName = row.takeAll(.reporterName)
    lead.reporterContact = row.takeAll(.reporterContact)
    lead.respondent = row.take(.respondent).map { trimmed($0.text) }
    lead.sourceNumber = row.take(.sourceNumber).map { trimmed($0.text) }
    if let deadline = row.take(.deadline) {
      lead.deadlineMilliseconds = try LeadTime.milliseconds(
        trimmed(deadline.text), column: deadline.column)
    }
    (lead.latitude, lead.longitude) = try Self.coordinates(
      latitude: row.take(.latitude), longitude: row.take(.longitude))
    lead.types = row.takeTypes(title: title, body: body)
    lead.extra = try row.extra()
    return lead
  }

  /// The name by which this file calls a meaning, for reasons.
  private func column(of meaning: Meaning) -> IntakeText {
    let name = meanings.firstIndex(of: meaning).map { names[$0] } ?? meaning.rawValue
    return IntakeText(zh: "“\(name)”", en: name)
  }

  private static func coordinates(
    latitude: RowFields.Field?, longitude: RowFields.Field?
  ) throws(RowRefusal) -> (Double?, Double?) {
    switch (latitude, longitude) {
    case (nil, nil): return (nil, nil)
    case (let latitude?, let longitude?):
      return (try degrees(latitude, within: 90), try degrees(longitude, within: 180))
    default:
      throw RowRefusal(
        .badCoordinate, zh: "经度和纬度应同时填写或都不填",
        en: "latitude and longitude come together; fill in both or neither")
    }
  }

  private static func degrees(
    _ field: RowFields.Field, within limit: Double
  ) throws(RowRefusal) -> Double {
    let text = trimmed(field.text)
    // Only plain decimals: the standard library would also read "nan", "inf" and hexadecimal.
    guard text.utf8.allSatisfy({ "+-.0123456789".utf8.contains($0) }), let value = Double(text),
      (-limit...limit).contains(value)
    else {
      throw RowRefusal(
        .badCoordinate,
        zh: "“\(field.column)”\(quotedForReason(text)) 不是 -\(Int(limit)) 到 \(Int(limit)) 之间的度数;"
          + "应形如 34.6012",
        en: "\(field.column) \(quotedForReason(text)) is not a number of degrees between "
          + "-\(Int(limit)) and \(Int(limit)); write it as in 34.6012")
    }
    return value
  }
}

/// One row's fields, of which some are already taken for their meaning.
struct RowFields {
  struct Field {
    var column: String
    var text: String
  }

  private let columns: LeadColumns
  private let fields: [String]
  private var isTaken: [Bool]
  private var unknownTypes: [ImportedLead.NamedText] = []

  init(columns: LeadColumns, fields: [String]) {
    self.columns = columns
    self.fields = fields
    isTaken = fields.map { trimmed($0).isEmpty }
  }

  /// The first filled field of that meaning.
  mutating func take(_ meaning: LeadColumns.Meaning) -> Field? {
    for index in fields.indices where columns.meanings[index] == meaning && !isTaken[index] {
      isTaken[index] = true
      return Field(column: columns.names[index], text: fields[index])
    }
    return nil
  }

  /// All filled fields of that meaning.
  mutating func takeAll(_ meaning: LeadColumns.Meaning) -> String? {
    var texts: [String] = []
    while let field = take(meaning) { texts.append(trimmed(field.text)) }
    return texts.isEmpty ? nil : texts.joined(separator: " / ")
  }

  /// The types of the types columns, or else those whose words title and body hold. What a types
  /// column says beyond the known types stays as an extra field.
  mutating func takeTypes(title: String, body: String) -> [String] {
    var found: Set<String> = []
    while let field = take(.types) {
      let (keys, unknown) = PollutionWords.keys(inColumn: field.text)
      found.formUnion(keys)
      if !unknown.isEmpty {
        unknownTypes.append(
          ImportedLead.NamedText(name: field.column, value: unknown.joined(separator: "、")))
      }
    }
    return found.isEmpty
      ? PollutionWords.keys(in: title, body) : PollutionWords.keys.filter(found.contains)
  }

  /// What nobody has taken.
  func extra() throws(RowRefusal) -> [ImportedLead.NamedText] {
    var result = unknownTypes
    for index in fields.indices where !isTaken[index] {
      result.append(ImportedLead.NamedText(name: columns.names[index], value: fields[index]))
    }
    let byteCount = result.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count }
    guard result.count <= IntakeBounds.extraFields, byteCount <= IntakeBounds.extraBytes else {
      throw .extraTooLong()
    }
    return result
  }
}
