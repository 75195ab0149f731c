/// The grammar of one row as a state machine: bytes go in, fields come out. CSV follows RFC 4180;
/// TSV is the same without quoting.
///
/// A quote in the middle of an unquoted field is a character like any other, as spreadsheets read it.
struct RowScan {
  enum State {
    /// At the beginning of a field. To any state but `afterQuote` and `quotedReturn`.
    case fieldStart
    /// In an unquoted field. To `fieldStart`, or the row ends.
    case plain
    /// Between quotes. To `afterQuote`, or the row is given up.
    case quoted
    /// After a quote that closes, or is the first of a doubled one. To `quoted`, `fieldStart`,
    /// `quotedReturn` or `damaged`, or the row ends.
    case afterQuote
    /// After a closing quote and a carriage return. The row ends, or to `damaged`.
    case quotedReturn
    /// Text followed a closing quote: the row is bad and ends with its line.
    case damaged
  }

  /// What a byte meant for the row.
  enum Step {
    /// The row goes on.
    case more
    /// The byte was the row's end.
    case rowEnd
    /// Quotes do not match and the row has taken several lines: only its first line is at fault for
    /// certain, so the caller rejects that one and begins again behind it.
    case giveUp
  }

  let separator: UInt8
  let readsQuotes: Bool
  private(set) var state = State.fieldStart
  private(set) var fields: [[UInt8]] = []
  private(set) var problem: RowRefusal?
  /// How many bytes the row's first line takes, its line feed included, once the row has gone beyond.
  private(set) var firstLineBytes: Int?
  private(set) var byteCount = 0
  private var field: [UInt8] = []

  init(format: LeadFileFormat) {
    separator = format.separator
    readsQuotes = format.readsQuotes
  }

  /// Takes the row's next byte.
  mutating func take(_ byte: UInt8) -> Step {
    byteCount += 1
    if byte == 0 { note(.nulByte()) }
    switch state {
    case .fieldStart where byte == Self.quote && readsQuotes:
      state = .quoted
    case .fieldStart, .plain:
      state = .plain
      return takePlain(byte)
    case .quoted:
      if byte == Self.quote {
        state = .afterQuote
      } else {
        if byte == Self.lineFeed && firstLineBytes == nil { firstLineBytes = byteCount }
        append(byte)
      }
    case .afterQuote:
      return takeAfterQuote(byte)
    case .quotedReturn:
      if byte == Self.lineFeed { return endRow() }
      return damage()
    case .damaged:
      if byte == Self.lineFeed { return .rowEnd }
    }
    return .more
  }

  /// Takes the end of the file.
  mutating func takeEnd() -> Step {
    switch state {
    case .quoted:
      problem = .unterminatedQuote()
      return firstLineBytes == nil ? .rowEnd : .giveUp
    case .damaged:
      return .rowEnd
    case .fieldStart, .plain, .afterQuote, .quotedReturn:
      return endRow()
    }
  }

  private mutating func takePlain(_ byte: UInt8) -> Step {
    switch byte {
    case separator:
      endField()
      state = .fieldStart
    case Self.lineFeed:
      return endRow()
    default:
      append(byte)
    }
    return .more
  }

  private mutating func takeAfterQuote(_ byte: UInt8) -> Step {
    switch byte {
    case Self.quote:
      append(byte)
      state = .quoted
    case separator:
      endField()
      state = .fieldStart
    case Self.carriageReturn:
      state = .quotedReturn
    case Self.lineFeed:
      return endRow()
    default:
      return damage()
    }
    return .more
  }

  private mutating func damage() -> Step {
    state = .damaged
    guard firstLineBytes == nil else {
      // Whatever else was noted lies in lines that will be read again on their own.
      problem = .strayQuote()
      return .giveUp
    }
    note(.strayQuote())
    return .more
  }

  private mutating func endRow() -> Step {
    // The carriage return of a CRLF belongs to the line end, not to an unquoted last field.
    if state == .plain && field.last == Self.carriageReturn { field.removeLast() }
    endField()
    return .rowEnd
  }

  private mutating func endField() {
    fields.append(field)
    field.removeAll(keepingCapacity: true)
  }

  private mutating func append(_ byte: UInt8) {
    guard field.count < IntakeBounds.fieldBytes else { return note(.fieldTooLong()) }
    field.append(byte)
  }

  /// Keeps the first problem: the later ones mostly follow from it.
  private mutating func note(_ refusal: @autoclosure () -> RowRefusal) {
    if problem == nil { problem = refusal() }
  }

  static let quote = UInt8(ascii: "\"")
  static let lineFeed = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")
}
