import Ledger
import Regions
import Replication
import Testing

/// Routing by audience, and the history of trees.
@Suite struct RouterTests {
  @Test
  func `an entity goes up always, and down to just those children that have a named region below`()
    throws
  {
    for seed in UInt64(1)...60 {
      var numbers = SeededNumbers(seed: seed)
      let tree = try TestTree.random(&numbers)
      let all = tree.entries.map(\.id)
      for region in all {
        let router = Router(region: region, tree: tree)
        let audience = (0..<numbers.below(4)).map { _ in all[numbers.below(all.count)] }
        var expected = Set(
          all.filter { peer in
            tree.parent(of: peer) == region
              && audience.contains { tree.subtree(of: peer).contains($0) }
          })
        if let parent = tree.parent(of: region) { expected.insert(parent) }
        #expect(router.concerned(by: audience) == expected.sorted(), "seed \(seed) at \(region)")
        #expect(
          Set(router.concerned(by: [.everyone])) == Set(router.neighbours),
          "seed \(seed) at \(region)")
      }
    }
  }

  @Test
  func
    `a node that the tree does not name has no neighbours, and an unknown region concerns nobody`()
    throws
  {
    var numbers = SeededNumbers(seed: 1)
    let tree = try TestTree.random(&numbers)
    let stranger = try #require(RegionID("t9"))
    #expect(Router(region: stranger, tree: tree).neighbours.isEmpty)
    #expect(Router(region: stranger, tree: tree).concerned(by: [.everyone]).isEmpty)
    #expect(Router(region: tree.hub, tree: tree).concerned(by: [stranger]).isEmpty)
  }

  @Test func `a copy is frozen from the tree by which its node left the scope, until it is back`()
    throws
  {
    var (left, stayed, strange) = (0, 0, 0)
    for seed in UInt64(1)...150 {
      var numbers = SeededNumbers(seed: seed)
      let trees = try (1...6).map { sequence in
        SignedTree(
          version: .init(
            incarnation: 1, sequence: sequence, event: Hash(of: numbers.bytes(4))),
          tree: try TestTree.random(&numbers))
      }
      var history = TreeHistory()
      for tree in trees.shuffled(using: &numbers) { _ = history.learn(tree) }
      let all = Set(trees.flatMap { $0.tree.entries.map(\.id) }).sorted()
      for region in all.prefix(4) {
        let audience = (0...numbers.below(2)).map { _ in all[numbers.below(all.count)] }
        let inScope = trees.map { signed in
          audience.contains { $0 == region || signed.tree.subtree(of: region).contains($0) }
        }
        let departure = history.departure(of: region, from: audience)
        switch inScope.lastIndex(of: true) {
        case nil:
          strange += 1
          #expect(departure == nil, "seed \(seed) at \(region)")
        case 5:
          stayed += 1
          #expect(departure == nil, "seed \(seed) at \(region)")
        case let last?:
          left += 1
          #expect(departure == trees[last + 1], "seed \(seed) at \(region)")
        }
        #expect(history.departure(of: region, from: [.everyone]) == nil)
      }
    }
    #expect(left > 20 && stayed > 20 && strange > 20, "\(left), \(stayed), \(strange)")
  }

  @Test func `the tree of the highest version rules, whatever the order in which trees come`()
    throws
  {
    for seed in UInt64(1)...40 {
      var numbers = SeededNumbers(seed: seed)
      var trees: [SignedTree] = []
      for incarnation in UInt32(1)...3 {
        for sequence in UInt64(1)...3 {
          trees.append(
            SignedTree(
              version: .init(
                incarnation: incarnation, sequence: sequence, event: Hash(of: numbers.bytes(4))),
              tree: try TestTree.random(&numbers)))
        }
      }
      let newest = try #require(trees.last)
      var history = TreeHistory()
      for tree in trees.shuffled(using: &numbers) {
        let isNew = history.learn(tree)
        let isNewAgain = history.learn(tree)
        #expect(isNew && !isNewAgain)
      }
      #expect(history.trees == trees)
      #expect(history.newest == newest.tree)
    }
  }

  @Test func `only a city's event of the right form carries a tree, and only its own hub's`() throws
  {
    var numbers = SeededNumbers(seed: 4)
    let tree = try TestTree.random(&numbers)
    func carried(
      by region: RegionID, tier: Tier = .city, kind: String = SignedTree.kind,
      body: CanonicalValue
    ) throws -> SignedTree? {
      let key = try #require(KeyName([UInt8](repeating: 1, count: 16)))
      let stamp = Stamp(
        origin: Origin(region: region, incarnation: 1), sequence: 5,
        time: HybridTime(milliseconds: 9),
        actor: "system", role: "system", tier: tier, key: key, lane: .bulk)
      let draft = EventDraft(
        entity: nil, kind: kind, parents: [], audience: [.everyone], salt: numbers.bytes(16),
        body: body.encoded)
      let event = try Event(
        bytes: draft.encoded, stampHash: Stamp.hash(of: stamp.encoded), milliseconds: 9)
      return SignedTree(event, of: stamp)
    }
    let body = CanonicalValue.map(["regions": tree.canonical])
    let good = try #require(try carried(by: tree.hub, body: body))
    #expect(good.tree == tree)
    #expect(good.version.sequence == 5)
    let district = try #require(RegionID("d1"))
    #expect(try carried(by: district, body: body) == nil)
    #expect(try carried(by: tree.hub, tier: .district, body: body) == nil)
    #expect(try carried(by: tree.hub, kind: "tree.drawn", body: body) == nil)
    #expect(try carried(by: tree.hub, body: .map(["regions": .array([])])) == nil)
    #expect(try carried(by: tree.hub, body: tree.canonical) == nil)
    let rows = try #require(tree.canonical.array)
    for (place, value) in [
      (0, CanonicalValue.text("*")), (1, .integer(7)), (2, .integer(1)), (2, .text("nowhere")),
      (3, .integer(1)),
    ] {
      var altered = rows
      var fields = try #require(rows[rows.count - 1].array)
      fields[place] = value
      altered[rows.count - 1] = .array(fields)
      #expect(try carried(by: tree.hub, body: .map(["regions": .array(altered)])) == nil)
    }
  }
}
