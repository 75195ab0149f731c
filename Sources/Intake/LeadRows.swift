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

  private var texts: TextRows
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
    texts = try TextRows(source: source, format: format)
    columns = try LeadColumns(header: texts.header)
  }

  /// Opens a file; its extension tells the format, or else its header.
  package init(path: String, channel: ChannelKey) throws {
    let file = try FileChunks(path: path)
    try self.init(
      source: file.next, format: LeadFileFormat(fileName: path), channel: channel)
  }

  /// The file's encoding, as far as is known: UTF-8 while only ASCII was seen.
  package var encoding: LeadFileEncoding { texts.encoding }

  /// The next row, or `nil` at the end of the file.
  /// - Throws: only what the source throws, and ``IntakeError`` `missing_decoder`.
  package mutating func next() throws -> LeadRow? {
    let row = try texts.next()
    counts.blankLines = texts.blankLines
    guard let row else { return nil }
    counts.rows += 1
    do throws(RowRefusal) {
      let lead = try columns.lead(from: row.fields.get(), channel: channel)
      let repeatsLine = repeats.firstLine(of: lead.identityText, line: row.line)
      counts.accepted += 1
      if repeatsLine != nil { counts.repeated += 1 }
      return .accepted(line: row.line, lead: lead, repeatsLine: repeatsLine)
    } catch {
      counts.rejected += 1
      return .rejected(row.rejected(for: error))
    }
  }
}
