package import Ledger
package import Regions

/// What routing needs to know of one event of an entity.
package struct AudienceFact: Hashable, Sendable {
  package let hash: Hash
  package let isFounding: Bool
  package let parents: [Hash]
  /// The regions that the event adds.
  package let added: [RegionID]
  /// The region that wrote it.
  package let region: RegionID
  /// The parents that the event declares lost, by the tier in its stamp alone.
  package let lost: [Hash]

  package init(
    hash: Hash, isFounding: Bool, parents: [Hash], added: [RegionID], region: RegionID,
    lost: [Hash] = []
  ) {
    self.hash = hash
    self.isFounding = isFounding
    self.parents = parents
    self.added = added
    self.region = region
    self.lost = lost
  }
}

/// An entity's audience, judged from all of its events that are held.
///
/// A founding event names the first audience and its own region. A later event widens it only if its
/// writer's region is, or by any signed tree was, at or above a region of the audience that the
/// event's ancestors formed. A void widening adds nothing; the event is routed like any other.
///
/// A parent that was declared lost counts as not named, as in the fold, until it is here with its
/// ancestors. The founding event is an ancestor of all others even so: behind a lost parent it alone
/// may be left to give the right.
///
/// Further events, declarations and trees only add to what is closed and to the ancestors of that: an
/// audience never shrinks.
///
/// An audience of more than `ReplicationBounds.audience` regions is everyone. That follows from the
/// set of events alone, whatever the order of arrival, and like any widening it only grows; the right
/// to widen is judged by the regions that were named.
package struct Audience: Hashable, Sendable {
  /// Sorted, without doubles.
  package private(set) var regions: [RegionID] = []
  /// The events all of whose ancestors are held, parents before children.
  package private(set) var closed: [Hash] = []
  /// The events that wait for an ancestor.
  package private(set) var waiting: [Hash] = []
  /// The parents that are named and not held.
  package private(set) var missing: [Hash] = []
  /// The events whose widening is void.
  package private(set) var void: [Hash] = []
  /// The events that no held event names as a parent, sorted.
  package private(set) var heads: [Hash] = []

  /// Judges an entity from nothing.
  ///
  /// The work is linear in the events, their parents and the regions they add, for each region that
  /// widens without being above what the founding event named.
  package init(judging facts: [AudienceFact], trees: TreeHistory) {
    var facts = facts
    facts.sort { $0.hash < $1.hash }
    let index = Dictionary(
      facts.enumerated().map { ($1.hash, $0) }, uniquingKeysWith: { first, _ in first })
    order(facts, index)
    var rights = WideningRights(trees: trees)
    var union: Set<RegionID> = []
    for hash in closed {
      guard let place = index[hash] else { continue }
      let fact = facts[place]
      var granted: [RegionID] = []
      if fact.isFounding {
        granted = fact.added + [fact.region]
      } else if !fact.added.isEmpty {
        if rights.mayWiden(fact.region, above: fact.parents) {
          granted = fact.added
        } else {
          void.append(hash)
        }
      }
      rights.append(fact, granted)
      if union.count <= ReplicationBounds.audience { union.formUnion(granted) }
    }
    regions = Self.bounded(union)
  }

  /// Everyone, as what stands for more regions than the bound.
  package static let everyone: [RegionID] = [.everyone]

  /// The audience that these regions make: sorted, or everyone where they are too many.
  package static func bounded(_ regions: Set<RegionID>) -> [RegionID] {
    regions.count > ReplicationBounds.audience ? everyone : regions.sorted()
  }

  /// What counts as not named; nothing before the founding event is here.
  private static func absent(_ facts: [AudienceFact]) -> Set<Hash> {
    let lost = Set(facts.lazy.flatMap(\.lost))
    guard !lost.isEmpty, facts.contains(where: \.isFounding) else { return [] }
    return AbsentParents.among(lost, of: facts.lazy.map { ($0.hash, $0.parents) })
  }

  private mutating func order(_ facts: [AudienceFact], _ index: [Hash: Int]) {
    var children: [Int: [Int]] = [:]
    var unmet = [Int](repeating: 0, count: facts.count)
    let absent = Self.absent(facts)
    var unknown: Set<Hash> = []
    var named: Set<Hash> = []
    for (place, fact) in facts.enumerated() {
      for parent in fact.parents {
        named.insert(parent)
        guard !absent.contains(parent) else { continue }
        unmet[place] += 1
        if let above = index[parent] {
          children[above, default: []].append(place)
        } else {
          unknown.insert(parent)
        }
      }
    }
    // The founding event first: the right to widen begins with it.
    let founding = facts.indices.filter { facts[$0].isFounding }
    var ready = founding + facts.indices.filter { unmet[$0] == 0 && !facts[$0].isFounding }
    var next = 0
    while next < ready.count {
      let place = ready[next]
      next += 1
      closed.append(facts[place].hash)
      for child in children[place] ?? [] {
        unmet[child] -= 1
        if unmet[child] == 0 { ready.append(child) }
      }
    }
    waiting = facts.indices.filter { unmet[$0] > 0 }.map { facts[$0].hash }
    missing = unknown.sorted()
    heads = facts.map(\.hash).filter { !named.contains($0) }
  }
}
