import Foundation
import Ledger
import Node
import Regions
import Store
import Testing

/// Histories of an older system taken over with a mapping.
@Suite(.timeLimit(.minutes(10))) struct CommandsHistoryTests {
  @Test func `a closed history is one commit, tells both times and never warns`() async throws {
    let office = try await HistoryCity()
    let file = try HistoryTable.write([HistoryTable.closed], in: office)
    #expect(try await office.run(file, by: HistoryTable.mapping).figures == [1, 1, 0, 0])
    let lead = try office.lead(titled: "已办结")
    #expect(lead.lead.stage == "closed" && lead.lead.handler == ["lake0", "east"])
    #expect(Set(lead.timeline.map(\.commit)).count == 1)
    #expect(lead.timeline.first { $0.kind == "lead.registered" }?.details["source_id"] == "A1")
    let close = try #require(lead.timeline.last { $0.kind == "lead.closed" })
    #expect(close.claimedAt == "2024-03-21T02:00:00Z" && close.claimedBy == "赵六")
    #expect(close.at.hasPrefix("2026-11-23"))
    let order = try #require(lead.timeline.first { $0.kind == "lead.rectification_ordered" })
    #expect(order.claimedDue == "2024-03-19T16:00:00Z" && order.details["due"] == nil)
    #expect(order.claimedAt == "2024-03-02T02:00:00Z")
    let recheck = try #require(lead.timeline.first { $0.kind == "lead.rechecked" })
    #expect(recheck.claimedAt == "2024-03-19T04:00:00Z")
    let told = try office.east.commands.tellLead(LeadShowArguments(lead: lead.lead.id))
      .flatMap { $0.lines(in: .en) }
    #expect(told.contains { $0.contains("by the older system 2024-03-21T02:00:00Z 赵六") })
    let before = try office.eventCount
    office.city.turnClock(by: 366 * 86_400_000)
    try await office.sweep()
    #expect(try office.eventCount == before, "what is over has no warnings")
  }

  @Test func `an open history has the clock of its stage from the import on`() async throws {
    let office = try await HistoryCity()
    let file = try HistoryTable.write(
      [
        HistoryTable.row(without: HistoryTable.laterSteps, ["单号": "A2", "题": "整改中", "状态": "整改"]),
        HistoryTable.row(
          without: HistoryTable.laterSteps,
          ["单号": "A3", "题": "限期在后", "状态": "整改", "限期": "2026-12-01 12:00"]),
      ], in: office)
    #expect(try await office.run(file, by: HistoryTable.mapping).figures == [2, 2, 0, 0])
    let (past, future) = (
      try office.lead(titled: "整改中"), try office.lead(titled: "限期在后")
    )
    #expect(past.lead.due == nil && future.lead.due == "2026-12-01T04:00:00Z")
    // Fifteen days where the order's time was over, else the order's time.
    #expect(past.clocks.first { $0.clock == "stage" }?.deadline == "2026-12-08T16:00:00Z")
    #expect(future.clocks.first { $0.clock == "stage" }?.deadline == "2026-12-01T04:00:00Z")
    try await office.sweep()
    #expect(try office.warnings(on: past.lead.id).isEmpty)
    office.city.turnClock(by: 30 * 86_400_000)
    try await office.sweep()
    for lead in [past, future] {
      let warnings = try office.warnings(on: lead.lead.id)
      #expect(!warnings.isEmpty && warnings.allSatisfy { $0.stage == "rectify" })
    }
  }

  @Test func `acts after the import are judged with what it tells`() async throws {
    let office = try await HistoryCity()
    let file = try HistoryTable.write(
      [HistoryTable.row(without: ["复查", "回访", "办结"], ["题": "待复查", "状态": "复查中"])], in: office)
    #expect(try await office.run(file, by: HistoryTable.mapping).figures == [1, 1, 0, 0])
    let lead = try office.lead(titled: "待复查").lead.id
    var arguments = LeadKindArguments(lead: lead, act: "rechecked")
    arguments.values = ["officers": "乙", "result": "好"]
    _ = try await office.east.commands.actOnLead(arguments, by: CommandsNode.clerk())
    try await office.sweep()
    #expect(
      try office.warnings(on: lead).map(\.procedure) == ["same_officer_rechecks"],
      "whoever inspected there does not recheck here")
  }

  @Test func `what the process forbids is rejected whole, with act and stage`() async throws {
    let office = try await HistoryCity()
    let faults: [(row: [String: String], code: String, words: String)] = [
      (HistoryTable.row(without: ["签收"], [:]), "stage", "lead.inspected of 2024-03-02"),
      (HistoryTable.row(["照片2": "2024/3/16 11:00"]), "evidence", "photos before and after"),
      (HistoryTable.row(["状态": "待查"]), "unknown_stage", "lead to closed"),
      (HistoryTable.row(["状态": "?"]), "unknown_stage", "no stage for '?'"),
      (HistoryTable.row(["单位": "无名镇"]), "unknown_region", "无名镇"),
      (HistoryTable.row(["回访": "2024/2/1 10:00"]), "bad_field", "before the time of the report"),
      (HistoryTable.row(["办结": "2031/1/1"]), "bad_field", "has not come yet"),
      (HistoryTable.row(["受理": "2031/1/1"]), "bad_field", "has not come yet"),
      (HistoryTable.row(["整改": "20240315"]), "bad_time", "整改"),
      (HistoryTable.row(["单号": "-"]), "missing_field", "单号"),
      (
        [
          "单号": "R", "受理": "2024/3/1", "题": "拒", "登记": "2024/3/1",
          "不受理": "2024/3/2", "状态": "拒",
        ], "same_person", "lead.rejected of 2024-03-01"
      ),
    ]
    let rows = faults.enumerated().map { index, fault in
      fault.row["单号"] == "-" ? fault.row : fault.row.merging(["单号": "F\(index)"]) { $1 }
    }
    let file = try HistoryTable.write(rows, in: office)
    let before = try office.eventCount
    for dryRun in [true, false] {
      let counts = try await office.run(file, by: HistoryTable.mapping, dryRun: dryRun)
      #expect(counts.figures == [faults.count, 0, faults.count, 0])
      let rejects = try HistoryCity.rejects(counts).sorted { $0.line < $1.line }
      for (index, fault) in faults.enumerated() {
        #expect(rejects[index].line == index + 2 && rejects[index].code == fault.code)
        #expect(rejects[index].reason.contains(fault.words), "\(rejects[index])")
      }
    }
    #expect(try office.eventCount == before, "not half a history")
  }

  @Test func `a rejection is brought to the second person`() async throws {
    let office = try await HistoryCity()
    let row = [
      "单号": "R", "受理": "2024/3/1", "题": "拟拒", "登记": "2024/3/1",
      "不受理": "2024/3/2", "状态": "拟拒",
    ]
    let file = try HistoryTable.write([row], in: office)
    #expect(try await office.run(file, by: HistoryTable.mapping).figures == [1, 1, 0, 0])
    let lead = try office.lead(titled: "拟拒").lead.id
    let arguments = LeadKindArguments(lead: lead, act: "rejected")
    let same = await commandError {
      _ = try await office.east.commands.actOnLead(arguments, by: CommandsNode.clerk())
    }
    #expect(same?.exit == .refused)
    let other = try ActingPerson(account: "li", role: "leader")
    #expect(try await office.east.commands.actOnLead(arguments, by: other).stage == "rejected")
  }

  @Test func `an importer without the role has every history rejected`() async throws {
    let office = try await HistoryCity()
    let file = try HistoryTable.write([HistoryTable.closed], in: office)
    let counts = try await office.run(
      file, by: HistoryTable.mapping, as: ActingPerson(account: "du", role: "auditor"))
    #expect(counts.figures == [1, 0, 1, 0])
    #expect(try HistoryCity.rejects(counts).map(\.code) == ["role"])
  }

  @Test func `a penalty is imported in the department's role, by who holds it`() async throws {
    let office = try await HistoryCity()
    let row = HistoryTable.row(
      without: ["责令", "限期", "整改", "照片2"], ["立案": "2024/3/5 09:00", "处罚": "2024/3/8 09:00"])
    let columns = HistoryTable.columns + ["立案", "处罚"]
    let text = [columns, columns.map { row[$0] ?? "" }].map { $0.joined(separator: ",") }
    let file = try office.city.write(text.joined(separator: "\n") + "\n", to: "old.csv")
    let steps = """
        - {act: filing_started, at: 立案, set: {reason: {constant: 超标}}}
        - {act: filed, at: 立案, role: department, set: {case_number: 单号}, events: {evidence: evidence_added}}
        - {act: penalised, at: 处罚, role: department, set: {decision: 单号, review: 经办}}
        - {act: executed, at: 处罚, role: department, set: {enforcement: {constant: 已缴清}}}
        - {act: rechecked
      """
    let mapping = HistoryTable.mapping.replacing("  - {act: rechecked", with: steps)
    let before = try office.eventCount
    let counts = try await office.run(file, by: mapping, holding: [])
    #expect(counts.figures == [1, 0, 1, 0])
    #expect(try HistoryCity.rejects(counts).map(\.code) == ["not_permitted"])
    #expect(try office.eventCount == before)
    #expect(try await office.run(file, by: mapping).figures == [1, 1, 0, 0])
    let lead = try office.lead(titled: "已办结")
    #expect(lead.lead.stage == "closed")
    let roles = lead.timeline.map(\.role)
    #expect(roles.filter { $0 == "department" }.count == 3)
    #expect(Set(lead.timeline.map(\.commit)).count == 3, "before, in and after the department")
    office.city.turnClock(by: 366 * 86_400_000)
    try await office.sweep()
    #expect(try office.warnings(on: lead.lead.id).isEmpty, "what is over has no warnings")
    #expect(try await office.east.commands.verify().ok)
  }

  @Test func `a channel that the duty list does not have costs its rows alone`() async throws {
    let office = try await HistoryCity()
    let duties = try String(
      contentsOf: HistoryCity.root.appending(path: "topology/duties.yaml"), encoding: .utf8
    )
    .replacing("hotline_12369: {", with: "hotline_12369: {enabled: false, ")
    // The regions of the shipped list are those of another city.
    let rows = try #require(duties.range(of: "\nrows:"))
    _ = try await office.hub.commands.applyDuties(
      DutyApplyArguments(text: duties[..<rows.lowerBound] + "\nrows: {}\n"),
      by: CommandsNode.clerk())
    try office.hub.carry(to: office.east)
    let file = try HistoryTable.write(
      ["hotline_12345", "hotline_12369"].map { HistoryTable.row(["单号": $0, "经办": $0]) }, in: office)
    let mapping = HistoryTable.mapping.replacing("{constant: hotline_12345}", with: "经办")
    let counts = try await office.run(file, by: mapping)
    #expect(counts.figures == [2, 1, 1, 0])
    #expect(try HistoryCity.rejects(counts).allSatisfy { $0.reason.contains("hotline_12369") })
  }

  @Test func `a run that was cut adds exactly the rest, and no run adds twice`() async throws {
    let office = try await HistoryCity()
    let rows = (0..<25).map { HistoryTable.row(["单号": "C\($0)", "题": "第 \($0) 件"]) }
    let file = try HistoryTable.write(rows + [rows[3]], in: office)
    await #expect(throws: (any Error).self) {
      _ = try await office.run(file, by: HistoryTable.mapping, chunkRows: 10, stopAfter: 1)
    }
    #expect(
      try await office.run(file, by: HistoryTable.mapping, dryRun: true, chunkRows: 4).figures
        == [26, 15, 0, 11])
    #expect(
      try await office.run(file, by: HistoryTable.mapping, chunkRows: 7).figures == [26, 15, 0, 11])
    let before = try office.eventCount
    #expect(try await office.run(file, by: HistoryTable.mapping).figures == [26, 0, 0, 26])
    #expect(try office.eventCount == before)
    #expect(try office.leads().count == 25)
    #expect(try await office.east.commands.verify().ok)
  }

  @Test func `who reported is sealed, and what no step uses is kept with it`() async throws {
    let office = try await HistoryCity()
    let text = HistoryTable.table([HistoryTable.row(["来电人": "独一无二之名"])])
      .replacing("单号,受理", with: "单号,受理").replacing("经办\n", with: "经办,密级\n")
      .replacing("赵六\n", with: "赵六,独一密级\n")
    let file = try office.city.write(text, to: "old.csv")
    #expect(try await office.run(file, by: HistoryTable.mapping).figures == [1, 1, 0, 0])
    let lead = try office.lead(titled: "已办结").lead.id
    let contact = try await office.east.commands.showContact(
      ContactArguments(lead: lead, reason: "回访"), by: CommandsNode.clerk())
    #expect(contact.name == "独一无二之名" && contact.contact == "13900000001")
    let home = office.east.home.database
    let bytes = try ["", "-wal"].map { try Data(contentsOf: URL(filePath: home + $0)) }
    for word in ["独一无二之名", "13900000001", "独一密级"] {
      #expect(bytes.allSatisfy { $0.range(of: Data(word.utf8)) == nil }, "\(word) in clear")
    }
  }

  @Test func `a history arrives at the hub as it was written`() async throws {
    let office = try await HistoryCity()
    let file = try HistoryTable.write([HistoryTable.closed], in: office)
    _ = try await office.run(file, by: HistoryTable.mapping)
    try office.east.carry(to: office.hub)
    let lead = try office.lead(titled: "已办结")
    let above = try office.hub.commands.showLead(LeadShowArguments(lead: lead.lead.id))
    #expect(
      above.lead.stage == "closed" && above.timeline.map(\.event) == lead.timeline.map(\.event))
    #expect(above.timeline.map(\.claimedAt) == lead.timeline.map(\.claimedAt))
  }

  @Test func `hostile tables reject their rows and never trap`() async throws {
    let office = try await HistoryCity()
    let head = HistoryTable.columns.joined(separator: ",") + "\n"
    let good = String(HistoryTable.table([HistoryTable.closed]).dropFirst(head.count))
    func line(_ title: String) -> String { good.replacing("已办结", with: title) }
    let huge = String(repeating: "长", count: 30_000)
    var bytes = Data((head + line("\"引号\n换行\"")).utf8)
    bytes += Data(line("空\u{0}字节").utf8) + Data(line(huge).utf8)
    bytes += Data(line("错").utf8.map { $0 == 0xE9 ? 0xFF : $0 })
    bytes += Data("只有一格\n\n\"没有结束,\n".utf8)
    let path = office.city.path("hostile.csv")
    try bytes.write(to: URL(filePath: path))
    let counts = try await office.run(path, by: HistoryTable.mapping)
    #expect(counts.rows == counts.leads + counts.rejected + counts.duplicate)
    #expect(counts.leads == 1 && counts.duplicate == 0)
    let codes = Set(try HistoryCity.rejects(counts).map(\.code))
    #expect(codes.isSuperset(of: ["nul_byte", "bad_bytes", "column_count", "unterminated_quote"]))
    #expect(!codes.isDisjoint(with: ["field_too_long", "row_too_long"]))
    #expect(try office.lead(titled: "引号\n换行").lead.stage == "closed")
    #expect(try await office.east.commands.verify().ok)
  }

  @Test func `a table in GB18030 reads the same`() async throws {
    let office = try await HistoryCity()
    let path = try HistoryTable.write([HistoryTable.closed], in: office)
    let convert = Process()
    convert.executableURL = URL(filePath: "/usr/bin/env")
    convert.arguments = ["iconv", "-f", "UTF-8", "-t", "GB18030", path, "-o", path + ".gb"]
    try convert.run()
    convert.waitUntilExit()
    try FileManager.default.moveItem(atPath: path + ".gb", toPath: path + ".gb.csv")
    #expect(
      try await office.run(path + ".gb.csv", by: HistoryTable.mapping).figures == [1, 1, 0, 0])
    #expect(try await office.run(path, by: HistoryTable.mapping).figures == [1, 0, 0, 1])
  }

  @Test func `a header without the mapping's columns is refused before anything is asked`()
    async throws
  {
    let office = try await HistoryCity()
    let text = HistoryTable.table([HistoryTable.closed]).replacing("状态", with: "情况")
    let file = try office.city.write(text, to: "old.csv")
    let error = await commandError { _ = try await office.run(file, by: HistoryTable.mapping) }
    #expect(error?.exit == .badData)
    #expect(error?.english.hasPrefix("mapping.yaml:11:11: the header has no column '状态'") == true)
  }
}
