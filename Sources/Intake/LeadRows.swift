/// One row of a lead file: every row is either a lead or rejected.
package enum LeadRow: Hashable, Sendable {
  /// A lead, the number of the line on which its row starts, and the line of the first row of this
  /// file with the same identity, if there was one: whether that counts is for the caller to decide.
  case accepted(line: Int, lead: ImportedLead, repeatsLine: Int?)
  /// A row that gave no lead, with its reason.
  case rejected(RejectedRow)
}

/// How many rows of each sort have been read. `rows == accepted + rejected` always.
package struct LeadRowCounts: Hashable, Sendable {
  /// The rows below the header.
  package var rows = 0
  /// The rows that gave a lead.
  package var accepted = 0
  /// The rows that gave none.
  package var rejected = 0
  /// The accepted rows that repeat an earlier row of this file.
  package var repeated = 0
  /// Empty lines; they are no rows.
  package var blankLines = 0
}

/// Reads a lead file row by row for `import leads FILE --channel KEY`. Holds one row at a time.
///
///     var rows = try LeadRows(path: path, channel: ChannelKey("hotline_12345"))
///     while let row = try rows.next() { ... }
package struct LeadRows {
  /// The channel through which the leads came.
  package let channel: ChannelKey
  /// What the header says of the columns.
  package let columns: LeadColumns
  /// What has been read so far.
  package private(set) var counts = LeadRowCounts()

  private var delimited: DelimitedRows
  private var text: RowText
  private var repeats = RepeatedRows()

  /// Reads the header.
  /// - Parameters:
  ///   - source: gives the file's bytes, in chunks of any size.
  ///   - format: `nil` means to tell it by the header.
  ///   - channel: the channel of all leads of the file.
  /// - Throws: ``IntakeError``, and whatever the source throws.
  package init(
    source: @escaping ChunkSource, format: LeadFileFormat? = nil, channel: ChannelKey
  ) throws {
    self.channel = channel
    delimited = try DelimitedRows(source: source, format: format)
    guard let header = try delimited.next() else {
      throw IntakeError(
        .badHeader, zh: "线索文件是空的;第一行应为列名",
        en: "the lead file is empty; its first line must name the columns")
    }
    text = try RowText(encoding: delimited.encoding ?? .utf8)
    if let problem = header.problem {
      let isUTF16 = problem.code == .nulByte
      throw Self.badHeader(
        problem.reason,
        IntakeText(
          zh: isUTF16 ? ";若为 UTF-16,请另存为 CSV UTF-8" : "",
          en: isUTF16 ? "; if the file is UTF-16, save it as CSV UTF-8" : ""))
    }
    let names: [String]
    do throws(RowRefusal) {
      names = try Self.texts(
        of: header.fields, names: header.fields.indices.map { "#\($0 + 1)" }, text)
    } catch {
      throw Self.badHeader(error.reason)
    }
    // Outside quotes a line break inside a field can only have been a CR without LF.
    guard header.raw.contains(RowScan.quote) || !names.contains(where: { $0.contains("\n") }) else {
      throw IntakeError(
        .badHeader, zh: "各行只以 CR 结尾;请另存为 CSV UTF-8",
        en: "the lines end in CR alone; save the file again as CSV UTF-8")
    }
    columns = try LeadColumns(header: names)
  }

  /// Opens a file; its extension tells the format, or else its header.
  package init(path: String, channel: ChannelKey) throws {
    let file = try FileChunks(path: path)
    try self.init(
      source: file.next, format: LeadFileFormat(fileName: path), channel: channel)
  }

  /// The file's encoding, as far as is known: UTF-8 while only ASCII was seen.
  package var encoding: LeadFileEncoding { delimited.encoding ?? .utf8 }

  /// The next row, or `nil` at the end of the file.
  /// - Throws: only what the source throws, and ``IntakeError`` `missing_decoder`.
  package mutating func next() throws -> LeadRow? {
    let row = try delimited.next()
    counts.blankLines = delimited.blankLines
    guard let row else { return nil }
    if text.encoding != encoding { text = try RowText(encoding: encoding) }
    counts.rows += 1
    do throws(RowRefusal) {
      let lead = try lead(of: row)
      let repeatsLine = repeats.firstLine(of: lead.identityText, line: row.line)
      counts.accepted += 1
      if repeatsLine != nil { counts.repeated += 1 }
      return .accepted(line: row.line, lead: lead, repeatsLine: repeatsLine)
    } catch {
      counts.rejected += 1
      return .rejected(
        RejectedRow(
          line: row.line, code: error.code, reason: error.reason, row: text.escaped(row.raw)))
    }
  }

  private func lead(of row: DelimitedRow) throws(RowRefusal) -> ImportedLead {
    if let problem = row.problem { throw problem }
    guard row.fields.count == columns.names.count else {
      throw .columnCount(row.fields.count, expected: columns.names.count)
    }
    return try columns.lead(
      from: Self.texts(of: row.fields, names: columns.names, text), channel: channel)
  }

  private static func texts(
    of fields: [[UInt8]], names: [String], _ text: RowText
  ) throws(RowRefusal) -> [String] {
    var result: [String] = []
    for (field, name) in zip(fields, names) {
      let (decoded, malformedAt) = text.decoded(field)
      if let malformedAt {
        throw .badBytes(encoding: text.encoding, column: name, offset: malformedAt)
      }
      result.append(try normalised(decoded, column: name))
    }
    return result
  }

  private static func badHeader(
    _ reason: IntakeText, _ hint: IntakeText = IntakeText(zh: "", en: "")
  ) -> IntakeError {
    IntakeError(
      .badHeader, zh: "表头:\(reason.zh)\(hint.zh)", en: "header: \(reason.en)\(hint.en)")
  }
}
