/// One row of a file as texts.
package struct TextRow {
  /// The number of the line on which it starts, counted from 1.
  package let line: Int
  /// Its normalised texts, one per column, or why it cannot be used.
  package let fields: Result<[String], RowRefusal>
  /// The row as a rejects file shows it; see ``RejectedRow/row``.
  package var shown: String { text.escaped(raw) }

  fileprivate let raw: [UInt8]
  fileprivate let text: RowText

  /// The row as rejected for a reason.
  package func rejected(for refusal: RowRefusal) -> RejectedRow {
    RejectedRow(line: line, code: refusal.code, reason: refusal.reason, row: shown)
  }
}

/// Reads the header and the rows of a CSV or TSV file as texts, whatever the columns mean. Holds one
/// row at a time.
package struct TextRows {
  /// The cells of the header, normalised, in the file's order.
  package let header: [String]
  /// What reasons call the columns: never empty.
  package let names: [String]
  private var delimited: DelimitedRows
  private var text: RowText

  /// Reads the header.
  /// - Parameters:
  ///   - source: gives the file's bytes, in chunks of any size.
  ///   - format: `nil` means to tell it by the header.
  /// - Throws: ``IntakeError``, and whatever the source throws.
  package init(source: @escaping ChunkSource, format: LeadFileFormat? = nil) throws {
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
    self.header = names
    self.names = LeadColumns.names(in: names)
  }

  /// Opens a file; its extension tells the format, or else its header.
  package init(path: String) throws {
    let file = try FileChunks(path: path)
    try self.init(source: file.next, format: LeadFileFormat(fileName: path))
  }

  /// The file's encoding, as far as is known: UTF-8 while only ASCII was seen.
  package var encoding: LeadFileEncoding { delimited.encoding ?? .utf8 }

  /// How many empty lines were passed over. An empty line is no row.
  package var blankLines: Int { delimited.blankLines }

  /// The next row, or `nil` at the end of the file.
  /// - Throws: only what the source throws, and ``IntakeError`` `missing_decoder`.
  package mutating func next() throws -> TextRow? {
    guard let row = try delimited.next() else { return nil }
    if text.encoding != encoding { text = try RowText(encoding: encoding) }
    return TextRow(
      line: row.line,
      fields: Result { () throws(RowRefusal) in try texts(of: row) }, raw: row.raw, text: text)
  }

  private func texts(of row: DelimitedRow) throws(RowRefusal) -> [String] {
    if let problem = row.problem { throw problem }
    guard row.fields.count == header.count else {
      throw .columnCount(row.fields.count, expected: header.count)
    }
    return try Self.texts(of: row.fields, names: names, text)
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
