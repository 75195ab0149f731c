/// Turns a row's bytes into text by the file's encoding.
struct RowText {
  let encoding: LeadFileEncoding
  private let decoder: GB18030Decoder?

  init(encoding: LeadFileEncoding) throws {
    self.encoding = encoding
    decoder = encoding == .gb18030 ? try GB18030Decoder() : nil
  }

  /// The field's text, or the offset of its first malformed byte.
  func decoded(_ field: [UInt8]) -> (text: String, malformedAt: Int?) {
    // ASCII is the same in both encodings, and most fields that are no prose hold nothing else.
    if let decoder, field.contains(where: { $0 >= 0x80 }) {
      let (text, byteCount) = decoder.decode(field[...])
      return (text, byteCount < field.count ? byteCount : nil)
    }
    if let text = String(validating: field, as: UTF8.self) { return (text, nil) }
    var index = 0
    while index < field.count, case .wellFormed(let length) = UTF8Sequence(at: index, in: field) {
      index += length
    }
    return ("", index)
  }

  /// The bytes as one printable line from which they can be told again: a malformed byte or a
  /// control character becomes `\xNN` (or `\n`, `\r`, `\t`), a backslash is doubled.
  func escaped(_ bytes: [UInt8]) -> String {
    var result = ""
    result.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      if let decoder {
        let (text, byteCount) = decoder.decode(bytes[index...])
        for scalar in text.unicodeScalars { Self.append(scalar, to: &result) }
        index += byteCount
      } else {
        let from = index
        while index < bytes.count, case .wellFormed(let length) = UTF8Sequence(at: index, in: bytes)
        {
          index += length
        }
        for scalar in String(decoding: bytes[from..<index], as: UTF8.self).unicodeScalars {
          Self.append(scalar, to: &result)
        }
      }
      if index < bytes.count {
        Self.appendHexadecimal(bytes[index], to: &result)
        index += 1
      }
    }
    return result
  }

  private static func append(_ scalar: Unicode.Scalar, to result: inout String) {
    switch scalar {
    case "\\": result += "\\\\"
    case "\n": result += "\\n"
    case "\r": result += "\\r"
    case "\t": result += "\\t"
    case "\u{0}"..."\u{1F}", "\u{7F}": appendHexadecimal(UInt8(scalar.value), to: &result)
    default: result.unicodeScalars.append(scalar)
    }
  }

  private static func appendHexadecimal(_ byte: UInt8, to result: inout String) {
    let digits = String(byte, radix: 16, uppercase: true)
    result += digits.utf8.count == 1 ? "\\x0" + digits : "\\x" + digits
  }
}
