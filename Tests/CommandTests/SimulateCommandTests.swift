import Foundation
import Testing

/// `liandong simulate` as it is run by people and scripts.
@Suite struct SimulateCommandTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  @Test func `a seed gives the same digest in two processes`() throws {
    // Each process has a hash seed of its own.
    let runs = try (0..<2).map { _ in
      try ProgramRun.run(
        "simulate", "--seed", "7", "--nodes", "1x2x3", "--hours", "20", "--profile", "storm",
        "--json")
    }
    let answers = try runs.map { try $0.json() }
    for (run, answer) in zip(runs, answers) {
      #expect(run.status == 0)
      #expect(answer["schema"] as? String == "liandong.simulate/1")
      #expect(answer["result"] as? String == "good")
      let checks = try #require(answer["checks"] as? [String: [String: Int]])
      #expect(checks.count >= 24 && checks.values.allSatisfy { $0["failed"] == 0 })
    }
    let digests = answers.compactMap { $0["state_digest"] as? String }
    #expect(digests.count == 2 && digests[0] == digests[1] && digests[0].count == 64)
  }

  @Test(arguments: [
    ["--nodes", "1x3"], ["--nodes", "2x3x9"], ["--nodes", "1x1x1"], ["--nodes", "1x3x9999999"],
    ["--profile", "quiet"], ["--hours", "0"], ["--hours", "-1"], ["--seed", "x"],
    ["--count", "0"], ["--seed", "18446744073709551615", "--count", "2"],
  ])
  func `a bad option is a usage error`(_ arguments: [String]) throws {
    let run = try ProgramRun.shell(
      "\"$P\" simulate " + arguments.map { "'\($0)'" }.joined(separator: " "))
    #expect(run.status == 64)
    #expect(!run.errors.isEmpty && run.output.isEmpty)
  }

  @Test func `the last seed of all can be run, and its result is told in Chinese`() throws {
    let run = try ProgramRun.run(
      "simulate", "--seed", "18446744073709551615", "--nodes", "1x2x2", "--hours", "1", "--lang",
      "zh")
    // So short a city may leave a check unasked, which is no matter here.
    #expect([0, 22].contains(run.status), "\(run.errors)")
    #expect(run.output.contains("通过"), "\(run.output)")
  }

  @Test func `no further city is run once nobody reads the answer`() throws {
    let run = try ProgramRun.shell(
      "timeout 60 \"$P\" simulate --count 1000000 --nodes 1x2x3 --hours 30 | head -n 1; "
        + "exit ${PIPESTATUS[0]}")
    #expect(run.status == 0 && !run.output.isEmpty, "\(run.status) \(run.errors)")
  }

  @Test func `the program has no planted faults`() throws {
    let list = try ProgramRun.shell(
      "cd '\(Self.root.path)/Tests/Mutants' && python3 -B -c "
        + "'from catalogue import MUTANTS; print(*MUTANTS)'")
    try #require(list.status == 0, "\(list.errors)")
    let names = list.output.split(whereSeparator: \.isWhitespace).map(String.init)
    #expect(names.count >= 25)
    let program = try Data(contentsOf: URL(filePath: ProgramRun.path))
    for name in names {
      #expect(program.range(of: Data(name.utf8)) == nil, "the program names \(name)")
    }
    #expect(program.range(of: Data("planted".utf8)) == nil)
    let run = try ProgramRun.run("simulate", "--mutant", names[0])
    #expect(run.status == 64)
  }

  @Test func `the catalogue of faults fits the sources`() throws {
    // Each fault names code that stands exactly once; planting them checks that without a build.
    let scratch = try ScratchFolder()
    let run = try ProgramRun.shell(
      "cd '\(Self.root.path)' && python3 -B Tests/Mutants/plant.py '\(scratch.path("tree"))'")
    #expect(run.status == 0, "\(run.errors)")
  }
}
