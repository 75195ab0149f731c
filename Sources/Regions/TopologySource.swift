/// A place in a topology file, both from 1; columns count Unicode scalars.
struct FilePosition: Hashable, Sendable, Comparable {
  var line: Int
  var column: Int

  static let start = FilePosition(line: 1, column: 1)

  static func < (a: FilePosition, b: FilePosition) -> Bool {
    (a.line, a.column) < (b.line, b.column)
  }
}

/// The text of a topology file, made safe to be composed.
///
/// Yams puts the anchored node itself in the place of each alias, without a trace, so aliases must be
/// stopped before it. Where a text may hold an anchor, an alias or an explicit key, the sign is
/// replaced by a private character of the same width. What Yams then reports as the beginning of a
/// plain scalar was such a sign; everywhere else the character is turned back.
struct TopologySource {
  /// Findings that leave nothing to be composed.
  private(set) var findings: [TopologyFinding] = []
  /// The text with the signs replaced.
  private(set) var masked = ""

  /// Where an anchor or an alias may stand.
  private(set) var anchorPositions: [FilePosition] = []

  static let masks: [Unicode.Scalar: Unicode.Scalar] = [
    "&": "\u{10FFF0}", "*": "\u{10FFF1}", "?": "\u{10FFF2}",
  ]
  static let unmasks = Dictionary(uniqueKeysWithValues: masks.map { ($1, $0) })

  init(_ text: String) {
    guard text.utf8.count <= TopologyFile.maximumBytes else {
      findings = [
        TopologyFinding(
          line: 1, column: 1, code: .fileTooLarge, subject: String(text.utf8.count),
          detail: String(TopologyFile.maximumBytes))
      ]
      return
    }
    scan(text)
  }

  private mutating func scan(_ text: String) {
    var output = String.UnicodeScalarView()
    var position = FilePosition.start
    var before: Unicode.Scalar = "\n"
    var lineIsComment = false
    var lineIsBlank = true
    for scalar in text.unicodeScalars {
      if !Self.isAllowed(scalar) && !(scalar == "\u{FEFF}" && position == .start) {
        findings.append(
          finding(.forbiddenCharacter, at: position, subject: Self.hexadecimal(scalar)))
      }
      if lineIsBlank && scalar == "#" { lineIsComment = true }
      if scalar != " " && scalar != "\t" { lineIsBlank = false }
      if let mask = Self.masks[scalar], Self.mayPrecedeToken(before) {
        if scalar != "?" && !lineIsComment { anchorPositions.append(position) }
        output.append(mask)
      } else {
        output.append(scalar)
      }
      if Self.isLineBreak(scalar) {
        // A return and a line feed are one break.
        if !(scalar == "\n" && before == "\r") { position.line += 1 }
        position.column = 1
        (lineIsComment, lineIsBlank) = (false, true)
      } else {
        // YAML's columns do not count a byte order mark.
        if scalar != "\u{FEFF}" { position.column += 1 }
      }
      before = scalar
    }
    masked = String(output)
  }

  /// The breaks that YAML 1.1 counts as the end of a line.
  private static func isLineBreak(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": true
    default: false
    }
  }

  /// Whether YAML reads the character, and no mask could be mistaken for it.
  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0x85, 0xA0...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD:
      true
    case 0x1_0000...0x10_FFFF: unmasks[scalar] == nil
    default: false
    }
  }

  private static func mayPrecedeToken(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case " ", "\t", "[", "{", "]", "}", ",", ":", "-", "?", "\"", "'", "\u{FEFF}": true
    default: isLineBreak(scalar)
    }
  }

  private static func hexadecimal(_ scalar: Unicode.Scalar) -> String {
    "U+" + String(scalar.value, radix: 16, uppercase: true)
  }
}
