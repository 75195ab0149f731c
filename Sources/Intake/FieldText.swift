/// A field's text in its normal form: CRLF and CR as LF, no trailing white space, else unchanged.
/// - Throws: ``RowRefusal`` for a control character other than tab and line break.
func normalised(_ text: String, column: String) throws(RowRefusal) -> String {
  let needsRewriting = text.utf8.contains(UInt8(ascii: "\r"))
  var result = String.UnicodeScalarView()
  var previous: Unicode.Scalar?
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\t", "\n", "\r": break
    case "\u{0}"..."\u{1F}": throw .controlCharacter(scalar, column: column)
    default: break
    }
    if needsRewriting {
      if scalar == "\n" && previous == "\r" {
        // The carriage return has already become this line break.
      } else {
        result.append(scalar == "\r" ? "\n" : scalar)
      }
      previous = scalar
    }
  }
  let scalars = needsRewriting ? result : text.unicodeScalars
  guard let last = scalars.last, last.properties.isWhitespace else { return String(scalars) }
  let end = scalars.lastIndex { !$0.properties.isWhitespace }
  return end.map { String(scalars[...$0]) } ?? ""
}

/// The text without white space at either end, for fields that are values and not prose.
func trimmed(_ text: some StringProtocol) -> String {
  let scalars = text.unicodeScalars
  guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
    let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
  else { return "" }
  return String(String.UnicodeScalarView(scalars[first...last]))
}
