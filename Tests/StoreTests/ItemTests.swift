import Casework
import Ledger
import Regions
import Replication
import Testing

@testable import Store

/// Items to rectify in the tables that faces query.
@Suite struct ItemTests {
  private static func process() throws -> Process {
    try Process(
      families: [
        Family(
          name: "lead", chinese: "线索", english: "lead",
          stages: [
            Stage("open", "待办", "open"), Stage("rectify", "整改", "under rectification"),
            Stage("closed", "办结", "closed", isClosing: true),
          ],
          kinds: [
            KindRule("lead.reported", "上报", "reported", .found(.actor)),
            KindRule(
              ItemKind.order, "责令整改", "ordered", .move(from: ["open"], to: "rectify", .keeps)),
            KindRule(
              "lead.closed", "办结", "closed", .move(from: ["rectify"], to: "closed", .keeps)),
          ]),
        Family(
          name: ItemKind.family, chinese: "整改事项", english: "item",
          stages: [
            Stage("open", "待整改", "to be rectified"),
            Stage("checked", "已复核", "checked", isClosing: true),
          ],
          kinds: [
            KindRule(ItemKind.ordered, "立项", "ordered", .found(.named)),
            KindRule(
              "item.checked", "复核", "checked", .move(from: ["open"], to: "checked", .keeps)),
            KindRule("item.noted", "备注", "noted", .note),
          ]),
      ], movers: Actors(tiers: [.city]))
  }

  /// A city in which T1 reported a lead and ordered two items of it, which nobody else holds yet.
  private struct Ordered {
    let city: HandTurnedCity
    let lead: EntityID
    let items: [EntityID]
    let order: Commit

    init(seed: UInt64) throws {
      city = try HandTurnedCity(seed: seed, .oneChain())
      try city.settle()
      let process = try ItemTests.process()
      lead = try city.report(under: process, at: .t1)
      try city.settle()
      let act = Act(kind: ItemKind.order, body: .map([:]))
      let heads = try #require(try city[.t1].entity(lead)).heads
      var drafts = [act.draft(entity: lead, heads: heads, salt: city.numbers.bytes(16))]
      for text in ["围挡", "洒水"] {
        drafts.append(
          ItemOpening(lead: lead, text: text, handler: [.t1]).draft(
            rules: process.hash, salt: city.numbers.bytes(16), audience: [.t1]))
      }
      order = try city.author(.t1, drafts)
      items = order.events.map(\.event).filter(\.isFounding).map(\.entity)
    }

    func held(at region: RegionID) throws -> [EntityID] {
      try city[region].store.read { try $0.items(of: lead) }.map(\.id)
    }
  }

  private static let damages: [StaticString] = [
    "UPDATE items SET stage = 'checked' WHERE stage = 'open'", "UPDATE items SET is_open = 1",
    "UPDATE items SET lead = zeroblob(16)", "DELETE FROM items",
    "INSERT INTO items SELECT MAX(id) + 1, zeroblob(16), 'open', 1 FROM entities",
  ]

  @Test func `a damaged row of an item is found, and a rebuild makes it good`() throws {
    let ordered = try Ordered(seed: 811)
    let city = ordered.city
    try city.act(Act(kind: "item.checked", body: .map([:])), on: ordered.items[0], at: .t1)
    try city.settle()
    let node = city[.d1]
    func reasons() throws -> [String] {
      try node.store.read { try $0.verify(judge: city.authority) { _ in } }.failures.map(\.reason)
    }
    #expect(try reasons() == [])
    for damage in Self.damages {
      _ = try node.store.write(now: 0) { try $0.connection.execute(damage) }
      let found = try reasons()
      #expect(found.contains { $0.contains("item") }, "\(damage): \(found)")
      _ = try city.write(node) { try $0.rebuild { _ in } }
      #expect(try reasons() == [], "\(damage)")
      #expect(try ordered.held(at: .d1) == ordered.items)
    }
  }

  @Test func `an item counts however its events arrive`() throws {
    let ordered = try Ordered(seed: 812)
    let city = ordered.city
    // What is done with the item comes to the district before the order does.
    let act = Act(kind: "item.noted", body: .map([:]))
    let heads = try #require(try city[.t1].entity(ordered.items[0])).heads
    let note = try city.author(
      .t1, [act.draft(entity: ordered.items[0], heads: heads, salt: city.numbers.bytes(16))])
    for commit in [note, ordered.order] {
      try city.write(city[.d1]) {
        _ = try $0.take(Shipment(chains: [], commits: [commit]), from: .t1)
      }
    }
    #expect(try ordered.held(at: .d1).sorted() == ordered.items.sorted())
    try city.settle()
    #expect(try ordered.held(at: .h).sorted() == ordered.items.sorted())
    try city.checkStores()
  }
}
