import Testing

/// The design's borders, held by reading the source. Each rule is first shown to notice a planted
/// breach, since a rule that notices nothing would pass for ever.
@Suite("Layers")
struct LayerTests {
  private let tree: SourceTree

  init() throws { tree = try SourceTree.current.get() }

  private func report(_ file: SourceTree.File, _ violations: [Violation]) -> [String] {
    violations.map { "Sources/\(file.path):\($0.line): \($0.reason)" }
  }

  @Test func `every target imports only what the layer table allows`() {
    #expect(tree.targets.isSuperset(of: ["Regions", "Ledger", "Store", "Node", "liandong"]))
    let found = tree.files.flatMap { file in
      report(file, LayerTable.design.violations(in: file.source, target: file.target))
    }
    #expect(found == [])
  }

  @Test func `pure targets take no time, no randomness and no task`() throws {
    let pure = tree.files.filter { LayerTable.pureTargets.contains($0.target) }
    #expect(!pure.isEmpty)
    let found = try pure.flatMap { file in
      report(file, try ForbiddenCode.impurity.violations(in: file.source))
    }
    #expect(found == [])
  }

  @Test func `no target crashes on purpose or silences the compiler`() throws {
    let rule = ForbiddenCode.danger
    let found = try tree.files.flatMap { file in
      file.isGenerated || rule.exceptions[file.path] != nil
        ? [] : report(file, try rule.violations(in: file.source))
    }
    #expect(found == [])
  }

  @Test func `no SQL stands outside Store`() throws {
    let found = try tree.files.flatMap { file in
      file.target == "Store"
        ? [] : report(file, try StatementLiterals.violations(in: file.source))
    }
    #expect(found == [])
  }
}

@Suite("Layer rules notice planted breaches")
struct PlantedBreachTests {
  @Test(arguments: [
    ("Regions", "import Foundation"),
    ("Regions", "package import Ledger"),
    ("Ledger", "@preconcurrency import GRDB"),
    ("Casework", "internal import struct Replication.Cursor"),
    ("Replication", "import FoundationEssentials; import Dispatch"),
    ("Intake", "import Regions"),
    ("Evidence", "import Glibc"),
    ("Store", "import Wire"),
    ("Store", "import SQLite3"),
    ("Identity", "import NIOSSL"),
    ("Wire", "import GRDB"),
    ("Transport", "@testable import Store"),
    ("Node", "import NIOPosix"),
    ("Node", "  private import func Console.render"),
    ("Console", "import GRPCCore"),
    ("Simulation", "@_spi(Testing) @_exported import Transport"),
    ("liandong", "import X509"),
    ("liandong", "/* why */ import Wire"),
    ("Helpers", "import FoundationEssentials"),
  ])
  func `a forbidden import is noticed`(target: String, line: String) {
    let source = SwiftSource("// The head.\n\(line)\n")
    #expect(LayerTable.design.violations(in: source, target: target).count == 1)
  }

  @Test(arguments: [
    ("Regions", "package import FoundationEssentials\nimport Yams"),
    ("Ledger", "package import Regions"),
    ("Intake", "import Foundation"),
    ("Wire", "internal import GRPCProtobuf"),
    ("Store", "import GRDBSQLite"),
    ("Node", "import Intake"),
    ("Evidence", "package import Crypto"),
    ("Regions", "// import GRDB\n/* import /* import Wire */ GRDB */\nlet a = \"import GRDB\""),
    ("Regions", "let a = \"\"\"\n  import GRDB\n  \"\"\""),
    ("Regions", "let imports = important"),
  ])
  func `an allowed import, a comment and a string are let through`(target: String, text: String) {
    #expect(LayerTable.design.violations(in: SwiftSource(text), target: target) == [])
  }

  @Test(arguments: [
    "let now = Date()", "let now = Date( )", "let now = Date.now", "let id = UUID()",
    "let n = Int.random(in: 0..<9)", "var g = SystemRandomNumberGenerator()",
    "Task { await run() }", "Task(priority: .high) { run() }", "Task<Void, Never> { run() }",
    "Task.detached { run() }", "let c = ContinuousClock()", "clock_gettime(CLOCK_REALTIME, &t)",
    #"let text = "at \(Date())""#,
  ])
  func `impure code is noticed`(line: String) throws {
    let source = SwiftSource("func run() {\n  \(line)\n}\n")
    #expect(try ForbiddenCode.impurity.violations(in: source).map(\.line) == [2])
  }

  @Test(arguments: [
    "final class A: @unchecked Sendable {}", "let a = try! read()", "let a = b as! Int",
    "@_exported import Regions", #"fatalError("no")"#,
  ])
  func `dangerous code is noticed`(line: String) throws {
    #expect(try ForbiddenCode.danger.violations(in: SwiftSource("\n" + line)).map(\.line) == [2])
  }

  @Test func `words in comments and strings, and words that only look alike, are let through`()
    throws
  {
    let source = SwiftSource(
      """
      // Date() and try! and fatalError( in a comment
      let text = #"UUID() "quoted" as! \\(Task {) "#
      let kept = updateDate(Date(timeIntervalSince1970: 0), alias != b, subTask { })
      """)
    #expect(try ForbiddenCode.impurity.violations(in: source) == [])
    #expect(try ForbiddenCode.danger.violations(in: source) == [])
  }

  @Test(arguments: [
    #"db.execute("SELECT * FROM event")"#, ##"let s = #"INSERT INTO event VALUES(1)"#"##,
    #"let s = "UPDATE \(table) SET a = 1""#, #"let s = "DELETE FROM event""#,
    "let s = \"\"\"\n  CREATE TABLE IF NOT EXISTS event(id)\n  \"\"\"",
    #"let s = "select id, time from event""#, #"let s = "insert into event values(1)""#,
  ])
  func `a SQL statement is noticed`(text: String) throws {
    #expect(try StatementLiterals.violations(in: SwiftSource(text)).map(\.line) == [1])
  }

  @Test(arguments: [
    #"let method = "DELETE""#, #"let help = "Select a lead from the list.""#,
    "// SELECT id FROM event", #"let key = "update_seconds""#,
  ])
  func `an ordinary string is no statement`(text: String) throws {
    #expect(try StatementLiterals.violations(in: SwiftSource(text)) == [])
  }
}
