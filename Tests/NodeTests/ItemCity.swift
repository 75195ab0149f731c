import Casework
import Foundation
import Ledger
import Node
import Regions
import Store
import Testing

/// A city under the shipped process, in which `east` handed a lead to `lake0`, where it was inspected.
struct ItemCity {
  let city: CommandsCity
  let hub: CommandsNode
  let east: CommandsNode
  let lake: CommandsNode
  let other: CommandsNode
  let lead: String

  static let day: UInt64 = 86_400_000

  init() async throws {
    city = try CommandsCity(townships: 2)
    (hub, east) = (try city.node("hub"), try city.node("east"))
    (lake, other) = (try city.node("lake0"), try city.node("lake1"))
    let process = try String(
      contentsOf: HistoryCity.root.appending(path: "topology/process.yaml"), encoding: .utf8)
    _ = try await hub.commands.applyProcess(
      ProcessApplyArguments(text: process), by: CommandsNode.clerk())
    try hub.carry(to: east)
    for township in [lake, other] { try east.carry(to: township) }
    lead = try await east.report().id
    try await east.act("registered", on: lead)
    try await east.act("triaged", on: lead, ["types": "noise"])
    try await east.act("dispatched", on: lead, to: ["lake0"])
    try exchange()
    try await lake.act("signed", on: lead)
  }

  /// Brings everything everywhere, as links would.
  func exchange() throws {
    for township in [lake, other] { try township.carry(to: east) }
    try east.carry(to: hub)
    try hub.carry(to: east)
    for township in [lake, other] { try east.carry(to: township) }
  }

  /// Orders items at `lake0`, each `TEXT` or `TEXT@TIME`.
  func order(_ items: [String], due: String? = nil, at node: CommandsNode? = nil) async throws {
    var arguments = LeadKindArguments(lead: lead, act: "lead.rectification_ordered")
    arguments.values = ["order": "限期整改"]
    arguments.items = items
    arguments.due = due
    _ = try await (node ?? lake).commands.actOnLead(arguments, by: CommandsNode.clerk())
  }

  /// The time so many days from the city's beginning, as people write it (China Standard Time).
  static func date(_ days: UInt64) -> String {
    utc(days, ahead: 8 * 3_600).replacing("T", with: " ").replacing("Z", with: "")
  }

  /// The same as answers tell it.
  static func utc(_ days: UInt64, ahead seconds: UInt64 = 0) -> String {
    let whole = CommandsCity.start / 1_000 + days * 86_400 + seconds
    return Date(timeIntervalSince1970: Double(whole)).formatted(.iso8601)
  }

  /// Every level written on items, as `TEXT LEVEL` in order, as a node knows them.
  func levels(at node: CommandsNode) throws -> [String] {
    var arguments = WarningListArguments()
    arguments.lead = lead
    return try node.commands.listWarnings(arguments).compactMap { warning in
      warning.item.map { "\($0) \(warning.level)" }
    }.sorted()
  }

  func checkVerifies() async throws {
    for node in [hub, east, lake, other] { #expect(try await node.commands.verify().ok) }
  }
}

extension CommandsNode {
  @discardableResult
  func act(
    _ act: String, on lead: String, account: String = "wang", to: [String] = [],
    _ values: [String: String] = [:]
  ) async throws -> ActAnswer {
    var arguments = LeadKindArguments(lead: lead, act: act)
    arguments.values = values
    arguments.to = to
    return try await commands.actOnLead(
      arguments, by: ActingPerson(account: account, role: "platform_office"))
  }

  @discardableResult
  func actOnItem(
    _ act: String, _ item: String, account: String = "wang", _ values: [String: String]
  ) async throws -> ActAnswer {
    var arguments = LeadKindArguments(lead: item, act: act)
    arguments.values = values
    return try await commands.actOnItem(
      arguments, by: ActingPerson(account: account, role: "platform_office"))
  }

  @discardableResult
  func extendItem(_ item: String, days: Int, account: String = "wang") async throws -> ActAnswer {
    var arguments = LeadKindArguments(lead: item, act: "item.extension_granted")
    arguments.values = ["days": String(days), "reason": "材料未到"]
    return try await commands.extendItem(
      arguments, by: ActingPerson(account: account, role: "platform_office"))
  }

  func items(of lead: String) throws -> [ItemAnswer] {
    try commands.listItems(LeadShowArguments(lead: lead))
  }
}
