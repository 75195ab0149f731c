import Ledger
import Node
import Store
import Testing

/// What people may get wrong about items to rectify.
@Suite(.timeLimit(.minutes(10))) struct CommandsItemInputTests {
  @Test(arguments: [
    [""], ["  "], ["甲@2026-13-40"], ["@2026-12-01"], Array(repeating: "甲", count: 65), [],
  ])
  func `an order whose items are not good is refused and writes nothing`(_ items: [String])
    async throws
  {
    let office = try await ItemCity()
    let before = try office.lake.core.store.read { try $0.identity().sequence }
    let refused = await commandError { try await office.order(items) }
    #expect(refused?.exit == (items.isEmpty ? .refused : .badData), "\(refused?.english ?? "")")
    #expect(refused?.english.contains("items") == true)
    #expect(try office.lake.core.store.read { try $0.identity().sequence } == before)
    #expect(try office.lake.items(of: office.lead).isEmpty)
  }

  @Test func `what is said of an item must be whole and of an item that is here`() async throws {
    let office = try await ItemCity()
    let lake = office.lake
    try await office.order(["甲"])
    let item = try #require(try lake.items(of: office.lead).first)
    let bare = await commandError { try await lake.actOnItem("item.done", item.id, [:]) }
    #expect(bare?.exit == .refused && bare?.english.contains("result") == true)
    let field = await commandError {
      try await lake.actOnItem("item.done", item.id, ["result": "是", "colour": "red"])
    }
    #expect(field?.exit == .badData && field?.english.contains("colour") == true)
    let days = await commandError {
      try await lake.actOnItem(
        "item.extension_requested", item.id, ["days": "many", "reason": "材料"])
    }
    #expect(days?.exit == .badData && days?.english.contains("days") == true)
    let none = await commandError {
      try await lake.actOnItem("item.done", "ffffffff", ["result": "是"])
    }
    #expect(none?.exit == .badData && none?.code == .notFound)
    let lead = await commandError {
      try await lake.actOnItem("item.done", office.lead, ["result": "是"])
    }
    #expect(lead?.exit == .badData)
    #expect(try lake.items(of: office.lead).map(\.stage) == ["open"])
    #expect(try lake.items(of: office.lead).first?.clocks.first?.deadline != nil)
  }
}
