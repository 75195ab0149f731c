import Ledger
import Regions
import Testing

@testable import Casework

/// Parents that were declared lost and turn up while they wait themselves.
struct ReturningParentTests {
  let city: Office
  let district: Office
  let township: Office

  init() throws {
    city = try Office("city", .city)
    district = try Office("haizhou-qu", .district)
    township = try Office("xinpu-jie", .township)
  }

  /// A dispatch upon a report and a lost inspection, which rests on a progress that is missing too.
  private func gap() throws -> (
    lead: SampleCase, root: FoldInput, grandparent: FoldInput, parent: FoldInput, child: FoldInput
  ) {
    var lead = SampleCase()
    let root = try lead.report(by: township)
    let grandparent = try lead.act(.progress("x"), by: township, at: 2, on: [root])
    let parent = try lead.act(.inspect(finding: "属实"), by: township, at: 3, on: [grandparent])
    let child = try lead.act(
      .dispatch(to: [township.region]), by: district, at: 4, on: [root, parent])
    try lead.act(.declareLost([parent.event.hash]), by: city, at: 5, on: [root])
    return (lead, root, grandparent, parent, child)
  }

  @Test func `what folded without a lost parent does not wait when that one turns up and waits`()
    throws
  {
    let (lead, _, grandparent, parent, child) = try gap()
    let folder = lead.folder
    let before = folder.fold(lead.inputs.filter { $0 != parent && $0 != grandparent })
    #expect(before.waiting.isEmpty && before.state?.stage?.stage == "sign")
    let between = folder.fold(lead.inputs.filter { $0 != grandparent })
    #expect(between.outcomes[child.event.hash] == .effective)
    #expect(between.state?.encoded == before.state?.encoded && between.heads == before.heads)
    let need = Need.event(grandparent.event.hash)
    #expect(between.waiting == [Waiting(event: parent.event.hash, needs: [need])])
    #expect(between.missing == [need])
    let whole = lead.fold()
    #expect(whole.outcomes.values.allSatisfy { $0 == .effective } && whole.waiting.isEmpty)
    #expect(whole.state?.facts.count == 2)
  }

  @Test func `a parent that turned up counts as soon as what it waits for is declared lost too`()
    throws
  {
    var (lead, root, grandparent, parent, child) = try gap()
    try lead.act(.declareLost([grandparent.event.hash]), by: city, at: 6, on: [root])
    let result = lead.folder.fold(lead.inputs.filter { $0 != grandparent })
    #expect(result.waiting.isEmpty)
    #expect(result.outcomes[parent.event.hash] == .ineffective(.notAllowed))
    #expect(result.outcomes[child.event.hash] == .effective)
    #expect(result.heads.contains(child.event.hash) && !result.heads.contains(parent.event.hash))
  }

  /// The events that can be placed, worked out by recursion: each parent can be, or is declared.
  private func placed(_ inputs: [FoldInput]) -> Set<Hash> {
    guard inputs.contains(where: { $0.event.isFounding }) else { return [] }
    let declarations = inputs.filter {
      $0.event.kind == "parent.lost" && $0.tier == .city && !$0.isOriginClosed
    }
    let declared = Set(
      declarations.flatMap { input -> [Hash] in
        let body = try? CanonicalValue(decoding: input.event.body)
        return body?["lost"]?.array?.compactMap { $0.bytes.flatMap { Hash($0) } } ?? []
      })
    let byHash = Dictionary(inputs.map { ($0.event.hash, $0) }, uniquingKeysWith: { a, _ in a })
    var known: [Hash: Bool] = [:]
    func isPlaced(_ hash: Hash) -> Bool {
      if let answer = known[hash] { return answer }
      let parents = byHash[hash]?.event.parents
      let answer = parents?.allSatisfy { declared.contains($0) || isPlaced($0) } ?? false
      known[hash] = answer
      return answer
    }
    return Set(byHash.keys.filter(isPlaced))
  }

  @Test func `whatever comes in whatever order, nothing that was folded waits again`() throws {
    var returned = 0
    for seed in FoldPropertyTests.seeds {
      var numbers = SeededNumbers(seed: seed &* 131 &+ 3)
      var lead = try FoldPropertyTests.history(seed: seed)
      let root = lead.inputs[0]
      for input in lead.inputs.dropFirst() where Int.random(in: 0..<3, using: &numbers) == 0 {
        try lead.act(
          .declareLost([input.event.hash]), by: city, at: 200, on: [root],
          isOriginClosed: Int.random(in: 0..<8, using: &numbers) == 0)
      }
      let order = lead.inputs.shuffled(using: &numbers)
      var folded: Set<Hash> = []
      for count in order.indices {
        let held = Array(order[...count])
        let result = lead.folder.fold(held)
        let now = Set(result.outcomes.keys)
        #expect(now.isSuperset(of: folded) && now == placed(held), "seed \(seed)")
        folded = now
        let waiting = Set(result.waiting.map(\.event))
        returned += held.count {
          now.contains($0.event.hash) && !waiting.isDisjoint(with: $0.event.parents)
        }
        // One by one as a store does; of some prefixes, for each costs as many folds as events.
        guard count.isMultiple(of: 8) || count == order.count - 1 else { continue }
        let stepped = LostParentTests.step(held.shuffled(using: &numbers), lead.folder)
        #expect(stepped.state?.encoded == result.state?.encoded, "seed \(seed)")
        #expect(stepped.heads == result.heads, "seed \(seed)")
      }
    }
    #expect(returned > 300, "\(returned) events stood before a parent that turned up and waited")
  }
}
