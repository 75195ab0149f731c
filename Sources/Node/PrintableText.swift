extension String {
  /// The text without what could steer a terminal or hide in a line; line breaks stay.
  ///
  /// Offices write what they like into titles, accounts and kinds of events, and file names come
  /// from anywhere.
  package var printableLines: String {
    // The usual text is taken as it is: only what may be amiss is looked at character by character.
    guard unicodeScalars.contains(where: { $0.value >= 0x7F || $0.value < 0x20 }) else {
      return self
    }
    var result = ""
    for character in self { result += Self.printable(character, keepingBreaks: true) }
    return result
  }

  /// The same on one line.
  package var printableLine: String {
    var result = ""
    for character in self { result += Self.printable(character, keepingBreaks: false) }
    return result
  }

  private static func printable(_ character: Character, keepingBreaks: Bool) -> String {
    if character == "\n" || character == "\r\n" { return keepingBreaks ? "\n" : " " }
    let isUnsafe = character.unicodeScalars.contains { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned,
        .surrogate:
        true
      default: false
      }
    }
    return isUnsafe ? " " : String(character)
  }
}
