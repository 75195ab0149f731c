import Casework
import Foundation
import Ledger
import Node
import Regions
import Replication
import Store
import Testing

/// Items to rectify: each with a due time, warnings and an end of its own.
@Suite(.timeLimit(.minutes(4))) struct CommandsItemTests {
  /// The levels that an item has reached. Three and seven days after it was due are whole days, which end
  /// at midnight in China.
  private static func levels(of text: String, due: UInt64, on day: UInt64) -> [String] {
    let after: [(level: String, days: UInt64)] = [("yellow", 0), ("orange", 4), ("red", 8)]
    return after.filter { due + $0.days <= day }.map { "\(text) \($0.level)" }
  }

  @Test func `each item is warned of three times at its own dates, and no level twice`()
    async throws
  {
    let office = try await ItemCity()
    let due: [String: UInt64] = ["围挡": 5, "洒水": 9, "台账": 12]
    let items = ["围挡@\(ItemCity.date(5))", "洒水@\(ItemCity.date(9))", "台账"]
    try await office.order(items, due: ItemCity.date(12))
    let ordered = try office.lake.items(of: office.lead)
    #expect(ordered.map(\.text) == ["围挡", "洒水", "台账"])
    for item in ordered {
      let date = ItemCity.utc(try #require(due[item.text ?? ""]))
      #expect(item.due == date && item.clocks.first?.deadline == date)
      #expect(item.open && !item.overdue && item.stage == "open" && item.handler == ["lake0"])
    }
    try office.exchange()
    for day in UInt64(1)...25 {
      office.city.turnClock(by: ItemCity.day)
      for node in [office.hub, office.east, office.lake] {
        _ = try await node.commands.sweepWarnings()
        #expect(try await node.commands.sweepWarnings().warnings == 0, "day \(day)")
      }
      try office.exchange()
      let reached = due.flatMap { Self.levels(of: $0.key, due: $0.value, on: day) }.sorted()
      for node in [office.hub, office.east, office.lake] {
        #expect(try office.levels(at: node) == reached, "day \(day) at \(node.core.region)")
      }
      let overdue = due.values.count { $0 <= day }
      let shown = try office.lake.commands.showLead(LeadShowArguments(lead: office.lead))
      #expect(shown.lead.openItems == 3 && shown.lead.overdueItems == overdue, "day \(day)")
      #expect(shown.items.count(where: \.overdue) == overdue)
      let listed = try office.hub.commands.listLeads(LeadListArguments())
      #expect(listed.first { $0.id == shown.lead.id }?.overdueItems == overdue)
      let cases = try office.east.commands.listSupervisions(SupervisionListArguments())
      #expect(cases.count == (day < 13 ? 0 : 1), "day \(day)")
    }
    // The first red one opened the case of the lead, and those after it found it open.
    let supervision = try #require(
      office.hub.commands.listSupervisions(SupervisionListArguments()).first)
    #expect(supervision.item == ordered[0].id && supervision.unit == "lake0")
    #expect(supervision.openedBy == "east" && supervision.level == "red")
    let lead = try office.lake.commands.showLead(LeadShowArguments(lead: office.lead)).lead
    #expect(supervision.lead == lead.id && supervision.number == lead.number)
    try await office.checkVerifies()
  }

  @Test func `a lead and its item that turn red in two commits of a sweep open one case`()
    async throws
  {
    let office = try await ItemCity()
    try await office.order(["围挡@\(ItemCity.date(5))", "洒水"], due: ItemCity.date(20))
    try office.exchange()
    // So many leads fall due an hour after the item, and long before its lead, that the red ones of both
    // do not stand in one commit.
    office.city.turnClock(by: 5 * ItemCity.day - ItemCity.day / 24)
    for _ in 0..<90 { _ = try await office.east.report() }
    #expect(try await office.east.core.sweepWarnings().warnings == 0)
    office.city.turnClock(by: 35 * ItemCity.day)
    let sweep = try await office.east.core.sweepWarnings()
    #expect(sweep.commits.count > 1)
    #expect(try office.levels(at: office.east).contains("围挡 red"))
    var arguments = WarningListArguments()
    arguments.lead = office.lead
    let warnings = try office.east.commands.listWarnings(arguments)
    #expect(warnings.contains { $0.item == nil && $0.level == "red" })
    var listed = SupervisionListArguments()
    listed.lead = office.lead
    #expect(try office.east.commands.listSupervisions(listed).count == 1)
    try await office.checkVerifies()
  }

  @Test func `items are done, checked, sent back, dropped and extended one by one`() async throws {
    let office = try await ItemCity()
    let (lake, east, lead) = (office.lake, office.east, office.lead)
    try await office.order(["甲@\(ItemCity.date(5))", "乙", "丙"], due: ItemCity.date(9))
    let ids = try lake.items(of: lead).map(\.id)
    func stages() throws -> [String?] { try lake.items(of: lead).map(\.stage) }
    var photos: [String] = []
    for seed: UInt8 in 0..<2 {
      let picture = CommandsNode.picture(2_000, seed: seed)
      photos.append(try await lake.photograph(lead, picture).event.hash.description)
    }
    let all = ["result": "已整改", "before_after": photos.joined(separator: ",")]
    #expect(try await lake.actOnItem("item.done", ids[0], ["result": "已拆"]).stage == "done")
    #expect(try stages() == ["done", "open", "open"])
    let early = await commandError { try await lake.act("rectified", on: lead, all) }
    #expect(early?.exit == .refused && early?.english.contains("2 items") == true)
    #expect(early?.chinese.contains("乙") == true && early?.chinese.contains("丙") == true)
    #expect(early?.chinese.contains("甲") == false)

    let same = await commandError {
      try await lake.actOnItem("item.checked", ids[0], ["result": "属实"])
    }
    #expect(same?.exit == .refused && same?.english.contains("(same_person)") == true)
    try await lake.actOnItem("item.returned", ids[0], account: "li", ["reason": "未拆净"])
    #expect(try stages() == ["open", "open", "open"])
    try await lake.actOnItem("item.done", ids[0], ["result": "已拆净"])
    try await lake.actOnItem("item.checked", ids[0], account: "li", ["result": "属实"])
    try await lake.actOnItem("item.dropped", ids[1], ["reason": "重复"])
    #expect(try stages() == ["checked", "dropped", "open"])

    #expect(try lake.items(of: lead)[2].clocks.first?.deadline == ItemCity.utc(9))
    #expect(try await lake.extendItem(ids[2], days: 4).kind == "item.extension_requested")
    try office.exchange()
    let longer = await commandError {
      try await east.actOnItem("item.extension_granted", ids[2], ["days": "5", "reason": "检测"])
    }
    #expect(longer?.english.contains("(too_many_days)") == true)
    #expect(try await east.extendItem(ids[2], days: 4).kind == "item.extension_granted")
    try office.exchange()
    // Four whole days, the last of which ends at midnight in China.
    let extended = ItemCity.utc(9 + 4, ahead: 8 * 3_600)
    #expect(try lake.items(of: lead)[2].clocks.first?.deadline == extended)
    let again = await commandError {
      try await east.actOnItem("item.extension_granted", ids[2], ["days": "4", "reason": "检测"])
    }
    #expect(again?.english.contains("(answered)") == true)

    try await lake.actOnItem("item.done", ids[2], ["result": "已补"])
    #expect(try await lake.act("rectified", on: lead, all).stage == "recheck")
    try await lake.act("rechecked", on: lead, ["officers": "赵六", "result": "到位"])
    try office.exchange()
    try await east.act("fed_back", on: lead, ["result": "满意"])
    let open = await commandError { try await east.act("closed", on: lead, ["result": "已整改"]) }
    #expect(open?.exit == .refused && open?.chinese.contains("丙") == true)
    try await east.actOnItem("item.checked", ids[2], account: "li", ["result": "属实"])
    #expect(try await east.act("closed", on: lead, ["result": "已整改"]).stage == "closed")
    try office.exchange()
    let told = try office.hub.commands.tellLead(LeadShowArguments(lead: lead))
    #expect(!told.isEmpty)
    try await office.checkVerifies()
  }

  @Test func `items of an order that lost go with their lead to another region and end there`()
    async throws
  {
    let office = try await ItemCity()
    let (lake, east, other, lead) = (office.lake, office.east, office.other, office.lead)
    try office.exchange()
    try await office.order(["甲@\(ItemCity.date(5))", "乙", "丙"], due: ItemCity.date(9))
    let ids = try lake.items(of: lead).map(\.id)
    try await lake.actOnItem("item.done", ids[2], ["result": "已拆"])
    let deadlines = try lake.items(of: lead).prefix(2).map { $0.clocks.first?.deadline }
    try await east.act("void_proposed", on: lead, ["reason": "管辖有误"])
    try office.exchange()

    // The order lost. Its change is not done anew where the process does not allow it.
    #expect(try east.items(of: lead).map(\.id) == ids)
    let redo = await commandError {
      _ = try await lake.commands.redoConflict(
        .init(conflict: lead), by: CommandsNode.clerk())
    }
    #expect(redo?.exit == .refused && redo?.code == .notPermitted)
    try await east.act("void_declined", on: lead, account: "li", ["reason": "仍须办理"])
    try await east.act("triaged", on: lead, ["types": "noise"])
    try await east.act("dispatched", on: lead, to: ["lake1"])
    try office.exchange()

    let moved = try other.items(of: lead)
    #expect(moved.map(\.id) == ids && moved.map(\.stage) == ["open", "open", "done"])
    #expect(moved.map(\.handler) == [["lake1"], ["lake1"], ["lake0"]])
    #expect(moved.prefix(2).map { $0.clocks.first?.deadline } == deadlines)
    let former = await commandError {
      try await lake.actOnItem("item.done", ids[0], ["result": "已拆"])
    }
    #expect(former?.exit == .refused && former?.english.contains("lake1") == true)
    office.city.turnClock(by: 6 * ItemCity.day)
    _ = try await east.commands.sweepWarnings()
    try office.exchange()
    #expect(try office.levels(at: other) == ["甲 yellow"])
    try await other.actOnItem("item.done", ids[0], ["result": "已拆"])
    try await other.actOnItem("item.checked", ids[2], account: "li", ["result": "属实"])
    try office.exchange()
    #expect(try east.items(of: lead).map(\.stage) == ["done", "open", "checked"])
    let region = try #require(RegionID("lake1"))
    let digests = try [office.hub, east, other].map { node in
      try node.core.store.read { try $0.digest(of: region) }
    }
    #expect(Set(digests).count == 1)
    try await office.checkVerifies()
    for node in [office.hub, east, other] {
      let before = try node.items(of: lead)
      _ = try await node.commands.rebuild()
      #expect(try node.items(of: lead) == before)
    }
    try await office.checkVerifies()
  }

  @Test func `an order that lost is redone once the process allows it, and its items stand once`()
    async throws
  {
    let office = try await ItemCity()
    let (lake, east, lead) = (office.lake, office.east, office.lead)
    try office.exchange()
    try await office.order(["甲", "乙"], due: ItemCity.date(9))
    let ids = try lake.items(of: lead).map(\.id)
    try await east.act("void_proposed", on: lead, ["reason": "管辖有误"])
    try office.exchange()
    try await east.act("void_declined", on: lead, account: "li", ["reason": "仍须办理"])
    try await east.act("triaged", on: lead, ["types": "noise"])
    try await east.act("dispatched", on: lead, to: ["lake0"])
    try office.exchange()
    try await lake.act("signed", on: lead)
    let redone = try await lake.commands.redoConflict(
      .init(conflict: lead), by: CommandsNode.clerk())
    #expect(redone.stage == "rectify")
    #expect(try lake.items(of: lead).map(\.id) == ids)
    try office.exchange()
    try await office.checkVerifies()
  }

  @Test func `a stranger's items of a lead count nowhere and stand in no one's way`() async throws {
    let office = try await ItemCity()
    let (stranger, lead) = (office.other, office.lead)
    let id = try #require(EntityID(text: lead))
    try await office.order(["甲"], due: ItemCity.date(9))
    try office.exchange()
    let stored = try #require(try office.east.core.store.read { try $0.entity(id) })
    let process = try #require(
      try office.east.core.store.read {
        try $0.processInForce(for: "item", at: Int64(office.east.core.wallMilliseconds()))
      })
    let east = try #require(RegionID("east"))
    let opening = ItemOpening(lead: id, text: "外人", handler: [stranger.core.region])
    let order = Act(
      kind: "lead.rectification_ordered",
      body: .map(["order": .text("限期"), "items": .array([.text("外人")])]))
    // Alone, and beside an order that it may not give.
    for besideOrder in [false, true] {
      _ = try stranger.core.store.write(now: stranger.core.wallMilliseconds()) { transaction in
        try transaction.author(actor: "wang", role: "platform_office", lane: .bulk) { draft in
          if besideOrder {
            draft.add(
              order.draft(
                entity: id, heads: stored.heads, salt: stranger.core.randomBytes(16)))
          }
          draft.add(
            opening.draft(
              rules: process.hash, salt: stranger.core.randomBytes(16), audience: [east]))
        }
      }
    }
    try office.exchange()
    for node in [office.hub, office.east, office.lake] {
      #expect(try node.items(of: lead).map(\.text) == ["甲"])
    }
    try await office.checkVerifies()
  }
}
