/// A row of a lead file that gave no lead, for the rejects file. It holds the row's text and so
/// personal data: it must not go into a log.
package struct RejectedRow: Hashable, Sendable {
  /// Why rows are rejected. Open: later versions add codes.
  package struct Code: Hashable, Sendable, CustomStringConvertible {
    /// The word in the rejects file.
    package let name: String

    /// A code of that name.
    package init(_ name: String) { self.name = name }

    package var description: String { name }

    /// A byte that is no character of the file's encoding.
    package static let badBytes = Code("bad_bytes")
    /// A NUL byte.
    package static let nulByte = Code("nul_byte")
    /// A control character other than tab and line break.
    package static let controlCharacter = Code("control_character")
    /// A quoted field that is never closed.
    package static let unterminatedQuote = Code("unterminated_quote")
    /// Text after a closing quote.
    package static let strayQuote = Code("stray_quote")
    /// More or fewer fields than the header names.
    package static let columnCount = Code("column_count")
    /// A field beyond ``IntakeBounds/fieldBytes``.
    package static let fieldTooLong = Code("field_too_long")
    /// A row beyond ``IntakeBounds/rowBytes``.
    package static let rowTooLong = Code("row_too_long")
    /// Unknown columns beyond ``IntakeBounds/extraFields`` or ``IntakeBounds/extraBytes``.
    package static let extraTooLong = Code("extra_too_long")
    /// A required field is empty.
    package static let missingField = Code("missing_field")
    /// A time that cannot be read or does not exist.
    package static let badTime = Code("bad_time")
    /// A time without a zone before 1992, when the clocks of China still changed for summer.
    package static let timeBefore1992 = Code("time_before_1992")
    /// A time outside the years that a lead can have.
    package static let timeOutOfRange = Code("time_out_of_range")
    /// A latitude or longitude that is no number, out of range or alone.
    package static let badCoordinate = Code("bad_coordinate")
  }

  /// The number of the line on which the row starts, counted from 1; the header is mostly line 1.
  package var line: Int
  /// The kind of fault.
  package var code: Code
  /// What is wrong and what to do, for the person who mends the file.
  package var reason: IntakeText
  /// The row as it stands in the file, on one line: control characters and bytes that are no
  /// character as `\n`, `\r`, `\t` or `\xNN`, a backslash doubled. Of an overlong row, the beginning.
  package var row: String

  /// A rejected row with its parts.
  package init(line: Int, code: Code, reason: IntakeText, row: String) {
    self.line = line
    self.code = code
    self.reason = reason
    self.row = row
  }
}

/// Why a row is refused, before its line and text are added.
package struct RowRefusal: Error, Hashable {
  package var code: RejectedRow.Code
  package var reason: IntakeText

  package init(_ code: RejectedRow.Code, zh: String, en: String) {
    self.code = code
    self.reason = IntakeText(zh: zh, en: en)
  }
}

extension RowRefusal {
  static func badBytes(encoding: LeadFileEncoding, column: String, offset: Int) -> RowRefusal {
    RowRefusal(
      .badBytes,
      zh: "“\(column)”列第 \(offset + 1) 字节不是 \(encoding.rawValue) 文字;请另存为 CSV UTF-8",
      en: "column \(column) is not \(encoding.rawValue) text at its byte \(offset + 1); "
        + "save the file again as CSV UTF-8")
  }

  static func nulByte() -> RowRefusal {
    RowRefusal(
      .nulByte, zh: "该行含有 NUL 字节;请去掉", en: "the row contains a NUL byte; remove it")
  }

  static func controlCharacter(_ scalar: Unicode.Scalar, column: String) -> RowRefusal {
    RowRefusal(
      .controlCharacter, zh: "“\(column)”列含有第 \(scalar.value) 号控制字符;请去掉",
      en: "column \(column) contains the control character number \(scalar.value); remove it")
  }

  static func unterminatedQuote() -> RowRefusal {
    RowRefusal(
      .unterminatedQuote, zh: "本行开始的引号(\")没有结束;请补上,或把正文中的引号写成两个",
      en: "a quote (\") opened in this line is not closed; close it, or double a quote that "
        + "belongs to the text")
  }

  static func strayQuote() -> RowRefusal {
    RowRefusal(
      .strayQuote, zh: "本行开始的字段在引号(\")结束后还有文字;请把正文中的引号写成两个",
      en: "text follows the quote (\") that closes a field begun in this line; double a quote "
        + "that belongs to the text")
  }

  static func columnCount(_ found: Int, expected: Int) -> RowRefusal {
    RowRefusal(
      .columnCount, zh: "该行有 \(found) 个字段,表头有 \(expected) 个;含分隔符的字段请加引号(CSV)",
      en: "the row has \(found) fields, the header names \(expected); "
        + "put fields that contain the separator into quotes (CSV)")
  }

  static func fieldTooLong() -> RowRefusal {
    RowRefusal(
      .fieldTooLong, zh: "有字段超过 \(IntakeBounds.fieldBytes) 字节;请缩短",
      en: "a field is longer than \(IntakeBounds.fieldBytes) bytes; shorten it")
  }

  static func rowTooLong(byteCount: Int) -> RowRefusal {
    RowRefusal(
      .rowTooLong, zh: "该行有 \(byteCount) 字节,最多读 \(IntakeBounds.rowBytes);此处只列开头",
      en: "the row has \(byteCount) bytes, at most \(IntakeBounds.rowBytes) are read; "
        + "only its beginning is shown")
  }

  static func extraTooLong() -> RowRefusal {
    RowRefusal(
      .extraTooLong,
      zh: "不认识的列超过 \(IntakeBounds.extraFields) 个字段或 \(IntakeBounds.extraBytes) 字节;请删去不需要的",
      en: "the columns that are not known here fill more than \(IntakeBounds.extraFields) "
        + "fields or \(IntakeBounds.extraBytes) bytes; remove those that are not needed")
  }

  package static func missingField(_ what: IntakeText) -> RowRefusal {
    RowRefusal(.missingField, zh: "\(what.zh)为空;请填写", en: "\(what.en) is empty; fill it in")
  }
}
