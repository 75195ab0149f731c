import Casework
import Foundation
import Ledger
import Regions
import Testing

/// Process files: what is wrong is told with its line, and what is good can be sent as it is.
@Suite struct ProcessFileTests {
  /// The default process, as the repository ships it.
  static func shipped() throws -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try String(contentsOf: root.appending(path: "topology/process.yaml"), encoding: .utf8)
  }

  static func draft(_ text: String) throws -> Casework.Process {
    switch ProcessFile.parse(text) {
    case .draft(let draft): return draft.process
    case .refused(let findings):
      try #require(findings.isEmpty, "\(findings)")
      throw CancellationError()
    }
  }

  private static func findings(_ text: String) -> [FileFinding] {
    guard case .refused(let findings) = ProcessFile.parse(text, in: 2_026) else { return [] }
    return findings
  }

  @Test func `the shipped file is good and its process survives the way through bytes`() throws {
    let process = try Self.draft(Self.shipped())
    #expect(try Casework.Process(decoding: process.encoded) == process)
    #expect(process.encoded.count <= ProcessFile.maximumBytes)
    let lead = try #require(process.family(named: "lead"))
    // The stages of the casework table, and the ends beside them.
    let table = [
      "intake", "triage", "dispatch", "sign", "returned", "inspect", "rectify", "filing",
      "penalty", "execute", "recheck", "feedback", "verify", "closed", "disclosed", "reopened",
    ]
    #expect(table.allSatisfy { lead.stage($0) != nil })
  }

  @Test func `the processes of earlier versions keep their hashes`() {
    // Leads pin them for as long as the ledger.
    #expect(
      Casework.Process.firstCut.hash.description
        == "cea3817c5a92a10ce8ea9abddeb7dd0f163317f4d2230cc989fbf90dc7127856")
    #expect(
      Casework.Process.closures.hash.description
        == "24cba6884513955616278df85b441258a3084b323ad8b6a5260d9906074992da")
  }

  /// A file of one family, into which tests put their faults.
  private static let small = """
    process: 1
    roles:
      clerk: {zh: 经办人, en: clerk}
    words:
      reason: {zh: 理由, en: reason}
    families:
      lead:
        zh: 线索
        en: lead
        stages:
          open: {zh: 待办, en: open, owner: clerk}
          done: {zh: 办结, en: done, closes: true}
        acts:
          lead.reported: {zh: 上报, en: reported, found: actor}
          lead.closed: {zh: 办结, en: closed, from: [open], to: done, by: {roles: [clerk]}, takes: {reason: text}}
    """

  @Test(arguments: [
    (
      "      done: {zh: 办结, en: done, closes: true}",
      "      done: {zh: 办结, en: done, closes: true}\n      dead: {zh: 空, en: dead, ends: true}",
      "dead_stage", 13
    ),
    ("from: [open], to: done", "from: [open], to: open", "dead_stage", 12),
    ("closes: true", "closes: false", "no_way_to_close", 11),
    ("from: [open]", "from: [opened]", "unknown_stage", 15),
    ("roles: [clerk]", "roles: [clark]", "unknown_role", 15),
    ("owner: clerk", "owner: clark", "unknown_role", 11),
    ("roles: [clerk]", "roles: []", "nobody_may", 15),
    ("roles: [clerk]", "another: true", "nobody_may", 15),
    ("found: actor", "found: actor, by: {places: [handler]}", "nobody_may", 14),
    ("found: actor", "fact: true", "no_founding", 7),
    ("found: actor", "found: actors", "unknown_word", 14),
    ("found: actor", "found: actor, fact: true", "one_effect", 14),
    ("takes: {reason: text}", "takes: {cause: text}", "missing_name", 15),
    ("takes: {reason: text}", "takes: {reason: text 3}", "malformed_number", 15),
    ("takes: {reason: text}", "takes: {reason: texts 99}", "malformed_number", 15),
    ("takes: {reason: text}", "takes: {reason: prose}", "unknown_word", 15),
    ("zh: 待办, en: open,", "zh: 待办,", "missing_name", 11),
    ("to: done,", "to: done, tu: x,", "unknown_key", 15),
    ("from: [open], to: done", "to: done", "missing_key", 15),
    ("process: 1", "process: 9", "unknown_layout", 1),
    ("lead.closed:", "conflict.decided:", "reserved_name", 15),
    ("closes: true", "closes: maybe", "wrong_type", 12),
    ("en: open, owner: clerk", "en: open, limit: 7wd", "missing_year", 11),
    ("en: open, owner: clerk", "en: open, limit: 7 weeks", "malformed", 11),
    ("en: open, owner: clerk", "en: open, limit: 7d, statutory: true", "missing_warnings", 11),
    ("en: open, owner: clerk", "en: open, warn: [1h, 2h, 3h]", "missing_key", 11),
    ("en: open, owner: clerk", "en: open, limit: 2h, warn: [4h, 3h, 5h]", "out_of_order", 11),
    ("en: open, owner: clerk", "en: open, limit: 2h, warn: [4h, 5h]", "missing_warnings", 11),
    ("families:", "holidays: {2026: {off: [2026-02-30]}}\nfamilies:", "malformed_date", 6),
    ("families:", "holidays: {2026: {off: [2025-10-01]}}\nfamilies:", "bad_table", 6),
    ("families:", "holidays: {MMXXVI: {off: []}}\nfamilies:", "malformed_year", 6),
    ("tiers", "tiers", "", 0),
  ])
  func `each fault is told at its line`(
    _ good: String, _ bad: String, _ code: String, _ line: Int
  ) throws {
    let text = Self.small.replacing(good, with: bad)
    let findings = Self.findings(text)
    guard !code.isEmpty else {
      #expect(findings.isEmpty, "\(findings)")
      return
    }
    let told = findings.first { $0.code == code }
    #expect(told?.line == line, "\(findings)")
    #expect(told.map { !$0.chinese.isEmpty && !$0.english.isEmpty } == true)
  }

  @Test func `no change of the text makes the reader trap or lose a line`() throws {
    let shipped = try Self.shipped()
    let lines = shipped.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var generator = SeededNumbers(seed: 7)
    var refused = 0
    for _ in 0..<400 {
      var altered = lines
      let at = Int.random(in: altered.indices, using: &generator)
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: altered.remove(at: at)
      case 1: altered.insert(altered[Int.random(in: altered.indices, using: &generator)], at: at)
      case 2: altered[at] = String(altered[at].dropFirst(3))
      default:
        var scalars = Array(altered[at])
        if !scalars.isEmpty {
          scalars[Int.random(in: scalars.indices, using: &generator)] =
            "{}[]:,?#\"'& x".randomElement(using: &generator) ?? "x"
        }
        altered[at] = String(scalars)
      }
      let text = altered.joined(separator: "\n")
      switch ProcessFile.parse(text) {
      case .draft(let draft):
        #expect(try Casework.Process(decoding: draft.process.encoded) == draft.process)
      case .refused(let findings):
        refused += 1
        #expect(!findings.isEmpty)
        #expect(findings.allSatisfy { (1...(altered.count + 1)).contains($0.line) })
      }
    }
    #expect(refused > 100)
  }

  @Test func `what a process demands is judged by the fold and told before it`() throws {
    let process = try Self.draft(Self.small)
    let folder = Folder(library: ProcessLibrary([process]))
    let rule = try #require(process.rule(for: "lead.closed")?.rule)
    #expect(rule.unmet(by: .map([:])) != nil)
    #expect(rule.unmet(by: .map(["reason": .text("  ")])) != nil)
    #expect(rule.unmet(by: .map(["reason": .integer(1)])) != nil)
    #expect(rule.unmet(by: .map(["reason": .text("整改完成"), "more": .null])) == nil)
    #expect(folder.library[process.hash] == process)
  }
}
