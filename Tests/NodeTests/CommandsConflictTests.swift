import Casework
import Foundation
import Ledger
import Node
import Regions
import Store
import Testing

/// The conflict desk at nodes with stores on the disk.
@Suite(.timeLimit(.minutes(10))) struct CommandsConflictTests {
  /// A city in which a lead of `lake0`, handed to it by `east`, was returned there while `east` sent
  /// it to `west`. Both know of both.
  private struct Dispute {
    let city: CommandsCity
    let east: CommandsNode
    let lake: CommandsNode
    let number: String

    init() async throws {
      city = try CommandsCity()
      (east, lake) = (try city.node("east"), try city.node("lake0"))
      number = try #require(try await lake.report().number)
      try lake.carry(to: east)
      try await east.dispatch(number, to: "lake0")
      try east.carry(to: lake)
      _ = try await lake.act(.sendBack, number, "不属本辖区")
      try await east.dispatch(number, to: "west")
      try exchange()
    }

    func exchange() throws {
      try lake.carry(to: east)
      try east.carry(to: lake)
    }
  }

  @Test func `a conflict shows both versions, what decided and who is to decide`() async throws {
    let dispute = try await Dispute()
    let (east, lake) = (dispute.east, dispute.lake)
    let conflicts = try [east, lake].map { try $0.commands.listConflicts(.init()) }
    let conflict = try #require(conflicts[0].first)
    #expect(conflicts.map(\.count) == [1, 1] && conflicts[1][0].id == conflict.id)
    #expect(conflict.number == dispute.number && conflict.family == "lead")
    #expect(conflict.slot == "stage" && conflict.rule == "rank" && conflict.open)
    #expect(conflict.winner.kind == "lead.dispatched" && conflict.winner.region == "east")
    #expect(conflict.winner.tier == "district" && conflict.winner.actor == "wang")
    #expect(conflict.winner.details["to"] == "west")
    #expect(conflict.loser.kind == "lead.returned" && conflict.loser.effect == "superseded")
    #expect(conflict.loser.details["reason"] == "不属本辖区")
    #expect(conflict.owner == "west" && conflict.decision == nil && conflict.frozenSince == nil)
    let differences = Dictionary(
      uniqueKeysWithValues: conflict.differences.map { ($0.entry, [$0.winner, $0.loser]) })
    #expect(differences == ["to": ["west", nil], "reason": [nil, "不属本辖区"]])
    #expect(try lake.commands.showConflict(.init(conflict: dispute.number)) == conflicts[1])
    let shown = try lake.commands.showLead(LeadShowArguments(lead: dispute.number))
    #expect(shown.lead.conflicts == 1)
  }

  @Test func `a confirmed conflict is closed everywhere and is not decided again`() async throws {
    let dispute = try await Dispute()
    let (east, lake) = (dispute.east, dispute.lake)
    let answer = try await east.confirm(dispute.number)
    #expect(answer.kind == "conflict.decided" && answer.stage == "sign")
    try dispute.exchange()
    for node in [east, lake] {
      #expect(try node.commands.listConflicts(.init()).isEmpty)
      var all = ConflictListArguments()
      all.all = true
      let decided = try #require(try node.commands.listConflicts(all).first)
      #expect(!decided.open && decided.decision?.verdict == "confirmed")
      #expect(decided.decision?.event.region == "east")
      let shown = try node.commands.showLead(LeadShowArguments(lead: dispute.number))
      #expect(shown.lead.conflicts == 0 && shown.lead.handler == ["west"])
      #expect(shown.timeline.last?.kindName == "conflict decided")
      #expect(try node.core.store.read { try $0.figures() }.openConflicts == 0)
      #expect(try await node.commands.verify().ok)
    }
    let again = await commandError { _ = try await lake.confirm(dispute.number) }
    #expect(again?.code == .conflictDecided && again?.exit == .refused)
  }

  @Test func `what the process forbids now cannot be redone and writes nothing`() async throws {
    let dispute = try await Dispute()
    let before = try dispute.lake.core.store.read { try $0.identity().sequence }
    let refusal = await commandError { _ = try await dispute.lake.redo(dispute.number) }
    #expect(refusal?.code == .notPermitted && refusal?.exit == .refused)
    #expect(refusal?.english.contains("west") == true)
    #expect(try dispute.lake.core.store.read { try $0.identity().sequence } == before)
    #expect(try dispute.lake.commands.listConflicts(.init()).count == 1)
  }

  @Test func `a dispatch that lost is redone with its regions, in one commit with the decision`()
    async throws
  {
    let city = try CommandsCity()
    let (hub, east, lake) = (try city.node("hub"), try city.node("east"), try city.node("lake0"))
    let number = try #require(try await lake.report().number)
    try lake.carry(to: east)
    try east.carry(to: hub)
    try await east.dispatch(number, to: "lake0")
    try await hub.dispatch(number, to: "west")
    try east.carry(to: hub)
    try hub.carry(to: east)
    try east.carry(to: lake)
    let stranger = await commandError { _ = try await east.redo(number) }
    #expect(stranger?.code == .notPermitted)
    let answer = try await lake.redo(number)
    #expect(answer.stage == "sign")
    try lake.carry(to: east)
    try east.carry(to: hub)
    let shown = try hub.commands.showLead(LeadShowArguments(lead: number))
    #expect(shown.lead.handler == ["lake0"] && shown.lead.conflicts == 0)
    let written = shown.timeline.filter { $0.commit == answer.commit }
    #expect(Set(written.map(\.kind)) == ["conflict.decided", "lead.dispatched"])
    #expect(written.allSatisfy { $0.effect == "effective" })
    let redone = try #require(written.first { $0.kind == "lead.dispatched" })
    let (id, hash) = (
      try #require(EntityID(text: shown.lead.id)), try #require(Hash(hex: redone.event))
    )
    let event = try hub.core.store.read { try $0.event(hash, of: id) }
    #expect(event?.audience.map(\.rawValue) == ["lake0"])
    let region = try #require(RegionID("lake0"))
    let digests = try [hub, east, lake].map { node in
      try node.core.store.read { try $0.digest(of: region) }
    }
    #expect(Set(digests).count == 1)
    #expect(try hub.core.store.read { try $0.figures() }.openConflicts == 0)
  }

  @Test func `of several conflicts one is named by slot or loser, and the winner seen is checked`()
    async throws
  {
    let city = try CommandsCity()
    let (east, lake) = (try city.node("east"), try city.node("lake0"))
    let number = try #require(try await lake.report().number)
    try lake.carry(to: east)
    for node in [east, lake] {
      try await node.describe(number, "place", "在\(node.core.region)")
      try await node.describe(number, "location", "34.5,119.\(node.core.region.rawValue.count)")
    }
    try lake.carry(to: east)
    try east.carry(to: lake)
    let several = await commandError { _ = try await lake.confirm(number) }
    #expect(several?.code == .ambiguous && several?.exit == .badData)
    let place = try #require(
      try lake.commands.showConflict(.init(conflict: number, slot: "place")).first)
    #expect(several?.english.contains(place.id) == true)
    #expect(place.winner.details["value"] == "在east")
    let location = try #require(
      try lake.commands.showConflict(.init(conflict: number, slot: "location")).first)
    #expect(location.loser.details["value"] == "34.5,119.5")
    let stale = await commandError {
      _ = try await lake.commands.redoConflict(
        .init(conflict: place.id, winner: place.loser.event), by: CommandsNode.clerk())
    }
    #expect(stale?.code == .conflictGone && stale?.exit == .refused)
    _ = try await lake.commands.redoConflict(
      .init(conflict: place.id, winner: place.winner.event), by: CommandsNode.clerk())
    let shown = try lake.commands.showLead(LeadShowArguments(lead: number))
    #expect(shown.place == "在lake0" && shown.lead.conflicts == 1)
    _ = try await lake.confirm("\(number)/\(location.loser.event.prefix(8))")
    #expect(try lake.commands.listConflicts(.init()).isEmpty)
  }

  @Test func `pages join without gap or double, and the owner narrows them`() async throws {
    let city = try CommandsCity()
    let (east, lake) = (try city.node("east"), try city.node("lake0"))
    var numbers: [String] = []
    for index in 0..<3 {
      numbers.append(try #require(try await lake.report("线索 \(index)").number))
    }
    try lake.carry(to: east)
    for node in [east, lake] {
      for number in numbers {
        for field in ["place", "title"] {
          try await node.describe(number, field, "\(node.core.region)")
        }
      }
    }
    try lake.carry(to: east)
    var seen: [String] = []
    var arguments = ConflictListArguments()
    for limit in [1, 2, 4, 5] {
      seen = []
      arguments.before = nil
      arguments.limit = limit
      while true {
        let page = try east.commands.listConflicts(arguments)
        #expect(page.count <= limit)
        seen += page.map(\.id)
        guard let last = page.last else { break }
        arguments.before = last.id
      }
      #expect(seen.count == 6 && Set(seen).count == 6, "pages of \(limit)")
    }
    arguments = ConflictListArguments()
    arguments.region = "lake0"
    #expect(try east.commands.listConflicts(arguments).map(\.id) == seen)
    arguments.region = "west"
    #expect(try east.commands.listConflicts(arguments).isEmpty)
    arguments.limit = 201
    let tooMany = await commandError { _ = try east.commands.listConflicts(arguments) }
    #expect(tooMany?.code == .badField)
  }

  @Test func `a decision that cannot follow all rivals is undone, and a fact makes room for it`()
    async throws
  {
    let city = try CommandsCity()
    let lake = try city.node("lake0")
    let report = try await lake.report()
    let id = try #require(EntityID(text: report.id))
    let heads = try #require(try lake.core.store.read { try $0.entity(id) }).heads
    _ = try await lake.core.writer.write { [core = lake.core] transaction in
      try transaction.author(actor: "wang", role: "clerk", lane: .bulk) { commit in
        for index in 0...LedgerBounds.parents {
          commit.add(
            Act.describe("place", .text("\(index) 号")).draft(
              entity: id, heads: heads, salt: core.salt()))
        }
      }
    }
    let rivals = try #require(try lake.core.store.read { try $0.entity(id) }).heads
    #expect(rivals.count == LedgerBounds.parents + 1)
    // The last head is beyond what an event can name.
    let conflict = try #require(
      try lake.commands.listConflicts(.init()).first {
        [$0.winner.event, $0.loser.event].contains(rivals.last?.description)
      })
    let refusal = await commandError { _ = try await lake.confirm(conflict.id) }
    #expect(refusal?.exit == .refused && refusal?.english.contains("progress") == true)
    _ = try await lake.act(.progress, report.id, "核对地点")
    _ = try await lake.confirm(conflict.id)
    #expect(
      try lake.commands.showConflict(.init(conflict: conflict.id)).map(\.open) == [false])
    #expect(try await lake.commands.verify().ok)
  }

  @Test
  func `of a lead that is branched beyond the bound its beginning counts, and acts are refused`()
    async throws
  {
    let city = try CommandsCity()
    let lake = try city.node("lake0")
    let lead = try await lake.report().id
    let id = try #require(EntityID(text: lead))
    let heads = try #require(try lake.core.store.read { try $0.entity(id) }).heads
    _ = try await lake.core.writer.write { transaction in
      for _ in 0...FoldBounds.ancestorBits / (1 << 13) / LedgerBounds.commitEvents {
        _ = try transaction.author(actor: "wang", role: "officer", lane: .bulk) { commit in
          for _ in 0..<LedgerBounds.commitEvents {
            let act = Act.inspect(finding: "甲")
            commit.add(act.draft(entity: id, heads: heads, salt: lake.core.salt()))
          }
        }
      }
    }
    let entity = try #require(try lake.core.store.read { try $0.entity(id) })
    #expect(entity.isTangled && entity.isWaiting && entity.heads == heads)
    #expect(try lake.commands.showLead(LeadShowArguments(lead: lead)).lead.stage == "dispatch")
    let refused = await commandError { try await lake.dispatch(lead, to: "lake0") }
    #expect(refused?.exit == .refused && refused?.english.contains("origin close") == true)
    #expect(try await lake.commands.verify().ok)
    _ = try await lake.commands.rebuild()
    #expect(try lake.core.store.read { try $0.entity(id) } == entity)
  }

  @Test func `a link to an incident that is linked itself by now is not redone`() async throws {
    let office = try await ItemCity()
    let (hub, east) = (office.hub, office.east)
    var leads: [String] = []
    for _ in 0..<4 {
      leads.append(try await east.report().id)
      try await east.act("registered", on: leads[leads.count - 1])
    }
    try office.exchange()
    let (report, incident, other, above) = (leads[0], leads[1], leads[2], leads[3])
    try await hub.act("merged", on: report, ["incident": other])
    try await east.act("merged", on: report, ["incident": incident])
    try office.exchange()
    try await hub.act("separated", on: report, ["reason": "并错"])
    try await east.act("merged", on: incident, ["incident": above])
    try office.exchange()
    let person = try ActingPerson(account: "wang", role: "platform_office")
    let before = try hub.core.store.read { try $0.identity().sequence }
    let refused = await commandError {
      _ = try await hub.commands.redoConflict(.init(conflict: report), by: person)
    }
    #expect(refused?.exit == .refused && refused?.english.contains("is linked to incident") == true)
    #expect(try hub.core.store.read { try $0.identity().sequence } == before)
    // Once that link is undone, the change may be done again.
    try await east.act("separated", on: incident, ["reason": "并错"])
    try office.exchange()
    let redone = try await hub.commands.redoConflict(.init(conflict: report), by: person)
    #expect(redone.stage == "merged")
  }

  @Test func `a change of an account is not redone, and its administrators alone confirm`()
    async throws
  {
    let city = try await AccountsCity()
    let clerk = try ActingPerson(account: "clerk@lake0", role: "township_clerk")
    var own = AccountPasswordArguments(password: "another-password-2")
    own.current = AccountsCity.clerkPassword
    _ = try await city.lake.commands.setPassword(own, by: clerk)
    var reset = AccountPasswordArguments(password: "reset-by-the-hub-3")
    reset.account = "clerk@lake0"
    _ = try await city.hub.commands.setPassword(reset, by: AccountsCity.admin())
    try city.settle()
    let conflict = try #require(city.lake.commands.listConflicts(.init()).first)
    #expect(conflict.winner.region == "hub" && conflict.family == "account")
    for (node, person) in [(city.lake, clerk), (city.hub, try AccountsCity.admin())] {
      let redone = await commandError {
        _ = try await node.commands.redoConflict(.init(conflict: conflict.id), by: person)
      }
      #expect(redone?.exit == .refused && redone?.english.contains("account password") == true)
    }
    let stranger = await commandError {
      _ = try await city.lake.commands.confirmConflict(.init(conflict: conflict.id), by: clerk)
    }
    #expect(stranger?.exit == .refused)
    _ = try await city.hub.commands.confirmConflict(
      .init(conflict: conflict.id), by: AccountsCity.admin())
    try city.settle()
    #expect(try city.lake.commands.listConflicts(.init()).isEmpty)
    _ = try await city.logIn("clerk@lake0", "reset-by-the-hub-3", at: city.lake)
  }

  @Test func `a name that is none is refused with exit 65`() async throws {
    let city = try CommandsCity()
    let lake = try city.node("lake0")
    let number = try #require(try await lake.report().number)
    for name in ["\(number)/xyz", "\(number)/", "abcdef", number] {
      let error = await commandError { _ = try lake.commands.showConflict(.init(conflict: name)) }
      #expect(error?.exit == .badData, "\(name)")
    }
    let slot = await commandError {
      _ = try lake.commands.showConflict(.init(conflict: number, slot: "place"))
    }
    #expect(slot?.code == .notFound && slot?.english.contains("over 'place'") == true)
    let none = await commandError { _ = try await lake.confirm(number) }
    #expect(none?.code == .conflictGone && none?.exit == .refused)
  }
}

extension CommandsNode {
  fileprivate func dispatch(_ number: String, to region: String) async throws {
    _ = try await commands.dispatchLead(
      LeadDispatchArguments(lead: number, to: [region]), by: Self.clerk())
  }

  fileprivate func act(_ act: LeadAct, _ number: String, _ text: String?) async throws -> ActAnswer
  {
    try await commands.act(act, LeadActArguments(lead: number, text: text), by: Self.clerk())
  }

  fileprivate func describe(_ number: String, _ field: String, _ value: String) async throws {
    _ = try await commands.describeLead(
      LeadDescribeArguments(lead: number, field: field, value: value), by: Self.clerk())
  }

  fileprivate func confirm(_ conflict: String) async throws -> ActAnswer {
    try await commands.confirmConflict(.init(conflict: conflict), by: Self.clerk())
  }

  fileprivate func redo(_ conflict: String) async throws -> ActAnswer {
    try await commands.redoConflict(.init(conflict: conflict), by: Self.clerk())
  }
}
