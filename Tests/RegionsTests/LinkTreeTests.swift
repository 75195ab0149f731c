import Regions
import Testing

@Suite struct LinkTreeTests {
  private static func id(_ text: String) throws -> RegionID { try #require(RegionID(text)) }

  private static func entry(
    _ id: String, _ tier: Tier, _ parent: String? = nil, address: String? = nil
  ) throws -> LinkTree.Entry {
    .init(
      id: try Self.id(id), tier: tier, parent: try parent.map { try Self.id($0) },
      address: address)
  }

  /// A random valid tree: a hub, districts under it, townships under either.
  private static func randomEntries(seed: UInt64) throws -> [LinkTree.Entry] {
    var random = SeededGenerator(seed: seed)
    var entries = [try entry("hub", .city, address: "hub.example:7420")]
    let districts = (0..<Int.random(in: 0...6, using: &random)).map { "d\($0)" }
    for name in districts { entries.append(try entry(name, .district, "hub")) }
    for number in 0..<Int.random(in: 0...25, using: &random) {
      let parent = (districts + ["hub"]).randomElement(using: &random)
      entries.append(try entry("t\(number)", .township, parent))
    }
    return entries.shuffled(using: &random)
  }

  /// The ancestors of a region, itself first, by repeated search of the plain list.
  private static func ancestors(_ region: RegionID, in entries: [LinkTree.Entry]) -> [RegionID] {
    guard let entry = entries.first(where: { $0.id == region }) else { return [] }
    return [region] + (entry.parent.map { ancestors($0, in: entries) } ?? [])
  }

  @Test(arguments: UInt64(1)...60)
  func answersAgreeWithANaiveSearch(seed: UInt64) throws {
    let entries = try Self.randomEntries(seed: seed)
    let tree = try LinkTree(entries: entries)
    let stranger = try Self.id("stranger")
    let asked = entries.map(\.id) + [stranger, .everyone]
    let above = Dictionary(
      uniqueKeysWithValues: asked.map { ($0, Self.ancestors($0, in: entries)) })
    for one in asked {
      let entry = entries.first { $0.id == one }
      #expect(tree.contains(one) == (entry != nil))
      #expect(tree.tier(of: one) == entry?.tier)
      #expect(tree.parent(of: one) == entry?.parent)
      #expect(tree.address(of: one) == entry?.address)
      #expect(tree.path(from: one) == above[one])
      #expect(tree.children(of: one) == entries.filter { $0.parent == one }.map(\.id).sorted())
      let below = entries.map(\.id).filter { above[$0]?.contains(one) == true }
      #expect(tree.subtree(of: one) == below.sorted())
      for other in asked {
        let paths = (above[one] ?? [], above[other] ?? [])
        #expect(tree.isAtOrAbove(one, other) == paths.1.contains(one))
        #expect(tree.lowestCommonAncestor(one, other) == paths.0.first(where: paths.1.contains))
      }
    }
    #expect(tree.path(from: tree.hub) == [tree.hub])
  }

  @Test func orderOfEntriesDoesNotMatter() throws {
    let entries = try Self.randomEntries(seed: 7)
    let (one, other) = (try LinkTree(entries: entries), try LinkTree(entries: entries.reversed()))
    #expect(one == other)
    #expect(one.hashValue == other.hashValue)
    #expect(one.entries.map(\.id) == entries.map(\.id).sorted())
    #expect(try one != LinkTree(entries: entries + [Self.entry("new", .district, "hub")]))
  }

  private func refusal(_ entries: [LinkTree.Entry]) -> LinkTreeError? {
    do throws(LinkTreeError) {
      _ = try LinkTree(entries: entries)
      return nil
    } catch {
      return error
    }
  }

  @Test func eachFaultIsRefusedWithItsReasonAndPlace() throws {
    let hub = try Self.entry("hub", .city)
    let district = try Self.entry("d", .district, "hub")
    let cases: [([LinkTree.Entry], LinkTreeError.Code, String?)] = [
      ([], .noHub, nil),
      ([district, try Self.entry("hub", .city, "d")], .noHub, nil),
      ([hub, try Self.entry("hub2", .city)], .severalHubs, "hub2"),
      ([try Self.entry("top", .district)], .hubNotCity, "top"),
      ([hub, district, try Self.entry("d", .township, "hub")], .duplicateRegion, "d"),
      ([hub, try Self.entry("t", .township, "nowhere")], .unknownParent, "t"),
      ([hub, district, try Self.entry("e", .district, "d")], .tierOutOfOrder, "e"),
      ([hub, try Self.entry("c", .city, "hub")], .tierOutOfOrder, "c"),
      ([hub, try Self.entry("a", .township, "a")], .cycle, "a"),
      (
        [hub, try Self.entry("a", .district, "b"), try Self.entry("b", .township, "a")], .cycle,
        "a"
      ),
      (
        [hub, .init(id: try Self.id("a"), tier: .township, parent: .everyone)], .unknownParent, "a"
      ),
    ]
    for (entries, code, region) in cases {
      let error = try #require(refusal(entries), "\(code.rawValue) was accepted")
      #expect(error.code == code)
      #expect(error.region?.rawValue == region)
      #expect(!error.message.isEmpty)
    }
    #expect(refusal([hub, district]) == nil)
    #expect(refusal([hub, try Self.entry("block-town", .township, "hub")]) == nil)
  }

  @Test func theBoundOfEntriesIsExact() throws {
    func flat(_ count: Int) throws -> [LinkTree.Entry] {
      try [Self.entry("hub", .city)]
        + (1..<count).map { try Self.entry("t\($0)", .township, "hub") }
    }
    #expect(try LinkTree(entries: flat(LinkTree.maximumEntries)).count == LinkTree.maximumEntries)
    #expect(refusal(try flat(LinkTree.maximumEntries + 1))?.code == .tooManyEntries)
  }

  @Test func aChainOfTenThousandIsRefusedInLinearTime() throws {
    // Each region under the next: quadratic work would be fifty million steps.
    let count = LinkTree.maximumEntries
    var entries = [try Self.entry("hub", .city)]
    for number in 1..<count {
      let parent = number == count - 1 ? "hub" : "t\(number + 1)"
      entries.append(try Self.entry("t\(number)", .township, parent))
    }
    let clock = ContinuousClock()
    let start = clock.now
    #expect(refusal(entries)?.code == .tierOutOfOrder)
    entries[count - 1] = try Self.entry("t\(count - 1)", .township, "t1")
    #expect(refusal(entries)?.code == .cycle)
    #expect(clock.now - start < .seconds(10))
  }
}
