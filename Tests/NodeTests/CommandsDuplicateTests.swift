import Foundation
import Ledger
import Node
import Regions
import Store
import Testing

/// Duplicates, incidents, hard cases, and the second return.
@Suite(.timeLimit(.minutes(4))) struct CommandsDuplicateTests {
  private static func hub() async throws -> (CommandsCity, CommandsNode) {
    let city = try CommandsCity()
    let hub = try city.node("hub")
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let text = try String(
      contentsOf: root.appending(path: "topology/process.yaml"), encoding: .utf8)
    _ = try await hub.commands.applyProcess(
      ProcessApplyArguments(text: text), by: CommandsNode.clerk())
    return (city, hub)
  }

  @discardableResult
  private func act(
    _ act: String, on lead: String, at node: CommandsNode, to: [String] = [],
    as role: String = "platform_office", _ values: [String: String] = [:]
  ) async throws -> ActAnswer {
    var arguments = LeadKindArguments(lead: lead, act: act)
    arguments.values = values
    arguments.to = to
    return try await node.commands.actOnLead(arguments, by: CommandsNode.clerk(role))
  }

  private func report(
    _ title: String, _ text: String = "", at node: CommandsNode, reported: String? = nil,
    place: String? = nil, respondent: String? = nil
  ) async throws -> String {
    var arguments = LeadReportArguments(channel: "phone")
    arguments.title = title
    arguments.text = text.isEmpty ? nil : text
    arguments.reported = reported
    arguments.place = place
    arguments.respondent = respondent
    return try await node.commands.reportLead(arguments, by: CommandsNode.clerk()).id
  }

  private func triaged(_ title: String, at node: CommandsNode) async throws -> String {
    let lead = try await report(title, at: node)
    try await act("registered", on: lead, at: node)
    try await act("triaged", on: lead, at: node, ["types": "air"])
    return lead
  }

  @Test
  func `what is about the same thing is found, what is not is left out, and a new title counts`()
    async throws
  {
    let (_, hub) = try await Self.hub()
    let first = try await report("恒达水泥搅拌站粉尘扰民", "昼夜生产", at: hub, respondent: "恒达建材公司")
    let like = try await report("投诉恒达搅拌站扬尘", "距小区仅五十米", at: hub)
    // Of two leads alone what they share tells already.
    let alone = try await hub.commands.listDuplicates(LeadDuplicatesArguments(lead: first))
    #expect(alone.map(\.id) == [like])
    let other = try await report("沿河烧烤摊油烟", at: hub)
    let same = try await report("夜里太吵", at: hub, respondent: "恒达建材 公司")
    for filler in 0..<40 { _ = try await report("第\(filler)号楼下广场舞音响", at: hub) }
    let found = try await hub.commands.listDuplicates(LeadDuplicatesArguments(lead: first))
    #expect(Set(found.map(\.id)) == [like, same])
    #expect(found.first { $0.id == same }?.sameRespondent == true)
    #expect(zip(found, found.dropFirst()).allSatisfy { $0.score >= $1.score })
    // What a lead says now counts, not what it said when it came.
    _ = try await hub.commands.describeLead(
      LeadDescribeArguments(lead: other, field: "title", value: "恒达水泥搅拌站夜间扬尘"),
      by: CommandsNode.clerk())
    let after = try await hub.commands.listDuplicates(LeadDuplicatesArguments(lead: first))
    #expect(Set(after.map(\.id)) == [like, same, other])
    // A store that was rebuilt answers the same.
    _ = try await hub.commands.rebuild()
    #expect(
      try await hub.commands.listDuplicates(LeadDuplicatesArguments(lead: first)) == after)
    #expect(try await hub.commands.verify().ok)
    var bad = LeadDuplicatesArguments(lead: first)
    bad.least = 0
    #expect(await commandError { _ = try await hub.commands.listDuplicates(bad) }?.exit == .badData)
  }

  @Test func `an incident keeps its reports apart and says when they can be handled`() async throws
  {
    let (city, hub) = try await Self.hub()
    let (incident, one, two) = (
      try await triaged("搅拌站", at: hub), try await triaged("搅拌站吵", at: hub),
      try await triaged("搅拌站灰", at: hub)
    )
    for bad in [one, "0001-1-999999-9", "nothing"] {
      await #expect(throws: (any Error).self) {
        try await act("merged", on: one, at: hub, ["incident": bad])
      }
    }
    for report in [one, two] {
      let number = try hub.commands.showLead(LeadShowArguments(lead: incident)).lead.number
      try await act("merged", on: report, at: hub, ["incident": number ?? ""])
    }
    // Neither a chain upward nor one downward.
    let third = try await triaged("又一件", at: hub)
    #expect(
      await commandError { try await act("merged", on: third, at: hub, ["incident": one]) }?.exit
        == .refused)
    #expect(
      await commandError { try await act("merged", on: incident, at: hub, ["incident": third]) }?
        .exit == .refused)
    let shown = try hub.commands.showLead(LeadShowArguments(lead: incident))
    #expect(shown.reports.map(\.id) == [one, two] && shown.incident == nil)
    #expect(try hub.commands.listIncidents(IncidentListArguments()).map(\.reports) == [2])
    var report = try hub.commands.showLead(LeadShowArguments(lead: one))
    #expect(report.incident?.id == incident && report.incident?.ended == false)
    // The incident ends; its reports go on to feedback and stay linked.
    try await act("void_proposed", on: incident, at: hub, ["reason": "测试"])
    var voided = LeadKindArguments(lead: incident, act: "voided")
    voided.values = ["note": "同意"]
    _ = try await hub.commands.actOnLead(
      voided, by: ActingPerson(account: "li", role: "platform_office"))
    report = try hub.commands.showLead(LeadShowArguments(lead: one))
    #expect(report.incident?.ended == true)
    try await act("incident_handled", on: one, at: hub, ["result": "已拆除"])
    #expect(try hub.commands.showLead(LeadShowArguments(lead: one)).incident?.id == incident)
    try await act("separated", on: two, at: hub, ["reason": "另一家"])
    #expect(try hub.commands.showLead(LeadShowArguments(lead: two)).incident == nil)
    #expect(
      try hub.commands.showLead(LeadShowArguments(lead: incident)).reports.map(\.id) == [one])
    _ = try await hub.commands.rebuild()
    #expect(
      try hub.commands.showLead(LeadShowArguments(lead: incident)).reports.map(\.id) == [one])
    #expect(try await hub.commands.verify().ok)
    // Hard cases: one report is linked, and none runs for long.
    var hard = HardCaseArguments()
    #expect(try hub.commands.listHardCases(hard).isEmpty)
    hard.reports = 1
    #expect(try hub.commands.listHardCases(hard).map(\.lead.id) == [incident])
    city.turnClock(by: 61 * 86_400_000)
    hard.reports = 3
    let old = try hub.commands.listHardCases(hard)
    #expect(Set(old.map(\.lead.id)) == [one, two, third])
    #expect(old.allSatisfy { $0.why == ["long_running"] && $0.days >= 61 })
    hard.days = 0
    #expect(await commandError { _ = try hub.commands.listHardCases(hard) }?.exit == .badData)
  }

  @Test func `a second return asks one tier above the giver, and nobody else`() async throws {
    let (city, hub) = try await Self.hub()
    let (east, lake) = (try city.node("east"), try city.node("lake0"))
    try hub.carry(to: east)
    try east.carry(to: lake)
    let lead = try await triaged("扬尘", at: east)
    for round in 0..<2 {
      try await act("dispatched", on: lead, at: east, to: ["lake0"])
      try east.carry(to: lake)
      guard round == 0 else { break }
      try await act("returned", on: lead, at: lake, ["reason": "非我职责"])
      try lake.carry(to: east)
    }
    let refused = await commandError {
      try await act("returned", on: lead, at: lake, ["reason": "非我职责"])
    }
    #expect(refused?.exit == .refused && refused?.english.contains("lead.escalated") == true)
    #expect(
      await commandError {
        try await act("escalated", on: lead, at: lake, to: ["east"], ["reason": "非我职责"])
      }?.exit == .badData)
    #expect(try await act("escalated", on: lead, at: lake, ["reason": "非我职责"]).stage == "ruling")
    try lake.carry(to: east)
    try east.carry(to: hub)
    let detail = try hub.commands.showLead(LeadShowArguments(lead: lead))
    #expect(detail.lead.handler == ["hub"])
    try await act("ruled", on: lead, at: hub, to: ["lake0"], ["basis": "属地管理"])
  }

  /// Real complaints, read where the folder is; nothing of them is printed.
  @Test func `most of the reports on one plant are found by any of them`() async throws {
    let folder =
      ProcessInfo.processInfo.environment["LIANDONG_DATA"].map { URL(filePath: $0) }
      ?? URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "../shared/data")
    let path = folder.appending(path: "complaints-sample.tsv")
    guard let text = try? String(contentsOf: path, encoding: .utf8) else {
      print("skipped: set LIANDONG_DATA to the folder that holds complaints-sample.tsv")
      return
    }
    let (_, hub) = try await Self.hub()
    var plant: Set<String> = []
    for line in text.split(separator: "\n").dropFirst() {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard fields.count >= 4 else { continue }
      let id = try await report(fields[2], fields[3], at: hub, reported: "2019-12-01 08:00")
      let all = fields[2] + fields[3]
      if all.contains("丽发"), all.contains("搅拌") { plant.insert(id) }
    }
    var (found, right, clock) = (0, 0, Duration.zero)
    for lead in plant {
      var arguments = LeadDuplicatesArguments(lead: lead)
      arguments.limit = 200
      let start = ContinuousClock.now
      let answers = try await hub.commands.listDuplicates(arguments)
      clock += ContinuousClock.now - start
      found += answers.count
      right += answers.filter { plant.contains($0.id) }.count
    }
    let recall = Double(right) / Double(plant.count * (plant.count - 1))
    let precision = Double(right) / Double(max(found, 1))
    print(
      "duplicates: \(plant.count) reports, recall \(recall), precision \(precision), "
        + "\(clock / max(plant.count, 1)) a lookup")
    #expect(recall >= 0.7 && precision >= 0.8)
  }
}
