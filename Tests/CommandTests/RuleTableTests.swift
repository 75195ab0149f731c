import Foundation
import Testing

/// The rule table: what each role may do at each stage.
@Suite struct RuleTableTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  private static let process = root.appending(path: "topology/process.yaml").path
  private static let page = root.appending(path: "docs/ROLES.md")
  private static let begin = "<!-- made by RuleTableTests: begin -->\n"
  private static let end = "<!-- made by RuleTableTests: end -->\n"

  /// Each cell against a reading of the file that shares no code with the product.
  @Test func `each cell is allowed or refused as the file says`() throws {
    let scratch = try ScratchFolder()
    let run = try ProgramRun.run("process", "table", Self.process, "--json")
    #expect(run.status == 0)
    try scratch.write(run.output, to: "cells")
    let script = Self.root.appending(path: "Tests/CommandTests/rule_table.py").path
    let check = try ProgramRun.shell(
      "python3 -B '\(script)' '\(Self.process)' '\(scratch.path("cells"))'")
    #expect(check.status == 0, "\(check.errors)")
    let count = Int(check.output.prefix(while: \.isNumber)) ?? 0
    #expect(count > 10_000 && count == run.output.split(separator: "\n").count)
    print(check.output, terminator: "")
  }

  /// With `LIANDONG_WRITE_ROLES=1` the page is written instead of compared.
  @Test func `the page of roles is that of the shipped process`() throws {
    let run = try ProgramRun.run("process", "table", Self.process, "--lang", "en")
    #expect(run.status == 0)
    let made = run.output
    #expect(made.contains("`lead.signed`") && made.contains("another person"))
    let text = try String(contentsOf: Self.page, encoding: .utf8)
    let begin = try #require(text.range(of: Self.begin))
    let end = try #require(text.range(of: Self.end))
    if ProcessInfo.processInfo.environment["LIANDONG_WRITE_ROLES"] == "1" {
      try (text[..<begin.upperBound] + made + text[end.lowerBound...])
        .write(to: Self.page, atomically: true, encoding: .utf8)
      print("wrote docs/ROLES.md")
      return
    }
    let isSame = text[begin.upperBound..<end.lowerBound] == made
    #expect(
      isSame,
      """
      docs/ROLES.md differs from topology/process.yaml: look at the change, then run this test with \
      LIANDONG_WRITE_ROLES=1
      """)
  }

  @Test func `one role is shown alone, and one that is not there is refused`() throws {
    let run = try ProgramRun.run("process", "table", Self.process, "--role", "auditor", "--json")
    let lines = run.output.split(separator: "\n")
    #expect(!lines.isEmpty && lines.allSatisfy { $0.contains("\"auditor\"") })
    let bad = try ProgramRun.run("process", "table", Self.process, "--role", "mayor")
    #expect(bad.status == 64 && bad.output.isEmpty && bad.errors.contains("mayor"))
  }
}
