import Foundation
import Ledger
import Node
import Regions
import Store
import Testing

/// Acts on leads at nodes with stores on the disk.
@Suite(.timeLimit(.minutes(10))) struct CommandsLeadTests {
  @Test func `a lead goes from report over dispatch to close, and every holder sees the same`()
    async throws
  {
    let city = try CommandsCity()
    let (hub, east, lake) = (try city.node("hub"), try city.node("east"), try city.node("lake0"))
    let report = try await lake.report()
    #expect(report.stage == "dispatch")
    let number = try #require(report.number)
    #expect(number.hasPrefix("0010-1-000001-"))
    try lake.carry(to: east)
    try east.carry(to: hub)

    let clerk = try CommandsNode.clerk()
    var dispatch = LeadDispatchArguments(lead: number, to: ["湖0", "west"])
    dispatch.department = "ecology"
    dispatch.due = "2026-12-01 08:00"
    let dispatched = try await east.commands.dispatchLead(dispatch, by: clerk)
    #expect(dispatched.stage == "sign")
    try east.carry(to: lake)
    try east.carry(to: hub)
    let west = try city.node("west")
    try hub.carry(to: west)
    #expect(try west.commands.listLeads(LeadListArguments()).map(\.id) == [report.id])

    let steps: [(LeadAct, String?, String)] = [
      (.sign, nil, "inspect"), (.inspect, "扬尘未覆盖", "inspect"),
      (.progress, "已责令整改", "inspect"), (.close, "整改完成", "closed"),
      (.reopen, "再次投诉", "dispatch"),
    ]
    for (act, text, stage) in steps {
      let answer = try await lake.commands.act(
        act, LeadActArguments(lead: number, text: text), by: clerk)
      #expect(answer.stage == stage, "\(act)")
    }
    try lake.carry(to: east)
    try east.carry(to: hub)
    let shown = try hub.commands.showLead(LeadShowArguments(lead: number))
    #expect(shown.lead.stage == "dispatch")
    #expect(shown.inspections == 1)
    #expect(
      shown.timeline.map(\.kind) == [
        "lead.reported", "lead.dispatched", "lead.signed", "lead.inspected", "lead.progressed",
        "lead.closed", "lead.reopened",
      ])
    #expect(shown.timeline.allSatisfy { $0.effect == "effective" && $0.actor == "wang" })
    #expect(shown.audience == ["lake0", "west"])
    let lakeRegion = try #require(RegionID("lake0"))
    let digests = try [hub, east, lake].map { node in
      try node.core.store.read { try $0.digest(of: lakeRegion) }
    }
    #expect(Set(digests).count == 1)
  }

  @Test func `withdraw, return and describe do what they say`() async throws {
    let city = try CommandsCity()
    let (east, lake) = (try city.node("east"), try city.node("lake0"))
    let clerk = try CommandsNode.clerk()
    let report = try await lake.report()
    try lake.carry(to: east)
    let dispatch = LeadDispatchArguments(lead: report.id, to: ["lake0"])
    _ = try await east.commands.dispatchLead(dispatch, by: clerk)
    let withdrawn = try await east.commands.act(
      .withdraw, LeadActArguments(lead: report.id), by: clerk)
    #expect(withdrawn.stage == "dispatch")
    _ = try await east.commands.dispatchLead(dispatch, by: clerk)
    try east.carry(to: lake)
    let returned = try await lake.commands.act(
      .sendBack, LeadActArguments(lead: report.id, text: "不属本辖区"), by: clerk)
    #expect(returned.stage == "returned")
    let handler = try lake.commands.showLead(LeadShowArguments(lead: report.id)).lead.handler
    #expect(handler == ["east"])

    for (field, value) in [
      ("place", "人民路 1 号"), ("region", "湖0镇"), ("types", "noise,air"),
      ("location", "34.6012,119.2215"),
    ] {
      _ = try await lake.commands.describeLead(
        LeadDescribeArguments(lead: report.id, field: field, value: value), by: clerk)
    }
    let shown = try lake.commands.showLead(LeadShowArguments(lead: report.id))
    #expect(shown.place == "人民路 1 号")
    #expect(shown.lead.region == "lake0")
    #expect(shown.types == ["air", "noise"])
    #expect(shown.latitude == 34.6012)
  }

  @Test func `what the process or the place forbids is refused with exit 77 and writes nothing`()
    async throws
  {
    let city = try CommandsCity()
    let (east, lake) = (try city.node("east"), try city.node("lake0"))
    let clerk = try CommandsNode.clerk()
    let report = try await lake.report()
    try lake.carry(to: east)
    let before = try lake.core.store.read { try $0.identity().sequence }
    let tooEarly = await commandError {
      _ = try await lake.commands.act(.sign, LeadActArguments(lead: report.id), by: clerk)
    }
    #expect(tooEarly?.exit == .refused)
    #expect(tooEarly?.code == .notPermitted)
    let noClose = await commandError {
      _ = try await lake.commands.act(
        .close, LeadActArguments(lead: report.id, text: "无"), by: clerk)
    }
    #expect(noClose?.exit == .refused)
    #expect(try lake.core.store.read { try $0.identity().sequence } == before)

    _ = try await east.commands.dispatchLead(
      LeadDispatchArguments(lead: report.id, to: ["east"]), by: clerk)
    try east.carry(to: lake)
    // Signing is for the handler, and that is the district.
    let elsewhere = await commandError {
      _ = try await lake.commands.act(.sign, LeadActArguments(lead: report.id), by: clerk)
    }
    #expect(elsewhere?.exit == .refused)
    #expect(elsewhere?.english.contains("east") == true)
  }

  @Test func `bad input is refused with exit 65 and names its field`() async throws {
    let city = try CommandsCity(townships: 2)
    let lake = try city.node("lake0")
    let clerk = try CommandsNode.clerk()
    func reporting(_ change: (inout LeadReportArguments) -> Void) async -> CommandError? {
      var arguments = LeadReportArguments(channel: "phone")
      arguments.title = "异味"
      change(&arguments)
      return await commandError {
        _ = try await lake.commands.reportLead(arguments, by: clerk)
      }
    }
    let cases: [(String, CommandError?)] = [
      ("--channel", await reporting { $0.channel = "Hot Line" }),
      ("--title", await reporting { $0.title = "  " }),
      ("--reported", await reporting { $0.reported = "2026-02-30 10:00" }),
      ("--type", await reporting { $0.types = ["smoke"] }),
      ("--latitude", await reporting { $0.latitude = 34 }),
      ("--region", await reporting { $0.region = "lake7" }),
    ]
    for (field, error) in cases {
      #expect(error?.exit == .badData, "\(field)")
      #expect(error?.english.hasPrefix(field) == true, "\(field): \(error?.english ?? "")")
    }
    #expect(cases[5].1?.english.contains("lake0") == true)

    let report = try await lake.report()
    let unknown = await commandError {
      _ = try await lake.commands.dispatchLead(
        LeadDispatchArguments(lead: report.id, to: ["esat"]), by: clerk)
    }
    #expect(unknown?.code == .unknownRegion)
    #expect(unknown?.english.contains("east") == true)
    let noFinding = await commandError {
      _ = try await lake.commands.act(
        .inspect, LeadActArguments(lead: report.id, text: " "), by: clerk)
    }
    #expect(noFinding?.english.hasPrefix("--finding") == true)
    let nowhere = await commandError {
      _ = try lake.commands.showLead(LeadShowArguments(lead: "abcdef"))
    }
    #expect(nowhere?.code == .notFound)
    #expect(nowhere?.exit == .badData)
    #expect(throws: CommandError.self) { try ActingPerson(account: "", role: "x") }
  }

  @Test func `a lead is found by number as spoken, by id and by the start of its id`()
    async throws
  {
    let city = try CommandsCity()
    let lake = try city.node("lake0")
    let report = try await lake.report()
    let number = try #require(report.number)
    let wide = String(
      String.UnicodeScalarView(
        number.unicodeScalars.map { scalar in
          (0x30...0x39).contains(scalar.value)
            ? Unicode.Scalar(scalar.value - 0x30 + 0xFF10) ?? scalar : scalar
        }))
    for reference in [
      number, number.filter { $0 != "-" }, wide, report.id,
      report.id.uppercased(), String(report.id.prefix(15)),
    ] {
      let shown = try lake.commands.showLead(LeadShowArguments(lead: reference))
      #expect(shown.lead.id == report.id, "\(reference)")
    }
    // A misheard digit is told as such.
    let last = try #require(number.last?.wholeNumberValue)
    let misheard = number.dropLast() + String((last + 1) % 10)
    #expect(throws: (any Error).self) {
      try lake.commands.showLead(LeadShowArguments(lead: String(misheard)))
    }
  }

  @Test func `pages of a list join without gap or double, and filters hold`() async throws {
    let city = try CommandsCity()
    let lake = try city.node("lake0")
    var reported: [String] = []
    for index in 0..<7 { reported.append(try await lake.report("线索 \(index)").id) }
    _ = try await lake.commands.dispatchLead(
      LeadDispatchArguments(lead: reported[2], to: ["lake0"]), by: CommandsNode.clerk())
    var seen: [String] = []
    var arguments = LeadListArguments()
    arguments.limit = 3
    while true {
      let page = try lake.commands.listLeads(arguments)
      seen += page.map(\.id)
      guard let last = page.last else { break }
      arguments.before = last.id
    }
    #expect(seen == reported.reversed())
    var signing = LeadListArguments()
    signing.stage = "签收"
    signing.mine = true
    #expect(try lake.commands.listLeads(signing).map(\.id) == [reported[2]])
    var none = LeadListArguments()
    none.handler = "west"
    #expect(try lake.commands.listLeads(none).isEmpty)
  }
}
