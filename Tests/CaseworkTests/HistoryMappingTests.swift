import Casework
import Foundation
import Testing

/// Mappings for histories: what is wrong is told with its line, all of a file at once.
@Suite struct HistoryMappingTests {
  /// A mapping of three steps, into which tests put their faults.
  private static let good = """
    mapping: 1
    none: ["-"]
    times: [written]
    lead:
      source_id: 编号
      channel: {column: 来源, values: {热线: phone}, constant: grid}
      reported_at: 时间
      title: 标题
      reporter_name: 姓名
    stage:
      column: 状态
      values:
        待办: dispatch
        完了: [closed, archived]
    steps:
      - act: registered
        at: 登记时间
        set: {note: 备注}
      - act: lead.dispatched
        at: [分办时间, 派单时间]
        where: {转办: [是, 1]}
        to: [单位, {constant: east}]
        due: 期限
      - {act: 办理进展, at: 抽查时间, set: {text: 备注}}
    """

  private static func family() throws -> Family {
    try #require(ProcessFileTests.draft(ProcessFileTests.shipped()).family(named: "lead"))
  }

  /// All findings, of the file's shape or else of what the shipped process has no place for.
  private static func findings(_ text: String) throws -> [FileFinding] {
    switch HistoryMappingFile.parse(text) {
    case .refused(let findings): findings
    case .mapping(let mapping): mapping.findings(under: try family())
    }
  }

  @Test func `the shipped example fits the shipped process`() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "topology/history.yaml")
    #expect(try Self.findings(String(contentsOf: file, encoding: .utf8)) == [])
  }

  @Test func `a good mapping tells columns, tables and conditions`() throws {
    guard case .mapping(let mapping) = HistoryMappingFile.parse(Self.good) else {
      Issue.record("\(try Self.findings(Self.good))")
      return
    }
    #expect(try Self.findings(Self.good) == [])
    #expect(mapping.timeForms == [.written] && mapping.absent == ["-"])
    let channel = try #require(mapping.lead[.channel])
    #expect(channel.text(in: ["来源": "热线"]) == "phone")
    #expect(channel.text(in: ["来源": "media"]) == "media")
    #expect(channel.text(in: [:]) == "grid")
    #expect(mapping.stage.stages["完了"] == ["closed", "archived"])
    let dispatch = mapping.steps[1]
    #expect(dispatch.at == ["分办时间", "派单时间"] && dispatch.due == ["期限"])
    #expect(dispatch.conditions == ["转办": ["是", "1"]])
    #expect(dispatch.to.map { $0.text(in: ["单位": "lake0"]) } == ["lake0", "east"])
    #expect(dispatch.columns == ["分办时间", "派单时间", "期限", "转办", "单位"])
  }

  @Test(arguments: [
    ("mapping: 1", "mapping: 2", "unknown_layout", 1),
    ("mapping: 1\n", "", "missing_key", 1),
    ("times: [written]", "times: [spoken]", "unknown_word", 3),
    ("  source_id: 编号", "  sourceid: 编号", "unknown_key", 5),
    ("  reported_at: 时间\n", "", "missing_key", 5),
    ("  title: 标题\n", "", "missing_key", 5),
    ("constant: grid}", "otherwise: grid}", "unknown_key", 6),
    (
      "{column: 来源, values: {热线: phone}, constant: grid}", "{values: {热线: phone}}", "missing_key", 6
    ),
    ("  column: 状态\n", "", "missing_key", 11),
    ("待办: dispatch", "待办: dispatching", "unknown_stage", 13),
    ("[closed, archived]", "[closed, gone]", "unknown_stage", 14),
    ("steps:\n", "steps: none\nothers:\n", "wrong_type", 15),
    ("  - act: registered\n    at: 登记时间", "  - act: registered", "missing_key", 16),
    ("act: registered", "act: registred", "unknown_act", 16),
    ("act: registered", "act: 上报", "not_importable", 16),
    ("act: registered", "act: 补正", "not_importable", 16),
    ("act: registered", "act: suspended", "not_importable", 16),
    ("act: registered", "act: extension_granted", "not_importable", 16),
    ("act: registered", "act: merged", "not_importable", 16),
    ("act: registered", "act: 预警", "not_importable", 16),
    ("set: {note: 备注}", "set: {text: 备注}", "unknown_entry", 18),
    ("set: {note: 备注}", "set: {note: 姓名}", "reporter_column", 18),
    ("set: {note: 备注}", "events: {note: evidence_added}", "wrong_section", 18),
    ("set: {note: 备注}", "role: department_head", "unknown_role", 18),
    ("set: {note: 备注}", "role: field_officer", "unknown_role", 18),
    ("set: {note: 备注}", "role: [department]", "wrong_type", 18),
    ("set: {note: 备注}", "to: 单位", "unused_key", 18),
    ("set: {note: 备注}", "due: 期限", "unused_key", 18),
    ("    to: [单位, {constant: east}]\n", "", "missing_key", 19),
    ("{转办: [是, 1]}", "{转办: {是: 1}}", "wrong_type", 21),
    ("act: 办理进展", "act: rectification_ordered", "missing_entry", 24),
    ("set: {text: 备注}}", "set: {text: {column: }}}", "wrong_type", 24),
    (
      "{act: 办理进展, at: 抽查时间, set: {text: 备注}}",
      "{act: rectification_ordered, at: 抽查时间, set: {order: 备注, items: 备注, due: 期限}}",
      "wrong_section", 24
    ),
    (
      "{act: 办理进展, at: 抽查时间, set: {text: 备注}}",
      "{act: rectified, at: 抽查时间, set: {result: 备注}, events: {before_after: evidence_added}}",
      "unknown_act", 24
    ),
    (
      "{act: 办理进展, at: 抽查时间, set: {text: 备注}}",
      "{act: rectified, at: 抽查时间, set: {result: 备注, before_after: 备注}}", "wrong_section", 24
    ),
  ])
  func `each fault is found on its line, with a cure in both languages`(
    _ from: String, _ to: String, _ code: String, _ line: Int
  ) throws {
    try #require(Self.good.contains(from))
    let findings = try Self.findings(Self.good.replacing(from, with: to))
    #expect(findings.contains { $0.code == code && $0.line == line }, "\(findings)")
    #expect(findings.allSatisfy { !$0.chinese.isEmpty && !$0.english.isEmpty })
  }

  @Test func `faults of one file are told together, in its order`() throws {
    let text = Self.good.replacing("times: [written]", with: "times: [spoken]")
      .replacing("  source_id: 编号", with: "  id: 编号")
      .replacing("    at: 登记时间\n", with: "    when: 登记时间\n")
    let lines = try Self.findings(text).map(\.line)
    #expect(lines == [3, 5, 5, 16, 17])
  }

  @Test func `a header that lacks a column, or has it twice, is told by the mapping's lines`()
    throws
  {
    guard case .mapping(let mapping) = HistoryMappingFile.parse(Self.good) else {
      Issue.record("the mapping is good")
      return
    }
    let header = [
      "编号", "来源", "时间", "标题", "姓名", "状态", "登记时间", "备注", "分办时间", "派单时间", "转办", "单位", "期限",
      "抽查时间",
    ]
    #expect(mapping.findings(in: header) == [])
    let findings = mapping.findings(in: header.filter { $0 != "派单时间" } + ["标题"])
    #expect(findings.map(\.code) == ["doubled_column", "unknown_column"])
    #expect(findings.map(\.line) == [8, 20])
  }

  @Test func `a mapping has a bounded number of steps`() throws {
    let step = "  - {act: 办理进展, at: 抽查时间, set: {text: 备注}}\n"
    let many =
      Self.good + "\n"
      + String(repeating: step, count: HistoryMapping.maximumSteps - 3)
    #expect(try Self.findings(many) == [])
    #expect(try Self.findings(many + step).map(\.code) == ["too_many"])
  }

  @Test(arguments: ["", "[]", "mapping", "mapping: 1\nlead: &a {}\nstage: *a", "a: {b: [", "\u{0}"])
  func `garbage is refused with a finding`(_ text: String) throws {
    #expect(try !Self.findings(text).isEmpty)
  }

  /// Cuts and doubled lines of a good mapping never trap.
  @Test func `every damaged mapping comes to findings or to a mapping`() throws {
    let lines = Self.good.split(separator: "\n", omittingEmptySubsequences: false)
    for count in 0..<lines.count {
      let cut = lines.prefix(count).joined(separator: "\n")
      let doubled = (lines.prefix(count) + lines.dropFirst(max(count - 1, 0))).joined(
        separator: "\n")
      for text in [cut, doubled, String(Self.good.prefix(count * 11))] {
        _ = try Self.findings(text)
      }
    }
  }
}
