import Regions

/// Finds regions by what people write of them.
struct RegionSearch {
  /// The words for the kind of a unit; people leave them out.
  private static let kindSuffixes = ["街道办事处", "街道", "镇", "乡", "县", "区", "市"]
  /// The fewest characters that a name without its kind may have.
  private static let shortestStem = 2
  /// The most letters of an id that may be wrong.
  private static let maximumDistance = 3

  let regions: [Topology.Region]

  /// The regions that the text means: by id, any name with or without the word for the kind of
  /// unit, code, or `system:code`.
  func find(_ text: String) -> [RegionID] {
    let wanted = String(text.drop(while: \.isWhitespace))
    guard !wanted.isEmpty else { return [] }
    return regions.filter { region in
      region.id.rawValue == wanted
        || region.names.contains { Self.name($0.text, answersTo: wanted) }
        || region.codes.contains { $0.code == wanted || "\($0.system):\($0.code)" == wanted }
    }.map(\.id).sorted()
  }

  private static func name(_ name: String, answersTo wanted: String) -> Bool {
    if name == wanted { return true }
    guard wanted.count >= shortestStem, name.hasPrefix(wanted) else { return false }
    return kindSuffixes.contains(String(name.dropFirst(wanted.count)))
  }

  /// The regions that a text mentions by name, with or without the word for the kind of unit. A name
  /// that is but a part of a longer one that is mentioned does not count.
  func mentioned(in text: String) -> [RegionID] {
    guard !text.isEmpty else { return [] }
    let spellings = regions.flatMap { region in
      region.names.flatMap { Self.spellings(of: $0.text) }.filter(text.contains)
        .map { (region: region.id, spelling: $0) }
    }
    let said = Set(spellings.map(\.spelling))
    let found = spellings.filter { mention in
      !said.contains { $0.count > mention.spelling.count && $0.contains(mention.spelling) }
    }
    return Set(found.map(\.region)).sorted()
  }

  private static func spellings(of name: String) -> [String] {
    let stem = kindSuffixes.first { name.hasSuffix($0) }.map { String(name.dropLast($0.count)) }
    return [name] + (stem.map { $0.count >= shortestStem ? [$0] : [] } ?? [])
  }

  /// The regions that the text may have meant, nearest first: ids a few letters away, and names
  /// that share a part with it.
  func near(_ text: String, among ids: Set<RegionID>) -> [RegionID] {
    var found: [(id: RegionID, distance: Int)] = []
    for id in ids {
      let names = regions.first { $0.id == id }?.names ?? []
      let distance = Self.distance(Array(id.rawValue.utf8), Array(text.utf8))
      if distance <= Self.maximumDistance {
        found.append((id, distance))
      } else if text.count >= Self.shortestStem,
        id.rawValue.contains(text) || names.contains(where: { $0.text.contains(text) })
      {
        found.append((id, Self.maximumDistance + 1))
      }
    }
    return found.sorted { ($0.distance, $0.id) < ($1.distance, $1.id) }.map(\.id)
  }

  /// The number of bytes to insert, remove or replace.
  private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    guard abs(a.count - b.count) <= maximumDistance else { return .max }
    var row = Array(0...b.count)
    for (i, left) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, right) in b.enumerated() {
        let replaced = diagonal + (left == right ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, diagonal + 1, row[j] + 1)
      }
    }
    return row[b.count]
  }
}
