/// One row as it stands in the file.
struct DelimitedRow: Equatable {
  /// The number of the line on which it starts, counted from 1.
  var line: Int
  /// The fields' bytes with the quoting removed; incomplete if there is a problem.
  var fields: [[UInt8]]
  /// The row's bytes without its line end; of an overlong row, the beginning.
  var raw: [UInt8]
  /// Why the row cannot be used, if its bytes show that already.
  var problem: RowRefusal?
}

/// The rows of a CSV or TSV file, one at a time.
///
/// The bytes of structure (comma, tab, quote, CR, LF) are never the second or a later byte of a
/// UTF-8 or GB18030 character, so rows are cut before they are decoded.
struct DelimitedRows {
  private(set) var reader: ByteReader
  let format: LeadFileFormat
  /// The number of the line that comes next.
  private(set) var line = 1
  /// How many empty lines were passed over. An empty line is no row.
  private(set) var blankLines = 0

  /// - Parameter format: `nil` means to tell it by the first line: TSV if there is a tab in it.
  init(source: @escaping ChunkSource, format: LeadFileFormat?) throws {
    reader = try ByteReader(source: source)
    self.format = try format ?? Self.formatOfFirstLine(&reader)
  }

  /// The file's encoding. While only ASCII was seen, UTF-8 is as good as any.
  var encoding: LeadFileEncoding? { reader.encoding }

  /// The next row, or `nil` at the end of the file.
  mutating func next() throws -> DelimitedRow? {
    while try skipBlankLine() {}
    guard try reader.byte(at: 0) != nil else { return nil }
    var scan = RowScan(format: format)
    while true {
      let byte = try reader.byte(at: scan.byteCount)
      guard let byte else {
        let step = scan.takeEnd()
        return finish(scan, lineEnded: false, givenUp: step == .giveUp)
      }
      switch scan.take(byte) {
      case .rowEnd: return finish(scan, lineEnded: true, givenUp: false)
      case .giveUp: return finish(scan, lineEnded: false, givenUp: true)
      case .more: break
      }
      if scan.byteCount > IntakeBounds.rowBytes { return try finishOverlong(scan) }
    }
  }

  private mutating func finish(_ scan: RowScan, lineEnded: Bool, givenUp: Bool) -> DelimitedRow {
    var byteCount = scan.byteCount
    var endBytes = lineEnded ? 1 : 0
    if givenUp, let firstLineBytes = scan.firstLineBytes {
      (byteCount, endBytes) = (firstLineBytes, 1)
    }
    var raw = reader.prefix(byteCount)
    let breaks = raw.count { $0 == RowScan.lineFeed }
    raw.removeLast(endBytes)
    if raw.last == RowScan.carriageReturn { raw.removeLast() }
    defer {
      reader.consume(byteCount)
      line += breaks
    }
    return DelimitedRow(line: line, fields: scan.fields, raw: raw, problem: scan.problem)
  }

  /// A row beyond the bound. If it is one open quote over many lines, the quote's line is at fault;
  /// else the rest of its last line is skipped without being kept.
  private mutating func finishOverlong(_ scan: RowScan) throws -> DelimitedRow {
    if scan.state == .quoted, scan.firstLineBytes != nil {
      var row = finish(scan, lineEnded: false, givenUp: true)
      row.problem = .unterminatedQuote()
      return row
    }
    let raw = reader.prefix(IntakeBounds.rowBytes)
    let first = line
    var skipped = scan.byteCount
    line += reader.prefix(scan.byteCount).count { $0 == RowScan.lineFeed }
    reader.consume(scan.byteCount)
    while let byte = try reader.byte(at: 0) {
      reader.consume(1)
      if byte == RowScan.lineFeed {
        line += 1
        break
      }
      skipped += 1
    }
    return DelimitedRow(
      line: first, fields: [], raw: raw, problem: .rowTooLong(byteCount: skipped))
  }

  private mutating func skipBlankLine() throws -> Bool {
    let byteCount: Int
    switch try reader.byte(at: 0) {
    case RowScan.lineFeed: byteCount = 1
    case RowScan.carriageReturn:
      switch try reader.byte(at: 1) {
      case RowScan.lineFeed: byteCount = 2
      case nil: byteCount = 1
      default: return false
      }
    default: return false
    }
    reader.consume(byteCount)
    line += 1
    blankLines += 1
    return true
  }

  private static func formatOfFirstLine(_ reader: inout ByteReader) throws -> LeadFileFormat {
    var offset = 0
    while offset < IntakeBounds.rowBytes, let byte = try reader.byte(at: offset) {
      if byte == UInt8(ascii: "\t") { return .tsv }
      // Empty lines before the header do not decide.
      if byte == RowScan.lineFeed, offset > 0, !isBlank(reader.prefix(offset)) { return .csv }
      offset += 1
    }
    return .csv
  }

  private static func isBlank(_ bytes: [UInt8]) -> Bool {
    bytes.allSatisfy { $0 == RowScan.lineFeed || $0 == RowScan.carriageReturn }
  }
}
