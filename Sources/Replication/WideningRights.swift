import Ledger
import Regions

/// Who may widen an entity's audience at each of its events, worked out along with the order of the
/// events: parents before children.
struct WideningRights {
  private let trees: TreeHistory
  private var places: [Hash: Int] = [:]
  private var parents: [[Int]] = []
  /// The regions that each event validly added.
  private var granted: [[RegionID]] = []
  /// By region: whether an event or an ancestor of it gave the region the right, as far as was asked.
  private var reach: [RegionID: [Bool]] = [:]
  private var founder: [RegionID: Bool] = [:]

  init(trees: TreeHistory) { self.trees = trees }

  /// Takes the next event and the regions that it validly adds.
  mutating func append(_ fact: AudienceFact, _ regions: [RegionID]) {
    places[fact.hash] = parents.count
    parents.append(fact.parents.compactMap { places[$0] })
    granted.append(regions)
  }

  /// Whether a region may widen the audience that these events and their ancestors formed.
  mutating func mayWiden(_ region: RegionID, above events: [Hash]) -> Bool {
    // The founding event comes first, is an ancestor of all others, and mostly settles it.
    if let first = granted.first {
      let isAboveFounder = founder[region] ?? trees.mayWiden(region, first)
      founder[region] = isAboveFounder
      if isAboveFounder { return true }
    }
    var known = reach.removeValue(forKey: region) ?? []
    for place in known.count..<parents.count {
      known.append(
        parents[place].contains { known[$0] } || trees.mayWiden(region, granted[place]))
    }
    defer { reach[region] = known }
    return events.contains { places[$0].map { known[$0] } ?? false }
  }
}
