import Node

/// Columns of text for people, in which a Chinese character takes two places.
struct LeadTable {
  private let header: [String]
  private var rows: [[String]] = []

  init(_ header: [String]) { self.header = header }

  mutating func add(_ row: [String]) { rows.append(row.map(Self.printable)) }

  var isEmpty: Bool { rows.isEmpty }

  /// The header and the rows, each column as wide as its widest cell.
  var lines: [String] {
    let all = [header] + rows
    let widths = header.indices.map { column in
      all.map { Self.width($0[column]) }.max() ?? 0
    }
    return all.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        line += cell
        guard column < row.count - 1 else { break }
        line += String(repeating: " ", count: widths[column] - Self.width(cell) + 2)
      }
      return line
    }
  }

  /// The longest cell that a table shows, in characters.
  private static let longestCell = 60

  /// The beginning of what another office wrote, on one line, which cannot steer a terminal.
  static func printable(_ text: String) -> String {
    let shown = String(text.prefix(longestCell)).printableLine
    return text.count > longestCell ? shown + "…" : shown
  }

  private static func width(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { width, scalar in
      switch scalar.value {
      case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
        0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
        width + 2
      case 0x0300...0x036F: width
      default: width + 1
      }
    }
  }
}
