import Identity
import Node
import Regions
import Testing

/// `node.yaml`: every fault is named with its place; the written template reads back.
@Suite struct ConfigurationTests {
  private static let good = """
    deployment: lianyungang
    region: banpu-zhen
    tier: township

    """

  private func findings(_ text: String) -> [String] {
    guard case .refused(let findings) = NodeConfiguration.parse(text) else { return [] }
    return findings.map { "\($0.line):\($0.column) \($0.code.rawValue) \($0.subject)" }
  }

  private func name() throws -> NodeName {
    try #require(NodeName(uri: "liandong://lianyungang/township/banpu-zhen"))
  }

  @Test func `three lines are enough and all else is as usual`() throws {
    let expected = NodeConfiguration.ParseOutcome.configuration(
      NodeConfiguration(name: try name()))
    #expect(NodeConfiguration.parse(Self.good) == expected)
  }

  @Test func `every setting is read`() throws {
    let text =
      Self.good + """
        listen: "[::1]:7420"
        parent: hub.example.cn:7421
        language: en
        log: {level: debug}
        bounds: {batch_bytes: 400000, batch_commits: 7, children: 3, set_aside_bytes: 0}
        evidence: {fetch: all, small_bytes: 5}
        """
    var expected = NodeConfiguration(
      name: try name(), listen: ConfigurationAddress("[::1]:7420"),
      parent: ConfigurationAddress("hub.example.cn:7421"), language: .en)
    expected.logLevel = .debug
    expected.evidence = .init(fetch: .all, smallBytes: 5)
    expected.bounds = .init(
      batchBytes: 400_000, batchCommits: 7, children: 3, setAsideBytes: 0)
    #expect(NodeConfiguration.parse(text) == .configuration(expected))
  }

  @Test(arguments: [
    ("listn: 1.2.3.4:7", ["4:1 unknown_key listn"]),
    ("listen: 1.2.3.4", ["4:9 malformed_address 1.2.3.4"]),
    ("listen: 1.2.3.4:0", ["4:9 malformed_address 1.2.3.4:0"]),
    ("listen: hub.cn:7420", ["4:9 listen_not_ip hub.cn"]),
    ("parent: \"::1:7420\"", ["4:9 malformed_address ::1:7420"]),
    ("parent: a_b:7420", ["4:9 malformed_address a_b:7420"]),
    ("language: fr", ["4:11 unknown_word fr"]),
    ("log: loud", ["4:6 wrong_type "]),
    ("log:\n  level: loud", ["5:10 unknown_word loud"]),
    ("bounds:\n  children: 0\n  depth: 3", ["5:13 out_of_range 0", "6:3 unknown_key depth"]),
    ("bounds:\n  batch_bytes: 9000000", ["5:16 out_of_range 9000000"]),
    ("tier: city", ["4:1 duplicate_key tier"]),
    ("listen: [", ["5:1 yaml_syntax "]),
    ("parent:", ["4:8 wrong_type "]),
  ])
  func `a fault is named with its line, column and word`(lines: String, expected: [String]) {
    let found = findings(Self.good + lines + "\n")
    // The parser words its own problem.
    #expect(
      found.map {
        $0.contains("yaml_syntax") ? $0.prefix(while: { $0 != " " }) + " yaml_syntax " : $0
      }
        == expected)
  }

  @Test func `all faults of a file are reported in its order`() {
    #expect(
      findings("tier: village\ndeployment: 连云港\nnote: x\n") == [
        "1:1 missing_key region", "1:7 unknown_word village", "2:13 malformed_id 连云港",
        "3:1 unknown_key note",
      ])
    #expect(
      findings("# nothing\n") == [
        "1:1 missing_key deployment", "1:1 missing_key region", "1:1 missing_key tier",
      ])
  }

  @Test(arguments: [
    String(repeating: "[", count: 16_000), String(repeating: "- ", count: 8_000),
    String(repeating: "{a: ", count: 4_000), String(repeating: "[\n", count: 8_000),
    String(repeating: "? ", count: 8_000), String(repeating: "a: ", count: 5_000),
    String(repeating: "x", count: 20_000), "a: &a [*a]\n", "\u{0}\u{1}", "%YAML 9.9\n---\n", "*x",
    "a: *x\n", "\t- a", "'", "\"", "!!binary x: y",
    (0..<170).map { String(repeating: " ", count: $0) + "a:\n" }.joined(),
  ])
  func `hostile text is refused and stops nothing`(text: String) {
    #expect(!findings(text).isEmpty)
  }

  @Test func `every finding has words in both languages`() {
    for code in ConfigurationFinding.Code.allCases {
      let finding = ConfigurationFinding(line: 1, column: 1, code: code, subject: "s", detail: "d")
      for text in [finding.message(in: .en), finding.cure(in: .en)] {
        #expect(!text.isEmpty && text.unicodeScalars.allSatisfy { $0.value < 0x3000 })
      }
      for text in [finding.message(in: .zh), finding.cure(in: .zh)] {
        #expect(text.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) })
      }
    }
  }

  @Test func `the commented template reads back as it was written`() throws {
    var configuration = NodeConfiguration(
      name: try name(), listen: ConfigurationAddress("[fd00::7]:7420"),
      parent: ConfigurationAddress("hub.example.cn:7421"), language: .en)
    configuration.logLevel = .warning
    configuration.bounds.batchCommits = 16
    #expect(
      NodeConfiguration.parse(configuration.commentedText) == .configuration(configuration))
    let plain = NodeConfiguration(name: try name())
    #expect(NodeConfiguration.parse(plain.commentedText) == .configuration(plain))
  }

  @Test func `settings that differ from the certificate are refused at their lines`() throws {
    let folder = try ScratchHome()
    try folder.write("region: a\ntier: district\ndeployment: x\n", to: "node.yaml")
    let certificate = try #require(NodeName(uri: "liandong://x/township/b"))
    let error = #expect(throws: ConfigurationError.self) {
      try NodeConfiguration.load(from: folder.home, agreeingWith: certificate)
    }
    #expect(
      error?.findings.map { "\($0.line):\($0.column) \($0.code.rawValue) \($0.detail)" } == [
        "1:9 not_the_certificate b", "2:7 not_the_certificate township",
      ])
  }
}
