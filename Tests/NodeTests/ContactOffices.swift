import Casework
import Ledger
import Regions
import Replication
import Store
import Testing

@testable import Node

/// A township that took in a lead with a reporter's contact, and the offices above it.
struct ContactOffices: Sendable {
  static let name = "王某某甲乙丙"
  static let phone = "13900001234567"

  let city: CommandsCity
  let hub: CommandsNode
  let east: CommandsNode
  let lake: CommandsNode
  let lead: String

  init() async throws {
    city = try CommandsCity()
    (hub, east, lake) = (try city.node("hub"), try city.node("east"), try city.node("lake0"))
    var arguments = LeadReportArguments(channel: "phone")
    arguments.title = "焚烧垃圾"
    arguments.reporterName = Self.name
    arguments.reporterContact = Self.phone
    lead = try await lake.commands.reportLead(arguments, by: CommandsNode.clerk()).id
    try carryUp()
  }

  /// Brings all events up.
  func carryUp() throws {
    try lake.carry(to: east)
    try east.carry(to: hub)
  }

  /// Has each office above look through its ledger and fetch the keys that it lacks.
  func fetchKeys() async throws {
    try await Self.fetchKeys(to: east, from: lake)
    try await Self.fetchKeys(to: hub, from: east)
  }

  /// Has a node do what its ledger asks for: destroy keys, and note which are wanted.
  static func keep(_ node: CommandsNode) async throws {
    let keeper = EvidenceKeeper(
      carrier: try node.carrier(),
      policy: NodeConfiguration.Evidence(fetch: .none, smallBytes: 1))
    var place: Int64? = 0
    while try await keeper.look(from: &place) {}
  }

  /// Fetches what a node wants from a neighbour that answers as it does over the link.
  static func fetchKeys(to node: CommandsNode, from other: CommandsNode) async throws {
    try await keep(node)
    let fetcher = EvidenceFetcher(carrier: try node.carrier(), peer: other.core.region)
    let server = EvidenceServer(carrier: try other.carrier(), peer: node.core.region)
    for wanted in try node.core.store.read({ try $0.wantedEvidence() }) {
      let named = try node.core.store.read { try fetcher.carrier.named(wanted.event, $0) }
      guard let named else { continue }
      try await fetcher.fetchKey(named) { try await server.answer($0) }
    }
  }

  /// The contact as a node holds it.
  func held(at node: CommandsNode) throws -> HeldContact {
    try node.core.store.read { reader in
      let id = try node.commands.lead(lead, in: reader).id
      return try #require(try node.commands.contact(of: id, in: reader))
    }
  }

  func look(
    at node: CommandsNode, as role: String = "platform_office"
  ) async throws -> ContactAnswer {
    try await node.commands.showContact(
      ContactArguments(lead: lead, reason: "回访核实"), by: CommandsNode.clerk(role))
  }

  func destroy(at node: CommandsNode, as role: String = "leader") async throws -> ContactStatus {
    try await node.commands.destroyContact(
      ContactArguments(lead: lead, reason: "办结满一年"), by: CommandsNode.clerk(role))
  }

  /// Closes the lead at the township.
  func close() async throws {
    let clerk = try CommandsNode.clerk()
    _ = try await lake.commands.dispatchLead(
      LeadDispatchArguments(lead: lead, to: ["lake0"]), by: clerk)
    for (act, text) in [(LeadAct.sign, nil), (.inspect, "属实"), (.close, "已整改")] {
      _ = try await lake.commands.act(act, LeadActArguments(lead: lead, text: text), by: clerk)
    }
    try carryUp()
  }
}
