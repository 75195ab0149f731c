import Ledger
import Regions

/// What a city knows apart from all its stores: every event and tree that ever was. Audiences are
/// worked out from that by brute force, as the design's rule says it.
struct CityOracle {
  struct Fact {
    let hash: Hash
    let entity: EntityID
    let isFounding: Bool
    let parents: [Hash]
    let added: Set<RegionID>
    let region: RegionID
    let isHostile: Bool
  }

  /// In order of writing, so parents come before children.
  private(set) var facts: [Fact] = []
  private(set) var byHash: [Hash: Fact] = [:]
  /// The tree of the configuration, for nodes that know none yet.
  var configured: LinkTree?
  /// In order of publication, with the events that carry them.
  private(set) var published: [(event: Hash, tree: LinkTree)] = []

  var trees: [LinkTree] { published.map(\.tree) }

  mutating func note(_ tree: LinkTree, in commit: Commit) {
    for (_, event) in commit.events { published.append((event.hash, tree)) }
  }

  mutating func note(_ commit: Commit, isHostile: Bool) {
    for (_, event) in commit.events {
      let fact = Fact(
        hash: event.hash, entity: event.entity, isFounding: event.isFounding,
        parents: event.parents, added: Set(event.audience), region: commit.stamp.origin.region,
        isHostile: isHostile)
      facts.append(fact)
      byHash[fact.hash] = fact
    }
  }

  /// Whether a region is at or above a region of the audience by any of the trees.
  static func isInScope(
    _ region: RegionID, _ audience: Set<RegionID>, _ trees: [LinkTree]
  ) -> Bool {
    audience.contains { named in
      named == .everyone || named == region || trees.contains { up(named, $0).contains(region) }
    }
  }

  private static func up(_ region: RegionID, _ tree: LinkTree) -> [RegionID] {
    var path = [region]
    while let above = tree.entries.first(where: { $0.id == path[path.count - 1] })?.parent {
      path.append(above)
    }
    return path
  }

  /// Every entity's audience, from all events, or from those alone that are `alive`.
  func audiences(alive: Set<Hash>? = nil) -> [EntityID: Set<RegionID>] {
    var formed: [Hash: Set<RegionID>] = [:]
    var audiences: [EntityID: Set<RegionID>] = [:]
    var paths: [RegionID: Set<RegionID>] = [:]
    let trees = published.filter { alive?.contains($0.event) ?? true }.map(\.tree)
    func above(_ region: RegionID) -> Set<RegionID> {
      if let known = paths[region] { return known }
      let all = trees.reduce(into: Set([region])) { $0.formUnion(Self.up(region, $1)) }
      paths[region] = all
      return all
    }
    for fact in facts {
      if let alive, !alive.contains(fact.hash) { continue }
      guard fact.parents.allSatisfy({ formed[$0] != nil }) else { continue }
      let before = fact.parents.reduce(into: Set<RegionID>()) { $0.formUnion(formed[$1] ?? []) }
      var valid: Set<RegionID> = []
      if fact.isFounding {
        valid = fact.added.union([fact.region])
      } else if before.contains(where: { above($0).contains(fact.region) }) {
        valid = fact.added
      }
      formed[fact.hash] = before.union(valid)
      audiences[fact.entity, default: []].formUnion(valid)
    }
    return audiences
  }
}
