import Casework
import Ledger
import Regions
import Replication
import Store
import Testing

@testable import Node

/// Who may open a reporter's contact, what of it is recorded, and how its key ends.
@Suite(.timeLimit(.minutes(10))) struct ContactTests {
  private func kinds(_ offices: ContactOffices, at node: CommandsNode) throws -> [String] {
    try offices.held(at: node).timeline.map(\.event.kind).filter { $0 != ContactKind.sealed }
  }

  @Test func `each office above opens it once the key has come, and each look is in the ledger`()
    async throws
  {
    let offices = try await ContactOffices()
    let early = await commandError { _ = try await offices.look(at: offices.east) }
    #expect(early?.code == .sealed)
    #expect(try kinds(offices, at: offices.east).isEmpty, "a look that failed is none")
    try await offices.fetchKeys()
    for node in [offices.lake, offices.east, offices.hub] {
      let answer = try await offices.look(at: node)
      #expect(answer.name == ContactOffices.name)
      #expect(answer.contact == ContactOffices.phone)
      #expect(try kinds(offices, at: node).last == ContactKind.looked)
    }
    try offices.carryUp()
    let told = try offices.hub.commands.tellLead(LeadShowArguments(lead: offices.lead))
    let looks = told.compactMap { record -> StoryLine? in
      guard case .line(let line) = record, line.event.kind == ContactKind.looked else { return nil }
      return line
    }
    #expect(Set(looks.map(\.event.region)) == ["lake0", "east", "hub"])
    #expect(looks.allSatisfy { $0.event.details["reason"] == "回访核实" })
    let status = try offices.hub.commands.showLead(LeadShowArguments(lead: offices.lead))
    #expect(status.contactSealedTo == ["east", "hub", "lake0"])
    #expect(status.reporterContact?.looks == 3)
  }

  @Test func `roles that need not know are refused, and a bounded number of refusals is kept`()
    async throws
  {
    let offices = try await ContactOffices()
    let lake = offices.lake
    for role in ["discipline_inspector", "auditor", "leader", "administrator", "system"] {
      let refused = await commandError { _ = try await offices.look(at: lake, as: role) }
      #expect(refused?.exit == .refused, "\(role)")
    }
    for _ in 0..<NodeCommands.recordedRefusals {
      _ = await commandError { _ = try await offices.look(at: lake, as: "auditor") }
    }
    let kinds = try kinds(offices, at: lake)
    #expect(
      kinds == Array(repeating: ContactKind.lookRefused, count: NodeCommands.recordedRefusals))
  }

  @Test func `a clerk looks while his office handles the lead`() async throws {
    let offices = try await ContactOffices()
    let (lake, clerk) = (offices.lake, try CommandsNode.clerk())
    _ = try await lake.commands.dispatchLead(
      LeadDispatchArguments(lead: offices.lead, to: ["east"]), by: clerk)
    let refused = await commandError {
      _ = try await offices.look(at: lake, as: "township_clerk")
    }
    #expect(refused?.code == .notPermitted)
    _ = try await lake.commands.dispatchLead(
      LeadDispatchArguments(lead: offices.lead, to: ["lake0"]), by: clerk)
    let answer = try await offices.look(at: lake, as: "township_clerk")
    #expect(answer.kind == ContactKind.lookedInHandling && answer.name == ContactOffices.name)
  }

  @Test func `a key is destroyed also where the list of wanted files is full`() async throws {
    let offices = try await ContactOffices()
    let (hub, east, lake) = (offices.hub, offices.east, offices.lake)
    try await offices.fetchKeys()
    var other = LeadReportArguments(channel: "phone")
    other.title = "夜间噪声"
    other.reporterName = "某"
    other.reporterContact = "13900000000"
    _ = try await lake.commands.reportLead(other, by: CommandsNode.clerk())
    try offices.carryUp()
    // The hub wants the other contact's key, cannot note it, and has more than a page to look through.
    let event = try #require(
      try hub.core.store.read {
        try $0.evidence(after: 0, ofKinds: [ContactKind.sealed], limit: 1).events.first
      })
    _ = try await hub.core.writer.write { transaction in
      for number in 0..<ReplicationBounds.evidenceWanted {
        _ = try transaction.want(
          Hash(of: Array("\(number)".utf8)), by: event.key, byteCount: 1, isUrgent: false)
      }
    }
    for _ in 0..<EvidenceKeeper.pageEvents { _ = try await offices.look(at: east) }
    try await offices.close()
    _ = try await offices.destroy(at: east)
    try east.carry(to: hub)
    #expect(try offices.held(at: hub).acknowledged[hub.core.region] == nil)
    let place = try hub.core.store.read { try $0.evidencePlace() }
    try await ContactOffices.keep(hub)
    #expect(try offices.held(at: hub).acknowledged[hub.core.region] != nil)
    #expect(try hub.core.store.read { try $0.evidencePlace() } == place)
  }

  @Test func `a destroyed key is gone at each holder, which says so once, also after a restart`()
    async throws
  {
    let offices = try await ContactOffices()
    let (hub, east, lake) = (offices.hub, offices.east, offices.lake)
    try await offices.fetchKeys()
    let early = await commandError { _ = try await offices.destroy(at: east) }
    #expect(early?.code == .notPermitted, "the lead is under way")
    try await offices.close()
    let clerk = await commandError { _ = try await offices.destroy(at: east, as: "township_clerk") }
    #expect(clerk?.exit == .refused)

    let first = try await offices.destroy(at: east)
    #expect(first.acknowledged.map(\.region) == ["east"])
    #expect(first.outstanding == ["hub", "lake0"])
    #expect(!first.keyHere)
    try east.carry(to: lake)
    try east.carry(to: hub)
    let name = try offices.held(at: lake).seal.keyName
    #expect(lake.core.contactKeys.holds(name))
    for node in [lake, hub] {
      for _ in 0..<3 { try await ContactOffices.keep(node) }
      #expect(!node.core.contactKeys.holds(name))
      #expect(
        try kinds(offices, at: node).count {
          $0 == ContactKind.destructionAcknowledged
        } == 2)
    }
    try offices.carryUp()
    let status = try #require(
      try hub.commands.showLead(LeadShowArguments(lead: offices.lead)).reporterContact)
    #expect(status.outstanding.isEmpty)
    #expect(status.acknowledged.map(\.region) == ["east", "hub", "lake0"])
    #expect(status.destruction?.region == "east" && status.destruction?.reason == "办结满一年")
    for node in [hub, east, lake] {
      let refused = await commandError { _ = try await offices.look(at: node) }
      #expect(refused?.code == .destroyed)
      #expect(refused?.english.contains("wang of east") == true)
      #expect(try await node.commands.verify().ok)
    }
    // Nobody fetches it again, and nobody would be given it.
    try await ContactOffices.fetchKeys(to: hub, from: east)
    #expect(try hub.core.store.read { try $0.wantedEvidenceCount() } == 0)
  }

  @Test func `an order that overtakes the key leaves no key`() async throws {
    let offices = try await ContactOffices()
    let (east, lake) = (offices.east, offices.lake)
    try await ContactOffices.keep(east)
    #expect(try east.core.store.read { try $0.wantedEvidenceCount() } == 1)
    let fetcher = EvidenceFetcher(carrier: try east.carrier(), peer: lake.core.region)
    let wanted = try #require(try east.core.store.read { try $0.wantedEvidence() }.first)
    let named = try #require(
      try east.core.store.read { try fetcher.carrier.named(wanted.event, $0) })
    let server = EvidenceServer(carrier: try lake.carrier(), peer: east.core.region)
    try await offices.close()
    try await fetcher.fetchKey(named) { request in
      let answer = try await server.answer(request)
      _ = try await offices.destroy(at: lake)
      try lake.carry(to: east)
      return answer
    }
    #expect(!east.core.contactKeys.holds(named.name.hash))
    #expect(try east.core.store.read { try $0.wantedEvidenceCount() } == 0)
  }

  @Test func `an event of another region that names the key is not served it`() async throws {
    let offices = try await ContactOffices()
    let (east, lake) = (offices.east, offices.lake)
    try await offices.fetchKeys()
    let seal = try offices.held(at: lake).seal
    // The hub names the township's key in a contact of its own, which it may see.
    let hub = offices.hub
    let commit = try await hub.core.writer.write { transaction in
      try transaction.author(actor: "x", role: "x", lane: .bulk) {
        $0.add(
          seal.draft(
            rules: Process.contacts.hash, salt: hub.core.salt(),
            audience: [hub.core.region, east.core.region]))
      }
    }
    try hub.carry(to: east)
    let event = try #require(commit.events.first?.event)
    let server = EvidenceServer(carrier: try east.carrier(), peer: hub.core.region)
    let answer = try await server.answer(
      EvidenceRequest(
        event: SetKey(time: commit.stamp.time, hash: event.hash), file: seal.keyName, offset: 0,
        mostBytes: ContactKey.byteCount))
    #expect(answer == .refused)
  }
}
