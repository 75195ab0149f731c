/// Writes rejected rows as a CSV file that a spreadsheet opens: UTF-8 with byte order mark, CRLF,
/// columns `line`, `code`, `reason`, `row`. The caller writes the bytes where it wants.
///
/// A cell that begins with `=`, `+`, `-`, `@`, tab or CR gets an apostrophe in front, so that a
/// spreadsheet takes it for text and not for a formula.
package enum RejectsFile {
  /// The file's beginning: byte order mark and header.
  package static let header: [UInt8] = [0xEF, 0xBB, 0xBF] + Array("line,code,reason,row\r\n".utf8)

  /// The line of one rejected row.
  ///
  /// - Parameter reason: picks the language of its reason.
  package static func line(
    for rejected: RejectedRow, reason: KeyPath<IntakeText, String>
  ) -> [UInt8] {
    let cells = [
      String(rejected.line), rejected.code.name, rejected.reason[keyPath: reason], rejected.row,
    ]
    return Array((cells.map(cell).joined(separator: ",") + "\r\n").utf8)
  }

  private static func cell(_ text: String) -> String {
    // Scalars, because a combining mark behind the sign would hide it from a comparison of
    // characters.
    let formulaStarts: [Unicode.Scalar] = ["=", "+", "-", "@", "\t", "\r"]
    let first = text.unicodeScalars.first
    let safe = first.map(formulaStarts.contains) == true ? "'" + text : text
    guard safe.utf8.contains(where: { ",\"\r\n".utf8.contains($0) }) else { return safe }
    var quoted = "\""
    for scalar in safe.unicodeScalars {
      if scalar == "\"" { quoted.unicodeScalars.append("\"") }
      quoted.unicodeScalars.append(scalar)
    }
    return quoted + "\""
  }
}
