import Regions

/// How many offices a simulated city has: hubs x districts x townships, of which the last two count
/// in all. There is one hub.
package struct Shape: Hashable, Sendable, CustomStringConvertible {
  package let districts: Int
  package let townships: Int

  /// The most offices of a simulated city.
  package static let maximumOffices = 1_000

  /// `nil` for fewer than two districts or townships, whom a move needs, or too many.
  package init?(districts: Int, townships: Int) {
    guard districts >= 2, townships >= 2, districts < Self.maximumOffices,
      townships < Self.maximumOffices, 1 + districts + townships <= Self.maximumOffices
    else { return nil }
    self.districts = districts
    self.townships = townships
  }

  /// Reads `1x3x9`.
  package init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 3, parts[0] == 1, let districts = parts[1], let townships = parts[2]
    else { return nil }
    self.init(districts: districts, townships: townships)
  }

  package var description: String { "1x\(districts)x\(townships)" }
  package var offices: Int { 1 + districts + townships }

  /// The tree: townships are dealt out to the districts in turn.
  func tree() throws -> LinkTree {
    func region(_ text: String) throws -> RegionID {
      guard let region = RegionID(text) else { throw HarnessFault("\(text) is no region id") }
      return region
    }
    let hub = try region("hub")
    var entries = [LinkTree.Entry(id: hub, tier: .city, parent: nil)]
    for number in 1...districts {
      entries.append(.init(id: try region("d\(number)"), tier: .district, parent: hub))
    }
    for number in 1...townships {
      let parent = try region("d\((number - 1) % districts + 1)")
      entries.append(.init(id: try region("t\(number)"), tier: .township, parent: parent))
    }
    return try LinkTree(entries: entries)
  }
}
