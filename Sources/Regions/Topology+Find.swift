extension Topology {
  /// The words for the kind of a unit; people leave them out.
  private static let kindSuffixes = ["街道办事处", "街道", "镇", "乡", "县", "区", "市"]
  /// The fewest characters that a name without its kind may have.
  private static let shortestStem = 2

  /// The regions that the text may mean, in ascending order: by id, by any of their names past or
  /// present, with or without the word for the kind of unit (张集 is 张集街道 and 张集镇), by code in
  /// any system, or by `system:code`.
  ///
  /// More than one answer is ambiguous and must be put to a person.
  package func find(_ text: String) -> [RegionID] {
    let wanted = text.trimmingASCIISpaces()
    guard !wanted.isEmpty else { return [] }
    return
      regions
      .filter { region in
        region.id.rawValue == wanted
          || region.names.contains { Self.name($0.text, answersTo: wanted) }
          || region.codes.contains { $0.code == wanted || "\($0.system):\($0.code)" == wanted }
      }
      .map(\.id)
      .sorted()
  }

  private static func name(_ name: String, answersTo wanted: String) -> Bool {
    if name == wanted { return true }
    guard wanted.count >= shortestStem, name.hasPrefix(wanted) else { return false }
    return kindSuffixes.contains(String(name.dropFirst(wanted.count)))
  }
}

extension String {
  /// The text without spaces and tabs at its ends.
  func trimmingASCIISpaces() -> String {
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    guard let first = firstIndex(where: { !isSpace($0) }),
      let last = lastIndex(where: { !isSpace($0) })
    else { return "" }
    return String(self[first...last])
  }
}
