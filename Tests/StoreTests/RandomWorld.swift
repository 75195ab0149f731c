import Casework
import Ledger
import Regions
import Replication
import Store

/// One seed is one world: a random safety phase of writes, cuts, restarts, restores, moves and
/// attacks, then a heal that must end quiet and converged.
struct RandomWorld {
  struct Counts {
    var writes = 0
    var widenings = 0
    var restores = 0
    var moves = 0
    var attacks = 0
    var restarts = 0
    var frames = 0
  }

  private enum Action: CaseIterable {
    case step, write, dial, cut, partition, restart, backup, restore, silentRestore, move, attack
  }

  let city: HandTurnedCity
  private(set) var counts = Counts()
  private var numbers: SeededNumbers
  private var entities: [EntityID] = []
  private var copies: [RegionID: StoreCopy] = [:]
  private var weights: [(Action, UInt64)] = []
  private let hostile: RegionID?
  private let scratch: ScratchFolder
  private let stepCount: Int
  private static let townships: [RegionID] = [.t1, .t2, .t3, .t4]

  init(seed: UInt64) throws {
    numbers = SeededNumbers(seed: seed ^ 0x5EED)
    city = try HandTurnedCity(seed: seed, .twoDistricts())
    scratch = try ScratchFolder()
    stepCount = [100, 200, 500][Int(seed % 3)]
    hostile = numbers.percent(60) ? numbers.pick(Self.townships) : nil
    weights = [
      (.step, 400), (.write, numbers.pick([25, 60])), (.dial, 25), (.cut, numbers.pick([0, 6])),
      (.partition, numbers.pick([0, 3])), (.restart, numbers.pick([0, 4])),
      (.backup, numbers.pick([0, 6, 12])), (.restore, numbers.pick([0, 6])),
      (.silentRestore, numbers.pick([0, 0, 6])), (.move, numbers.pick([0, 4])),
      (.attack, hostile == nil ? 0 : 6),
    ]
  }

  /// Runs both phases and all checks.
  mutating func run() throws {
    try city.settle()
    for step in 0..<stepCount {
      try act()
      if step % 100 == 99 { try city.checkCursors() }
    }
    try city.checkScopes()
    city.partitions = []
    for region in city.regions { city.cutLinks(of: region) }
    for region in city.regions {
      while !city[region].writes.isEmpty { try city.commit(city[region], 64) }
    }
    let alive = try city.alive
    try heal()
    try city.checkCursors()
    try city.checkScopes()
    try city.checkConverged(alive: alive)
    try city.checkStores()
    counts.frames = city.delivered
  }

  private mutating func heal() throws {
    // Marks of the rest: what is held, which cursors and incarnations stand.
    for _ in 0..<40 {
      let before = try rest()
      try city.settle()
      city.now += 1_000
      if try rest() == before { return }
    }
    throw HandTurnedCity.Fault(description: "not quiet after a heal")
  }

  private func rest() throws -> [String] {
    try city.regions.map { region in
      let node = city[region]
      return try node.store.read { reader in
        let identity = try reader.identity()
        let heads = try city.regions.map { try reader.outboxHeads(of: $0) }
        return "\(identity) \(heads) \(node.sessions.keys.sorted())"
      }
    }
  }

  private mutating func act() throws {
    let total = weights.reduce(0) { $0 + $1.1 }
    var draw = numbers.next() % total
    let action = weights.first { _, weight in
      if draw < weight { return true }
      draw -= weight
      return false
    }?.0
    let region = numbers.pick(city.regions)
    city.now += numbers.next() % 50
    switch action {
    case .step, nil:
      let steps = city.steps
      if !steps.isEmpty { try city.take(limited(numbers.pick(steps))) }
    case .write: try write(at: region)
    case .dial: try city.dial(region)
    case .cut, .partition: try cut(region, stays: action == .partition)
    case .restart:
      try city.restart(region)
      counts.restarts += 1
    case .backup: copies[region] = try city.backup(region, in: scratch)
    case .restore, .silentRestore:
      guard let copy = copies[region], region != hostile else { return }
      try city.restore(region, from: copy, unnoticed: action == .silentRestore, in: scratch)
      counts.restores += 1
    case .move: try move()
    case .attack: try attack()
    }
  }

  /// A writer sometimes commits one effect, sometimes all that wait.
  private mutating func limited(_ step: HandTurnedCity.Step) -> HandTurnedCity.Step {
    guard case .commit(let region, _) = step else { return step }
    return .commit(region, numbers.pick([1, 2, 64]))
  }

  private mutating func cut(_ region: RegionID, stays: Bool) throws {
    guard let parent = try city.parent(of: city[region]) else { return }
    city.cutLinks(between: region, and: parent)
    guard stays else { return }
    if city.partitions.remove([region, parent]) == nil {
      city.partitions.insert([region, parent])
    }
  }

  private mutating func move() throws {
    guard let tree = try city[.h].newestTree else { return }
    let township = numbers.pick(Self.townships)
    try city.move(township, under: tree.parent(of: township) == .d1 ? .d2 : .d1)
    counts.moves += 1
  }

  private mutating func write(at region: RegionID) throws {
    let tree = try city[region].newestTree
    var drafts: [EventDraft] = []
    var founded: [Int] = []
    var used: Set<EntityID> = []
    for _ in 0..<numbers.pick([1, 1, 2, 3]) {
      var audience: [RegionID] = []
      if numbers.percent(30) {
        audience = (0..<numbers.pick([1, 2])).map { _ in numbers.pick(city.regions) }
        counts.widenings += 1
      }
      if !entities.isEmpty, numbers.percent(70) {
        let entity = numbers.pick(entities)
        guard !used.contains(entity), let held = try city[region].entity(entity),
          !held.heads.isEmpty,
          held.audience.contains(where: { tree?.isAtOrAbove(region, $0) ?? ($0 == region) })
        else { continue }
        used.insert(entity)
        drafts.append(try city.draft(randomAct(), on: entity, at: region, audience: audience))
      } else {
        founded.append(drafts.count)
        drafts.append(try city.leadDraft(audience: audience))
      }
    }
    guard !drafts.isEmpty else { return }
    let commit = try city.author(region, lane: numbers.pick([.urgent, .bulk, .bulk]), drafts)
    counts.writes += drafts.count
    for place in founded { entities.append(try city.entity(of: commit, at: place)) }
  }

  private mutating func randomAct() -> Act {
    switch numbers.next() % 5 {
    case 0: .progress("note \(numbers.next() % 100)")
    case 1: .describe("title", .text("title \(numbers.next() % 100)"))
    case 2: .dispatch(to: [numbers.pick(city.regions)])
    case 3: .close(result: "done")
    default: .inspect(finding: "seen")
    }
  }

  /// A hostile node names itself in the audience of an entity that it was never to see.
  private mutating func attack() throws {
    guard let hostile else { return }
    let audiences = city.oracle.audiences()
    let others = entities.filter {
      !CityOracle.isInScope(hostile, audiences[$0] ?? [], city.oracle.trees)
    }
    guard !others.isEmpty else { return }
    let entity = numbers.pick(others)
    let known = city.oracle.facts.filter { $0.entity == entity }.map(\.hash)
    let parents = numbers.pick([
      Array(known.suffix(2)), Array(known.suffix(1)), Array(known.prefix(1)),
    ])
    let draft = Act.progress("mine").draft(
      entity: entity, heads: parents, salt: numbers.bytes(16), audience: [hostile])
    try city.author(hostile, lane: numbers.pick([.urgent, .bulk]), isHostile: true, [draft])
    counts.attacks += 1
  }
}
