import Ledger
import Regions
import Replication
import Testing

/// An entity's audience, against the design's words taken literally.
@Suite struct AudienceTests {
  /// The rule by brute force: ancestors by closure, rights by walking every tree upwards.
  private static func naive(
    _ facts: [AudienceFact], _ trees: [[RegionID: RegionID]]
  ) -> (regions: Set<RegionID>, void: Set<Hash>, waiting: Set<Hash>) {
    let byHash = Dictionary(facts.map { ($0.hash, $0) }, uniquingKeysWith: { first, _ in first })
    let founding = facts.first { $0.isFounding }
    let lost = founding == nil ? [] : Set(facts.flatMap(\.lost))
    var placed: Set<Hash> = []
    func ancestors(_ fact: AudienceFact) -> Set<Hash> {
      var all: Set<Hash> = []
      // Behind a lost parent the founding event is an ancestor even so.
      var open = fact.parents + (fact.isFounding ? [] : [founding?.hash].compactMap { $0 })
      while let hash = open.popLast() {
        guard placed.contains(hash), let parent = byHash[hash] else { continue }
        if all.insert(hash).inserted { open += parent.parents }
      }
      return all
    }
    func isAbove(_ upper: RegionID, _ lower: RegionID) -> Bool {
      if upper == lower { return true }
      return trees.contains { tree in
        var step = tree[lower]
        while let region = step {
          if region == upper { return true }
          step = tree[region]
        }
        return false
      }
    }
    var valid: [Hash: Set<RegionID>] = [:]
    var void: Set<Hash> = []
    var waiting: Set<Hash> = []
    // Facts come in order of writing, parents first.
    for fact in facts {
      guard fact.parents.allSatisfy({ placed.contains($0) || lost.contains($0) }) else {
        waiting.insert(fact.hash)
        continue
      }
      placed.insert(fact.hash)
    }
    for fact in facts where placed.contains(fact.hash) {
      let above = ancestors(fact)
      if fact.isFounding {
        valid[fact.hash] = Set(fact.added + [fact.region])
        continue
      }
      let formed = above.reduce(into: Set<RegionID>()) { $0.formUnion(valid[$1] ?? []) }
      if fact.added.isEmpty { continue }
      if formed.contains(where: { isAbove(fact.region, $0) }) {
        valid[fact.hash] = Set(fact.added)
      } else {
        void.insert(fact.hash)
      }
    }
    return (valid.values.reduce(into: []) { $0.formUnion($1) }, void, waiting)
  }

  /// Trees that were signed, and each as the parents of its regions.
  private static func trees(
    _ numbers: inout SeededNumbers
  ) throws -> (history: TreeHistory, parents: [[RegionID: RegionID]]) {
    var history = TreeHistory()
    var parents: [[RegionID: RegionID]] = []
    for version in 0...numbers.below(3) {
      let tree = try TestTree.random(&numbers)
      let signed = SignedTree(
        version: .init(
          incarnation: 1, sequence: UInt64(version + 1), event: Hash(of: [UInt8(version)])),
        tree: tree)
      _ = history.learn(signed)
      parents.append(
        Dictionary(
          uniqueKeysWithValues: tree.entries.compactMap { entry in
            entry.parent.map { (entry.id, $0) }
          }))
    }
    return (history, parents)
  }

  /// An entity's events in order of writing; some declare earlier ones lost.
  private static func facts(_ numbers: inout SeededNumbers) throws -> [AudienceFact] {
    let names = try ["h", "d1", "d2", "t1", "t2", "t3", "t4"].map { try #require(RegionID($0)) }
    var facts: [AudienceFact] = []
    for _ in 0..<(1 + numbers.below(12)) {
      let known = facts.map(\.hash)
      let above =
        known.isEmpty
        ? [] : Array(Set((0...numbers.below(2)).map { _ in known[numbers.below(known.count)] }))
      let added = (0..<numbers.below(3)).map { _ in names[numbers.below(names.count)] }
      facts.append(
        AudienceFact(
          hash: Hash(of: numbers.bytes(16)), isFounding: facts.isEmpty, parents: above.sorted(),
          added: Array(Set(added)).sorted(), region: names[numbers.below(names.count)],
          lost: numbers.below(3) == 0 ? known.filter { _ in numbers.below(3) == 0 } : []))
    }
    return facts
  }

  @Test func `random histories are judged as the rule says, in any order of arrival`() throws {
    var (widenings, behindLost) = (0, 0)
    for seed in UInt64(1)...600 {
      var numbers = SeededNumbers(seed: seed)
      let (history, parents) = try Self.trees(&numbers)
      let facts = try Self.facts(&numbers)
      widenings += facts.dropFirst().count { !$0.added.isEmpty }
      let held = facts.filter { _ in numbers.below(8) > 0 }
      let judged = Audience(judging: held.shuffled(using: &numbers), trees: history)
      let expected = Self.naive(held, parents)
      #expect(judged.regions == expected.regions.sorted(), "seed \(seed)")
      #expect(Set(judged.void) == expected.void, "seed \(seed)")
      #expect(Set(judged.waiting) == expected.waiting, "seed \(seed)")
      let there = Set(held.map(\.hash))
      behindLost += held.count { fact in
        !fact.added.isEmpty && judged.closed.contains(fact.hash)
          && !judged.void.contains(fact.hash) && !there.isSuperset(of: fact.parents)
      }
      #expect(judged.closed.count + judged.waiting.count == held.count, "seed \(seed)")
      let place = Dictionary(uniqueKeysWithValues: judged.closed.enumerated().map { ($1, $0) })
      for fact in held {
        guard let own = place[fact.hash] else { continue }
        #expect(
          fact.parents.allSatisfy { !there.contains($0) || (place[$0] ?? -1) < own },
          "seed \(seed)")
      }
    }
    #expect(widenings > 600 && behindLost > 20, "\(widenings) \(behindLost)")
  }

  @Test func `whatever comes in whatever order, an audience only grows`() throws {
    var returned = 0
    for seed in UInt64(1)...600 {
      var numbers = SeededNumbers(seed: seed)
      let (history, parents) = try Self.trees(&numbers)
      let facts = try Self.facts(&numbers)
      var held: [AudienceFact] = []
      var (regions, good): (Set<RegionID>, Set<Hash>) = ([], [])
      for fact in facts.shuffled(using: &numbers) {
        held.append(fact)
        let judged = Audience(judging: held, trees: history)
        let expected = Self.naive(facts.filter(held.contains), parents)
        #expect(judged.regions == expected.regions.sorted(), "seed \(seed)")
        #expect(Set(judged.waiting) == expected.waiting, "seed \(seed)")
        let now = Set(judged.closed).subtracting(judged.void)
        #expect(now.isSuperset(of: good), "seed \(seed)")
        #expect(Set(judged.regions).isSuperset(of: regions), "seed \(seed)")
        (regions, good) = (Set(judged.regions), now)
        let waiting = Set(judged.waiting)
        returned += held.count {
          judged.closed.contains($0.hash) && !waiting.isDisjoint(with: $0.parents)
        }
      }
    }
    #expect(returned > 50, "\(returned) events stood before a parent that turned up and waited")
  }

  private static func region(_ number: Int) throws -> RegionID {
    try #require(RegionID("r\(number)"))
  }

  private static func fact(_ number: Int, parents: [Hash], adds count: Int) throws -> AudienceFact {
    let start = number * LedgerBounds.audienceAdded
    return AudienceFact(
      hash: Hash(of: Array("\(number)".utf8)), isFounding: parents.isEmpty, parents: parents,
      added: try (start..<start + count).map { try region($0) }.sorted(), region: try region(0))
  }

  @Test func `more regions than the bound are everyone, in a line and side by side`() throws {
    var numbers = SeededNumbers(seed: 8)
    let founding = try Self.fact(0, parents: [], adds: 1_000)
    for isLine in [true, false] {
      var facts = [founding]
      for number in 1...8 {
        let parent = isLine ? facts[number - 1].hash : founding.hash
        facts.append(try Self.fact(number, parents: [parent], adds: 1_024))
      }
      // Up to the bound all are named.
      let few = Audience(judging: Array(facts.prefix(4)), trees: TreeHistory())
      #expect(few.regions.count == 1_000 + 3 * 1_024)
      for _ in 0..<5 {
        let judged = Audience(judging: facts.shuffled(using: &numbers), trees: TreeHistory())
        #expect(judged.regions == [.everyone])
        #expect(judged.void.isEmpty)
      }
    }
  }

  @Test func `thousands of widenings by a guest are judged at once`() throws {
    let founding = try Self.fact(0, parents: [], adds: 1)
    let guest = try Self.region(9_000_000)
    let letIn = AudienceFact(
      hash: Hash(of: [1]), isFounding: false, parents: [founding.hash], added: [guest],
      region: founding.region)
    var facts = [founding, letIn]
    for number in 1...20_000 {
      let parent = number.isMultiple(of: 2) ? letIn.hash : facts[facts.count - 1].hash
      facts.append(
        AudienceFact(
          hash: Hash(of: Array("w\(number)".utf8)), isFounding: false, parents: [parent],
          added: [guest], region: guest))
    }
    let clock = ContinuousClock()
    var judged: Audience?
    let time = clock.measure { judged = Audience(judging: facts, trees: TreeHistory()) }
    #expect(judged?.void == [])
    #expect(judged?.regions == [founding.region, guest].sorted())
    #expect(time < .seconds(5))
  }
}

/// Trees for tests.
enum TestTree {
  /// H over D1 and D2, each township under either.
  static func random(_ numbers: inout SeededNumbers) throws -> LinkTree {
    let districts = try ["d1", "d2"].map { try #require(RegionID($0)) }
    let hub = try #require(RegionID("h"))
    var entries = [LinkTree.Entry(id: hub, tier: .city, parent: nil)]
    for district in districts {
      entries.append(LinkTree.Entry(id: district, tier: .district, parent: hub))
    }
    for name in ["t1", "t2", "t3", "t4"] {
      let parent = numbers.below(8) == 0 ? hub : districts[numbers.below(2)]
      entries.append(
        LinkTree.Entry(id: try #require(RegionID(name)), tier: .township, parent: parent))
    }
    return try LinkTree(entries: entries)
  }
}
