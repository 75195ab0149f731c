/// How a lead file separates its fields.
package enum LeadFileFormat: String, CaseIterable, Sendable {
  /// Comma-separated with quoting, RFC 4180; lines end in CRLF or LF.
  case csv
  /// Tab-separated without any quoting: a quote is a character like any other.
  case tsv

  /// The format that a file name's extension tells; `nil` if it tells none, and then the header does.
  package init?(fileName: String) {
    guard let dot = fileName.lastIndex(of: ".") else { return nil }
    switch fileName[fileName.index(after: dot)...].lowercased() {
    case "csv": self = .csv
    case "tsv", "tab": self = .tsv
    default: return nil
    }
  }

  var separator: UInt8 { self == .csv ? UInt8(ascii: ",") : UInt8(ascii: "\t") }

  var readsQuotes: Bool { self == .csv }
}
