import Ledger
import Regions
import Replication

/// What is known of a city apart from all of its stores: every event that was ever signed, who was
/// told of it, every tree. Kept by the simulation itself, from what it saw being written and
/// delivered; nothing here is read from a store.
struct Books {
  /// One event as its author signed it.
  struct Fact {
    let hash: Hash
    let entity: EntityID
    let kind: String
    let isFounding: Bool
    let parents: [Hash]
    let added: [RegionID]
    let body: [UInt8]
    let bytes: [UInt8]
    let stamp: Stamp
    let commit: Hash
    /// Whether a hostile peer or a thief wrote it.
    let isHostile: Bool
  }

  private(set) var facts: [Fact] = []
  private(set) var index: [Hash: Int] = [:]
  /// By entity, in the order of writing.
  private(set) var entities: [EntityID: [Int]] = [:]
  /// The commits that were acknowledged to honest people, and those of hostile peers that verify.
  private(set) var commits: [Hash: Bool] = [:]
  /// What must never verify: event hashes of forged and altered commits.
  private(set) var forged: Set<Hash> = []
  /// In order of publication, with the events that carry them.
  private(set) var trees: [(event: Hash, tree: LinkTree)] = []
  /// What each office holds, as far as it was told so by its own disk.
  var held: [Set<Int>]
  /// In which order each office was told so: by fact, a number that grows.
  private(set) var arrivals: [[Int: Int]]
  private var lastArrival = 0
  /// By office and fact, the true time at which its disk had it first; 0 for never.
  private var firstHeld: [[UInt64]]
  /// What the hub published, in the order of writing.
  private(set) var published: [Published] = []
  /// The clock events that an office held when it wrote a warning, by that event.
  private(set) var clockEvents: [Hash: [Fact]] = [:]
  /// By origin and sequence, the honest commits of that place: more than one only after a restore
  /// that the office could not notice.
  private(set) var places: [Place: Set<Hash>] = [:]
  /// The offices that were put back unnoticed.
  var unnoticed: Set<RegionID> = []
  /// The origins that the hub closed, each by an event, with the good commits.
  private(set) var closures: [(event: Int, origin: Origin, good: Set<Hash>)] = []

  /// One publication of the hub.
  struct Published {
    enum Content {
      /// The third rules file or the one on trial, from a time on, in milliseconds since 1970 UTC.
      case process(Hash, from: Int64)
      /// The days off of a year.
      case holidays([CalendarDay])
      /// A duty list whose one row names the unit of a tier, from a time on.
      case duties(Hash, unit: Tier, from: Int64)
    }

    let event: Int
    let content: Content
  }

  struct Place: Hashable {
    let origin: Origin
    let sequence: UInt64
  }

  init(offices: Int) {
    held = Array(repeating: [], count: offices)
    arrivals = Array(repeating: [:], count: offices)
    firstHeld = Array(repeating: [], count: offices)
  }

  /// Notes a commit that verifies.
  mutating func note(_ commit: Commit, isHostile: Bool) {
    commits[commit.hash] = isHostile
    if !isHostile {
      places[
        Place(origin: commit.stamp.origin, sequence: commit.stamp.sequence), default: []
      ].insert(commit.hash)
    }
    for (_, event) in commit.events where index[event.hash] == nil {
      index[event.hash] = facts.count
      entities[event.entity, default: []].append(facts.count)
      facts.append(
        Fact(
          hash: event.hash, entity: event.entity, kind: event.kind, isFounding: event.isFounding,
          parents: event.parents, added: event.audience, body: event.body, bytes: event.bytes,
          stamp: commit.stamp, commit: commit.hash, isHostile: isHostile))
    }
  }

  mutating func note(_ tree: LinkTree, in commit: Commit) {
    for (_, event) in commit.events where event.kind == SignedTree.kind {
      trees.append((event.hash, tree))
    }
  }

  /// Notes a commit that must verify nowhere.
  mutating func noteForged(_ commit: Commit) {
    // An event's hash covers its stamp and bytes: what was changed elsewhere leaves it an honest one.
    forged.formUnion(commit.events.map(\.event.hash).filter { index[$0] == nil })
  }

  /// Notes that an office's disk has what verifies of these commits.
  ///
  /// - Parameter now: the true time.
  mutating func told(_ office: Int, _ commits: [Commit], at now: UInt64) {
    for commit in commits {
      for (_, event) in commit.events {
        guard let fact = index[event.hash], held[office].insert(fact).inserted else { continue }
        lastArrival += 1
        arrivals[office][fact] = lastArrival
        let missing = fact + 1 - firstHeld[office].count
        if missing > 0 {
          firstHeld[office].append(contentsOf: repeatElement(0, count: missing + Self.headroom))
        }
        if firstHeld[office][fact] == 0 { firstHeld[office][fact] = now }
      }
    }
  }

  /// By so many entries more a list grows than it must.
  private static let headroom = 1_024

  /// The true time at which an office had an event first; `nil` where it never did.
  func heldSince(_ fact: Int, at office: Int) -> UInt64? {
    guard fact < firstHeld[office].count, firstHeld[office][fact] > 0 else { return nil }
    return firstHeld[office][fact]
  }

  func fact(_ hash: Hash) -> Fact? { index[hash].map { facts[$0] } }

  /// Notes that the hub closed an origin.
  mutating func noteClosure(_ commit: Commit, of origin: Origin, good: Set<Hash>) {
    guard let event = commit.events.first.flatMap({ index[$0.event.hash] }) else { return }
    closures.append((event, origin, good))
  }

  /// The events of an entity that an office holds, but for those of closed origins, as it knows them.
  func heldFacts(of entity: EntityID, at office: Int) -> [Fact] {
    let closures = closures(at: office)
    return (entities[entity] ?? []).filter { held[office].contains($0) }.map { facts[$0] }
      .filter { fact in
        !closures.contains { $0.origin == fact.stamp.origin && !$0.good.contains(fact.commit) }
      }
  }

  /// What of a kind the hub published and an office holds.
  func published(at office: Int) -> [Published] {
    published.filter { held[office].contains($0.event) }
  }

  mutating func notePublished(_ what: Published.Content, in commit: Commit) {
    guard let event = commit.events.first.flatMap({ index[$0.event.hash] }) else { return }
    published.append(Published(event: event, content: what))
  }

  /// Whether anybody ever put the entity under other rules.
  func wasMoved(_ entity: EntityID) -> Bool {
    entities[entity]?.contains { facts[$0].kind == "rules.moved" } ?? false
  }

  mutating func noteClockEvents(_ events: [Fact], ofWarning warning: Hash) {
    clockEvents[warning] = events
  }

  /// The closures that an office holds.
  func closures(at office: Int) -> [(event: Int, origin: Origin, good: Set<Hash>)] {
    closures.filter { held[office].contains($0.event) }
  }
}

extension Books.Fact {
  /// The parents that the city declares lost by this event; for routing a closure changes nothing.
  var declaredLost: [Hash] {
    guard kind == "parent.lost", stamp.tier == .city else { return [] }
    let named = (try? CanonicalValue(decoding: body))?["lost"]?.array ?? []
    return named.compactMap { $0.bytes.flatMap { Hash($0) } }
  }
}

/// Audiences and scope, worked out by brute force from the design's sentence.
struct AudienceReference {
  /// By region, all regions at or above it by any of the trees.
  private var above: [RegionID: Set<RegionID>] = [:]

  init(_ trees: [LinkTree]) {
    for tree in trees {
      var parents: [RegionID: RegionID] = [:]
      for entry in tree.entries { parents[entry.id] = entry.parent }
      for entry in tree.entries {
        var path: Set<RegionID> = [entry.id]
        var step = entry.id
        while let parent = parents[step], path.insert(parent).inserted { step = parent }
        above[entry.id, default: []].formUnion(path)
      }
    }
  }

  func isAtOrAbove(_ region: RegionID, _ named: RegionID) -> Bool {
    region == named || above[named]?.contains(region) ?? false
  }

  func isInScope(_ region: RegionID, _ audience: Set<RegionID>) -> Bool {
    audience.contains { $0 == .everyone || isAtOrAbove(region, $0) }
  }

  /// The audience that the events of one entity form.
  ///
  /// - Parameter facts: parents before children.
  func audience(of facts: [Books.Fact]) -> Set<RegionID> {
    var formed: [Hash: Set<RegionID>] = [:]
    var audience: Set<RegionID> = []
    let founding = facts.first(where: \.isFounding)
    // The founding event is an ancestor of every other one.
    let founded = founding.map { Set($0.added).union([$0.stamp.origin.region]) } ?? []
    let declared = founding == nil ? [] : Set(facts.flatMap(\.declaredLost))
    let placed = facts.reduce(into: Set<Hash>()) { placed, fact in
      if fact.parents.allSatisfy({ placed.contains($0) || declared.contains($0) }) {
        placed.insert(fact.hash)
      }
    }
    // What turned up counts as lost until its own ancestors are here.
    let lost = declared.subtracting(placed)
    for fact in facts {
      guard fact.parents.allSatisfy({ formed[$0] != nil || lost.contains($0) }) else { continue }
      let before = fact.parents.reduce(into: founded) { $0.formUnion(formed[$1] ?? []) }
      let region = fact.stamp.origin.region
      var valid: Set<RegionID> = []
      if fact.isFounding {
        valid = Set(fact.added).union([region])
      } else if before.contains(where: { isAtOrAbove(region, $0) }) {
        valid = Set(fact.added)
      }
      formed[fact.hash] = before.union(valid)
      audience.formUnion(valid)
    }
    return audience
  }
}
