import Ledger

/// By what a lead can be found by another that may be about the same thing (查重线索): the character
/// pairs of its title, its respondent, its place and the square of the map that it lies in.
package enum LeadTraces {
  /// The most characters of a text that are looked at.
  package static let longestText = 2_000
  /// The side of a square of the map, in microdegrees: about a kilometre.
  static let squareMicrodegrees: Int64 = 10_000
  /// The characters that stand for the title where there is none.
  private static let titleFromText = 40

  private static let scalarBits: Int64 = 21
  private static let tagBits: Int64 = 44
  private static let hashMask: Int64 = 1 << 44 - 1

  private enum Tag: Int64 {
    case pair, respondent, place, square
  }

  /// The pairs of neighbouring letters, digits and ideographs, each once; marks and spaces part
  /// nothing, and ASCII letters count as small ones.
  package static func pairs(in text: String) -> Set<Int64> {
    var pairs: Set<Int64> = []
    var last: Int64?
    for scalar in text.unicodeScalars.prefix(longestText) {
      let properties = scalar.properties
      guard properties.isAlphabetic || properties.numericType != nil else { continue }
      let small = ("A"..."Z").contains(scalar) ? scalar.value + 32 : scalar.value
      let value = Int64(small)
      if let last { pairs.insert(last << scalarBits | value) }
      last = value
    }
    return pairs
  }

  /// The pairs of the title; of the beginning of the text where there is no title.
  package static func titlePairs(of lead: Lead) -> Set<Int64> {
    let title = lead.title ?? ""
    return pairs(in: title.isEmpty ? String((lead.text ?? "").prefix(titleFromText)) : title)
  }

  /// The pairs of title and text.
  package static func allPairs(of lead: Lead) -> Set<Int64> {
    pairs(in: (lead.title ?? "") + " " + (lead.text ?? ""))
  }

  /// What the lead is filed under.
  package static func filed(_ lead: Lead) -> Set<Int64> {
    titlePairs(of: lead).union(named(lead)).union(
      lead.location.map { [square($0, north: 0, east: 0)] } ?? [])
  }

  /// Respondent and place, as texts that are equal or not.
  package static func named(_ lead: Lead) -> Set<Int64> {
    Set(
      [(Tag.respondent, lead.respondent), (.place, lead.place)].compactMap { tag, text in
        text.flatMap { plain($0) }.map { tagged(tag, Hash(of: Array($0.utf8)).prefix) }
      })
  }

  /// The lead's square and the eight around it.
  package static func squares(around location: Location) -> Set<Int64> {
    Set(
      (-1...1).flatMap { north in
        (-1...1).map { square(location, north: Int64(north), east: Int64($0)) }
      })
  }

  /// A text without what does not tell it from another; `nil` where nothing is left.
  package static func plain(_ text: String) -> String? {
    let kept = text.lowercased().unicodeScalars.filter {
      $0.properties.isAlphabetic || $0.properties.numericType != nil
    }
    return kept.isEmpty ? nil : String(String.UnicodeScalarView(kept))
  }

  private static func square(_ location: Location, north: Int64, east: Int64) -> Int64 {
    // Degrees are shifted to be positive, so that division rounds one way.
    let row = (location.latitudeMicrodegrees + 90_000_000) / squareMicrodegrees + north
    let column = (location.longitudeMicrodegrees + 180_000_000) / squareMicrodegrees + east
    return tagged(.square, row << scalarBits | column)
  }

  private static func tagged(_ tag: Tag, _ value: Int64) -> Int64 {
    tag.rawValue << tagBits | value & hashMask
  }
}

extension Hash {
  fileprivate var prefix: Int64 { bytes.prefix(8).reduce(0) { $0 << 8 | Int64($1) } }
}
