import Casework
import Regions

/// Finds the region that a lead is about. A name that several regions answer to decides nothing.
struct LeadPlaceFinder {
  /// How a region was found, as an open set for JSON.
  enum Way: String {
    case field, code, place, location, text, none
  }

  /// What was found: one region, or those that may be meant.
  struct Finding {
    let way: Way
    let candidates: [RegionID]

    /// The region, if there is no doubt.
    var region: RegionID? { candidates.count == 1 ? candidates[0] : nil }
  }

  /// The fewest characters of a division code.
  private static let shortestCode = 6
  /// The farthest that an office may be for a location to mean its region.
  private static let farthestMetres = 5_000.0
  /// How many times farther the next office must be.
  private static let clearRatio = 2.0
  /// The most candidates that a location offers.
  private static let nearOffices = 3
  private static let metresPerDegree = 111_320.0

  private let tree: LinkTree?
  private let search: RegionSearch
  private let parents: [RegionID: [RegionID]]

  init(_ places: NodeCommands.Places) {
    let tree = places.tree
    let regions = places.directory.regions.filter { tree?.contains($0.id) == true }
    self.tree = tree
    self.search = RegionSearch(regions: regions)
    self.parents = Dictionary(
      regions.map { ($0.id, [$0.parent, $0.managedBy].compactMap { $0 }) },
      uniquingKeysWith: { first, _ in first })
  }

  /// The first way that finds anything: the lead's own region, a code or a name in its place, its
  /// location, a name in its title or text.
  func find(_ lead: Lead) -> Finding {
    if let region = lead.region { return Finding(way: .field, candidates: [region]) }
    let place = lead.place ?? ""
    let ways: [(Way, () -> [RegionID])] = [
      (.code, { codes(in: place) }), (.place, { lowest(search.mentioned(in: place)) }),
      (.location, { lead.location.map(offices(near:)) ?? [] }),
      (
        .text,
        {
          lowest(
            search.mentioned(in: [lead.title, lead.text].compactMap { $0 }.joined(separator: "\n")))
        }
      ),
    ]
    for (way, look) in ways {
      let found = look()
      if !found.isEmpty { return Finding(way: way, candidates: found) }
    }
    return Finding(way: .none, candidates: [])
  }

  private func codes(in place: String) -> [RegionID] {
    let words = place.split { !($0.isASCII && ($0.isLetter || $0.isNumber || $0 == ":")) }
    let found = words.filter { $0.count >= Self.shortestCode }.flatMap { word in
      search.regions.filter { region in
        region.codes.contains { $0.code == word || "\($0.system):\($0.code)" == word }
      }.map(\.id)
    }
    return Set(found).sorted()
  }

  /// Of regions that lie in each other the lowest, by either parent.
  private func lowest(_ regions: [RegionID]) -> [RegionID] {
    var above: Set<RegionID> = []
    var waiting = regions
    while let region = waiting.popLast() {
      for parent in parents[region] ?? [] where above.insert(parent).inserted {
        waiting.append(parent)
      }
    }
    return regions.filter { !above.contains($0) }
  }

  /// The region of the nearest township office if it is near and no other is nearly as near; else the
  /// nearest few.
  private func offices(near location: Casework.Location) -> [RegionID] {
    let (latitude, longitude) = (
      Double(location.latitudeMicrodegrees) / LeadContent.microdegrees,
      Double(location.longitudeMicrodegrees) / LeadContent.microdegrees
    )
    let offices = search.regions.compactMap { region -> (id: RegionID, metres: Double)? in
      guard region.tier == .township, let office = region.location else { return nil }
      // Within a city the earth is flat enough; a degree of longitude shrinks by some fifth here.
      let north = office.latitude - latitude
      let east = (office.longitude - longitude) * Self.narrowing
      return (region.id, (north * north + east * east).squareRoot() * Self.metresPerDegree)
    }.sorted { ($0.metres, $0.id) < ($1.metres, $1.id) }
    guard let first = offices.first else { return [] }
    let isClear =
      offices.dropFirst().first.map { $0.metres >= first.metres * Self.clearRatio } ?? true
    if isClear, first.metres <= Self.farthestMetres { return [first.id] }
    // One that is far is a candidate beside others, never the answer.
    return offices.count > 1 ? offices.prefix(Self.nearOffices).map(\.id) : []
  }

  /// The cosine of 34.4 degrees north, the middle of the cities that are served.
  private static let narrowing = 0.825

  /// The way up from a region, by managing blocks and by administrative parents.
  func place(_ region: RegionID) -> DutyPlace {
    func steps(_ parent: (RegionID) -> RegionID?) -> [DutyPlace.Step] {
      var steps: [DutyPlace.Step] = []
      var next: RegionID? = region
      while let here = next, let tier = tree?.tier(of: here), steps.count < Tier.allCases.count {
        steps.append(.init(here, tier))
        next = parent(here)
      }
      return steps
    }
    return DutyPlace(
      managing: steps { tree?.parent(of: $0) },
      administrative: steps { here in search.regions.first { $0.id == here }?.parent })
  }
}
