import Foundation
import Ledger
import Node
import Regions
import Store
import Testing

/// The process as the hub distributes it, and leads that go through it.
@Suite(.timeLimit(.minutes(10))) struct CommandsProcessTests {
  private static func shipped() throws -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try String(contentsOf: root.appending(path: "topology/process.yaml"), encoding: .utf8)
  }

  private static func person(_ account: String, _ role: String) throws -> ActingPerson {
    try ActingPerson(account: account, role: role)
  }

  private func apply(
    _ text: String, at node: CommandsNode, dryRun: Bool = false
  ) async throws -> ProcessApplyAnswer {
    var arguments = ProcessApplyArguments(text: text)
    arguments.dryRun = dryRun
    return try await node.commands.applyProcess(arguments, by: CommandsNode.clerk())
  }

  /// One act, with its entries as people write them.
  @discardableResult
  private func act(
    _ act: String, on lead: String, at node: CommandsNode, as role: String = "platform_office",
    account: String = "wang", to: [String] = [], due: String? = nil,
    _ values: [String: String] = [:]
  ) async throws -> ActAnswer {
    var arguments = LeadKindArguments(lead: lead, act: act)
    arguments.values = values
    arguments.to = to
    arguments.due = due
    return try await node.commands.actOnLead(arguments, by: Self.person(account, role))
  }

  /// A picture of a pixel, told from others by its text, as evidence of a lead.
  ///
  /// - Returns: the hash of the event that added it.
  private func photograph(
    _ lead: String, at node: CommandsNode, _ text: String
  ) async throws -> String {
    let path = node.home.path(of: "\(text).png")
    let pixel: [UInt8] = [
      0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0,
      1, 0, 0, 0, 1, 8, 0, 0, 0, 0, 0x3A, 0x7E, 0x9B, 0x55,
    ]
    try Data(pixel + Array(text.utf8)).write(to: URL(filePath: path))
    let added = try await node.commands.addEvidence(
      EvidenceAddArguments(lead: lead, path: path), by: CommandsNode.clerk())
    #expect(added.held && added.type == "image/png")
    return added.event
  }

  /// Hub, district and township of a city under the shipped process.
  private func city() async throws -> (CommandsCity, [String: CommandsNode]) {
    let city = try CommandsCity()
    var nodes: [String: CommandsNode] = [:]
    for region in ["hub", "east", "lake0"] { nodes[region] = try city.node(region) }
    let answer = try await apply(Self.shipped(), at: #require(nodes["hub"]))
    #expect(answer.changed)
    try exchange(nodes)
    return (city, nodes)
  }

  private func exchange(_ nodes: [String: CommandsNode]) throws {
    for (from, to) in [
      ("lake0", "east"), ("east", "hub"), ("hub", "east"), ("east", "lake0"),
    ] {
      guard let from = nodes[from], let to = nodes[to] else { continue }
      try from.carry(to: to)
    }
  }

  @Test func `a process is published once, by the hub alone, and faults change nothing`()
    async throws
  {
    let city = try CommandsCity()
    let (hub, east) = (try city.node("hub"), try city.node("east"))
    let text = try Self.shipped()
    let refused = await commandError { _ = try await apply(text, at: east) }
    #expect(refused?.exit == .refused)
    let faulty = await commandError {
      _ = try await apply(text.replacing("owner: channel_duty", with: "owner: nobody"), at: hub)
    }
    #expect(faulty?.exit == .badData && faulty?.english.contains("unknown") != nil)
    #expect(try hub.commands.listProcesses().isEmpty)
    #expect(try await apply(text, at: hub, dryRun: true).changed)
    #expect(try hub.commands.listProcesses().isEmpty)
    #expect(try await apply(text, at: hub).changed)
    #expect(try await !apply(text, at: hub).changed)
    let listed = try hub.commands.listProcesses()
    #expect(listed.count == 1 && listed[0].inForce && listed[0].families.contains("lead"))
  }

  @Test func `a lead goes the whole way to archive across three tiers`() async throws {
    let (_, nodes) = try await city()
    let (hub, east, lake) = (
      try #require(nodes["hub"]), try #require(nodes["east"]), try #require(nodes["lake0"])
    )
    let lead = try await east.report().id
    #expect(try await act("registered", on: lead, at: east).stage == "triage")
    try await act("triaged", on: lead, at: east, ["types": "noise"])
    try await act("dispatched", on: lead, at: east, to: ["lake0"], ["rule": "属地"])
    try exchange(nodes)
    try await act("signed", on: lead, at: lake, as: "township_clerk")
    let bare = await commandError {
      try await act(
        "inspected", on: lead, at: lake, as: "township_clerk",
        ["officers": "李四,王五", "finding": "夜间施工属实"])
    }
    #expect(bare?.exit == .refused && bare?.english.contains("photos") == true)
    let photos = try await [
      photograph(lead, at: lake, "前"), photograph(lead, at: lake, "后"),
    ].map { String($0.prefix(20)) }
    let other = try await photograph(lake.report().id, at: lake, "别案")
    let foreign = await commandError {
      try await act(
        "inspected", on: lead, at: lake, as: "township_clerk",
        ["officers": "李四,王五", "finding": "夜间施工属实", "photos": other])
    }
    #expect(foreign?.exit == .badData && foreign?.english.contains("evidence") == true)
    try await act(
      "inspected", on: lead, at: lake, as: "township_clerk",
      ["officers": "李四,王五", "finding": "夜间施工属实", "photos": photos[0]])
    let ordered = try await act(
      "rectification_ordered", on: lead, at: lake, as: "township_clerk", due: "2026-12-10 18:00",
      ["order": "停止夜间施工", "items": "加装围挡,调整工时"])
    #expect(ordered.stage == "rectify")
    let items = try lake.commands.listItems(LeadShowArguments(lead: lead)).map(\.id)
    for item in items {
      var done = LeadKindArguments(lead: item, act: "item.done")
      done.values = ["result": "已整改"]
      _ = try await lake.commands.actOnItem(done, by: Self.person("wang", "township_clerk"))
    }
    try await act(
      "整改完成", on: lead, at: lake, as: "township_clerk",
      ["result": "已停工", "before_after": photos.joined(separator: ",")])
    try exchange(nodes)
    try await act("rechecked", on: lead, at: east, ["officers": "赵六", "result": "属实"])
    for item in items {
      var checked = LeadKindArguments(lead: item, act: "item.checked")
      checked.values = ["result": "属实"]
      _ = try await east.commands.actOnItem(checked, by: Self.person("zhao", "platform_office"))
    }
    try await act("visited", on: lead, at: east, ["result": "未接通"])
    try await act("fed_back", on: lead, at: east, ["result": "满意", "score": "5"])
    try await act("closed", on: lead, at: east, ["result": "已整改", "checks": "材料齐全"])
    try await act("disclosed", on: lead, at: east, ["text": "已整改", "redaction": "孙七"])
    #expect(try await act("archived", on: lead, at: east).stage == "archived")
    try exchange(nodes)
    for node in [hub, east, lake] {
      let shown = try node.commands.showLead(LeadShowArguments(lead: lead))
      #expect(shown.lead.stage == "archived")
      #expect(shown.clocks.isEmpty, "what is over is late no more")
    }
  }

  @Test func `what is missing, wrong or another's is refused with its reason`() async throws {
    let (_, nodes) = try await city()
    let east = try #require(nodes["east"])
    let lead = try await east.report().id
    let sequence = try east.core.store.read { try $0.identity().sequence }
    func refusal(
      _ word: String, as role: String = "platform_office", to: [String] = [],
      _ values: [String: String] = [:]
    ) async -> CommandError? {
      await commandError { try await act(word, on: lead, at: east, as: role, to: to, values) }
    }
    let unknown = await refusal("vanished")
    #expect(unknown?.exit == .badData && unknown?.english.contains("lead.registered") == true)
    let stage = await refusal("triaged", ["types": "noise"])
    #expect(stage?.exit == .refused && stage?.english.contains("triage") == true)
    let role = await refusal("registered", as: "discipline_inspector")
    #expect(role?.exit == .refused && role?.english.contains("discipline_inspector") == true)
    let extra = await refusal("registered", ["colour": "red"])
    #expect(extra?.exit == .badData && extra?.english.contains("source_id") == true)
    let field = await refusal("described")
    #expect(field?.exit == .badData && field?.english.contains("lead describe") == true)
    let unused = await refusal("registered", to: ["lake0"])
    #expect(unused?.exit == .badData)
    #expect(try east.core.store.read { try $0.identity().sequence } == sequence)
    try await act("registered", on: lead, at: east)
    let evidence = await refusal("triaged")
    #expect(evidence?.exit == .refused && evidence?.english.contains("types") == true)
    let nowhere = await refusal("rejection_proposed", ["reason": " "])
    #expect(nowhere?.exit == .badData)
  }

  @Test func `a rejection needs a second person`() async throws {
    let (_, nodes) = try await city()
    let east = try #require(nodes["east"])
    let lead = try await east.report().id
    try await act("registered", on: lead, at: east)
    try await act("rejection_proposed", on: lead, at: east, ["reason": "重复反映"])
    let same = await commandError { try await act("rejected", on: lead, at: east) }
    #expect(same?.exit == .refused && same?.english.contains("same_person") == true)
    #expect(try await act("rejected", on: lead, at: east, account: "zhao").stage == "rejected")
    #expect(
      try await act("reopened", on: lead, at: east, ["reason": "另有新线索"]).stage == "reopened")
  }

  @Test func `a running lead keeps its process until it is moved`() async throws {
    let city = try CommandsCity()
    let hub = try city.node("hub")
    let old = try await hub.report().id
    _ = try await apply(Self.shipped(), at: hub)
    let new = try await hub.report().id
    func stage(_ lead: String) throws -> String? {
      try hub.commands.showLead(LeadShowArguments(lead: lead)).lead.stage
    }
    #expect(try stage(old) == "dispatch" && stage(new) == "intake")
    var arguments = ProcessMoveArguments(entities: [old, new])
    arguments.dryRun = true
    let sequence = try hub.core.store.read { try $0.identity().sequence }
    let foreseen = try await hub.commands.moveProcess(arguments, by: CommandsNode.clerk())
    #expect(foreseen.map(\.moved) == [true, false] && foreseen[0].from != foreseen[0].to)
    #expect(foreseen[0].gained.contains("lead.merged") && foreseen[0].gained.contains("lead.urged"))
    #expect(try hub.core.store.read { try $0.identity().sequence } == sequence)
    arguments.dryRun = false
    _ = try await hub.commands.moveProcess(arguments, by: CommandsNode.clerk())
    #expect(try hub.core.store.read { try $0.identity().sequence } == sequence + 1)
    #expect(try await act("merged", on: old, at: hub, ["incident": new]).stage == "merged")
  }

  private func clocks(_ lead: String, at node: CommandsNode) throws -> [String: ClockAnswer] {
    let shown = try node.commands.showLead(LeadShowArguments(lead: lead))
    #expect(
      shown.lead.level == shown.clocks.compactMap(\.level).first { $0 == "red" }
        ?? shown.clocks.compactMap(\.level).first)
    return Dictionary(uniqueKeysWithValues: shown.clocks.map { ($0.clock, $0) })
  }

  @Test func `a stage's clock warns level by level and begins anew with the next stage`()
    async throws
  {
    let (city, nodes) = try await city()
    let east = try #require(nodes["east"])
    let lead = try await east.report().id
    let minute: UInt64 = 60_000
    var levels: [String?] = []
    for _ in 0..<5 {
      levels.append(try clocks(lead, at: east)["stage"]?.level)
      city.turnClock(by: 60 * minute)
    }
    // Two hours: a reminder at 96 minutes, then at 2, 3 and 4 hours.
    #expect(levels == [nil, nil, "yellow", "orange", "red"])
    #expect(try clocks(lead, at: east)["stage"]?.remainingSeconds ?? 0 < -2 * 3_600)
    try await act("registered", on: lead, at: east)
    let triage = try #require(try clocks(lead, at: east)["stage"])
    #expect(triage.level == nil && (triage.remainingSeconds ?? 0) > 3 * 3_600)
    // Every holder computes the same.
    try exchange(nodes)
    for node in nodes.values {
      guard (try? node.commands.showLead(LeadShowArguments(lead: lead))) != nil else { continue }
      #expect(try clocks(lead, at: node)["stage"]?.deadline == triage.deadline)
    }
  }

  @Test func `a stop moves the deadlines by its length, an extension by its days`() async throws {
    let (city, nodes) = try await city()
    let east = try #require(nodes["east"])
    let lead = try await east.report().id
    try await act("registered", on: lead, at: east)
    try await act("triaged", on: lead, at: east, ["types": "noise"])
    try await act("dispatched", on: lead, at: east, to: ["east"])
    try await act("signed", on: lead, at: east)
    func left(_ clock: String = "stage") throws -> Int64 {
      try #require(try clocks(lead, at: east)[clock]?.remainingSeconds)
    }
    let whole = try left()
    try await act("suspended", on: lead, at: east, ["reason": "等待检测结果"])
    city.turnClock(by: 10 * 3_600_000)
    let stopped = try #require(try clocks(lead, at: east)["stage"])
    #expect(stopped.state == "suspended" && stopped.deadline == nil && stopped.level == nil)
    try await act("resumed", on: lead, at: east)
    #expect(abs(try left() - whole) < 60)
    let total = try left("total")
    let grant = ["days": "30", "reason": "案情复杂"]
    let unasked = await commandError {
      try await act("extension_granted", on: lead, at: east, grant)
    }
    #expect(unasked?.exit == .refused && unasked?.english.contains("(not_asked)") == true)
    try await act("extension_requested", on: lead, at: east, grant)
    let own = await commandError {
      try await act("extension_granted", on: lead, at: east, as: "leader", account: "li", grant)
    }
    #expect(own?.exit == .refused && own?.english.contains("(not_above)") == true)
    try exchange(nodes)
    let hub = try #require(nodes["hub"])
    let longer = await commandError {
      try await act("extension_granted", on: lead, at: hub, ["days": "31", "reason": "案情复杂"])
    }
    #expect(longer?.english.contains("(too_many_days)") == true)
    try await act("extension_granted", on: lead, at: hub, grant)
    let again = await commandError { try await act("extension_granted", on: lead, at: hub, grant) }
    #expect(again?.english.contains("(answered)") == true)
    try exchange(nodes)
    #expect(try left("total") - total == 30 * 86_400)
    #expect(try left() > 29 * 86_400)
  }

  @Test func `an ordered due time is the deadline, and a year without holidays is told`()
    async throws
  {
    let (city, nodes) = try await city()
    let east = try #require(nodes["east"])
    let lead = try await east.report().id
    try await act("registered", on: lead, at: east)
    try await act("triaged", on: lead, at: east, ["types": "noise"])
    try await act("dispatched", on: lead, at: east, to: ["east"])
    try await act("signed", on: lead, at: east)
    try await act(
      "rectification_ordered", on: lead, at: east, due: "2026-12-20 18:00",
      ["order": "拆除", "items": "设备"])
    #expect(try clocks(lead, at: east)["stage"]?.deadline == "2026-12-20T10:00:00Z")
    city.turnClock(by: 35 * 86_400_000)
    try await act("filing_started", on: lead, at: east, ["reason": "拒不整改"])
    let filing = try #require(try clocks(lead, at: east)["stage"])
    // Seven working days from 28 December end in January.
    #expect(filing.deadline == nil && filing.error?.contains("2027") == true)
    // With the table of 2027 the same lead has its deadline.
    let text = try Self.shipped().replacing(
      "holidays:\n", with: "holidays:\n  2027: {\"off\": [2027-01-01]}\n")
    let answer = try await apply(text, at: #require(nodes["hub"]))
    #expect(!answer.changed && answer.years == [2_027])
    try exchange(nodes)
    #expect(try clocks(lead, at: east)["stage"]?.deadline == "2027-01-07T16:00:00Z")
  }
}
