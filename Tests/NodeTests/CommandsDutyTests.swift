import Foundation
import Node
import Regions
import Store
import Testing

/// The duty list as the hub distributes it, and leads that are dispatched by it.
@Suite(.timeLimit(.minutes(10))) struct CommandsDutyTests {
  private static func shipped(_ name: String = "duties") throws -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try String(contentsOf: root.appending(path: "topology/\(name).yaml"), encoding: .utf8)
  }

  private func apply(
    _ text: String, at node: CommandsNode, from: String? = nil, dryRun: Bool = false
  ) async throws -> DutyApplyAnswer {
    var arguments = DutyApplyArguments(text: text)
    arguments.from = from
    arguments.dryRun = dryRun
    return try await node.commands.applyDuties(arguments, by: CommandsNode.clerk())
  }

  private func report(
    at node: CommandsNode, _ text: String, place: String? = nil, types: [String]? = nil
  ) async throws -> String {
    var arguments = LeadReportArguments(channel: "phone")
    arguments.title = text
    arguments.place = place
    arguments.types = types
    return try await node.commands.reportLead(arguments, by: CommandsNode.clerk()).id
  }

  private func dispatch(_ lead: String, at node: CommandsNode) async throws -> ActAnswer {
    var arguments = LeadDispatchArguments(lead: lead, to: [])
    arguments.byRule = true
    return try await node.commands.dispatchLead(arguments, by: CommandsNode.clerk())
  }

  @Test func `the list is published by versions, by the hub alone, and faults change nothing`()
    async throws
  {
    let city = try CommandsCity()
    let (hub, east, lake) = (try city.node("hub"), try city.node("east"), try city.node("lake0"))
    let text = try Self.shipped()
    #expect(await commandError { _ = try await apply(text, at: east) }?.exit == .refused)
    let stray = text.replacing(
      "  straw: {department", with: "  straw: {region: nowhere, department")
    #expect(await commandError { _ = try await apply(stray, at: hub) }?.exit == .badData)
    let faulty = text.replacing("lead: township", with: "lead: Town")
    #expect(
      await commandError { _ = try await apply(faulty, at: hub) }?.english.contains("Town") == true)
    #expect(try await apply(text, at: hub, dryRun: true).changed)
    #expect(try hub.commands.listDuties().isEmpty)
    #expect(try await apply(text, at: hub).changed)
    #expect(try await !apply(text, at: hub).changed)
    // A later version counts from its day on, and both are held everywhere.
    let later = text.replacing(
      "  ecology: {department: ecology, lead: district",
      with: "  ecology: {department: ecology, lead: city")
    #expect(try await apply(later, at: hub, from: "2027-01-01 00:00").changed)
    try hub.carry(to: east)
    try east.carry(to: lake)
    for node in [hub, east, lake] {
      let versions = try node.commands.listDuties()
      #expect(versions.map(\.inForce) == [true, false])
      _ = try await node.commands.rebuild()
      #expect(try node.commands.listDuties() == versions)
    }
    let lead = try await report(at: lake, "异味", place: "湖0镇")
    var arguments = LeadRouteArguments(lead: lead)
    #expect(try lake.commands.routeLead(arguments).leadUnit?.region == "east")
    arguments.day = "2027-01-01"
    #expect(try lake.commands.routeLead(arguments).leadUnit?.region == "hub")
    arguments.day = "2020-01-01"
    #expect(await commandError { _ = try lake.commands.routeLead(arguments) }?.exit == .refused)
    arguments.day = "someday"
    #expect(await commandError { _ = try lake.commands.routeLead(arguments) }?.exit == .badData)
  }

  @Test func `the hub dispatches to a township by rule, and the event says which row`() async throws
  {
    let city = try CommandsCity()
    let (hub, east, lake) = (try city.node("hub"), try city.node("east"), try city.node("lake0"))
    _ = try await apply(Self.shipped(), at: hub)
    let lead = try await report(at: hub, "湖0镇有人露天焚烧秸秆", types: ["air"])
    let route = try hub.commands.routeLead(LeadRouteArguments(lead: lead))
    #expect(route.regionBy == "text" && route.region?.region == "lake0" && route.decided)
    #expect(route.leadUnit?.region == "lake0" && route.coUnits.map(\.region) == ["east"])
    let dispatched = try await dispatch(lead, at: hub)
    #expect(dispatched.stage == "dispatched" || dispatched.stage == "sign")
    try hub.carry(to: east)
    try east.carry(to: lake)
    let detail = try lake.commands.showLead(LeadShowArguments(lead: lead))
    #expect(detail.lead.handler == ["lake0", "east"] && detail.lead.department == "township")
    #expect(detail.timeline.last?.details["rule"] == route.rule)
    #expect(route.rule?.hasSuffix(" straw") == true)
  }

  @Test func `the shipped process keeps the rule, and a hotline's lead needs its id`() async throws
  {
    let city = try CommandsCity()
    let hub = try city.node("hub")
    _ = try await hub.commands.applyProcess(
      ProcessApplyArguments(text: Self.shipped("process")), by: CommandsNode.clerk())
    _ = try await apply(Self.shipped(), at: hub)
    var report = LeadReportArguments(channel: "hotline_12345")
    report.title = "东海区水泥厂冒灰"
    report.types = ["air"]
    let lead = try await hub.commands.reportLead(report, by: CommandsNode.clerk()).id
    var registered = LeadKindArguments(lead: lead, act: "registered")
    let refused = await commandError {
      _ = try await hub.commands.actOnLead(registered, by: CommandsNode.clerk())
    }
    #expect(refused?.exit == .badData && refused?.english.contains("source_id") == true)
    registered.values = ["source_id": "GD-1"]
    _ = try await hub.commands.actOnLead(registered, by: CommandsNode.clerk())
    var triaged = LeadKindArguments(lead: lead, act: "triaged")
    triaged.values = ["types": "air"]
    triaged.byRule = true
    // What keeps no rule cannot be done by one.
    #expect(
      await commandError {
        _ = try await hub.commands.actOnLead(triaged, by: CommandsNode.clerk())
      }?.exit == .badData)
    triaged.byRule = false
    _ = try await hub.commands.actOnLead(triaged, by: CommandsNode.clerk())
    var dispatched = LeadKindArguments(lead: lead, act: "dispatched")
    dispatched.byRule = true
    _ = try await hub.commands.actOnLead(dispatched, by: CommandsNode.clerk())
    let detail = try hub.commands.showLead(LeadShowArguments(lead: lead))
    #expect(detail.lead.handler == ["east"] && detail.lead.department == "ecology")
    #expect(detail.timeline.last?.details["rule"]?.hasSuffix(" ecology") == true)
    // A channel that the list does not have, or has turned off, takes no new lead.
    report.channel = "smoke_signal"
    #expect(
      await commandError {
        _ = try await hub.commands.reportLead(report, by: CommandsNode.clerk())
      }?.exit == .badData)
    _ = try await apply(
      Self.shipped().replacing("en: drone}", with: "en: drone, enabled: false}"), at: hub)
    report.channel = "drone"
    #expect(
      await commandError {
        _ = try await hub.commands.reportLead(report, by: CommandsNode.clerk())
      }?.exit == .badData)
  }

  @Test func `a name that several answer to routes nothing and lists them`() async throws {
    let city = try CommandsCity(townships: 2, names: ["张集街道", "张集镇"])
    let hub = try city.node("hub")
    _ = try await apply(Self.shipped(), at: hub)
    let doubtful = try await report(at: hub, "异味", place: "东海区张集某厂", types: ["air"])
    let route = try hub.commands.routeLead(LeadRouteArguments(lead: doubtful))
    #expect(route.candidates.map(\.region) == ["lake0", "lake1"] && route.region == nil)
    #expect(!route.decided && route.leadUnit == nil && route.rule == nil)
    #expect(await commandError { _ = try await dispatch(doubtful, at: hub) }?.exit == .refused)
    let clear = try await report(at: hub, "异味", place: "张集镇某厂", types: ["air"])
    #expect(
      try hub.commands.routeLead(LeadRouteArguments(lead: clear)).region?.region == "lake1")
    let coded = try await report(at: hub, "异味", place: "nbs2023:320710 附近", types: ["air"])
    let byCode = try hub.commands.routeLead(LeadRouteArguments(lead: coded))
    #expect(byCode.regionBy == "code" && byCode.region?.region == "lake0")
    let nowhere = try await report(at: hub, "异味", types: ["air"])
    let unknown = try hub.commands.routeLead(LeadRouteArguments(lead: nowhere))
    #expect(unknown.regionBy == "none" && unknown.candidates.isEmpty && !unknown.decided)
  }
}
