import Foundation
import Testing

extension CityTests {
  /// What stands in `node.yaml` has its effect.
  @Suite struct SettingsTests {
    private let city: City

    init() throws { city = try City() }

    private func change(_ old: String, to new: String, at node: CityNode) throws {
      let path = node.home + "/node.yaml"
      let text = try String(contentsOfFile: path, encoding: .utf8)
      try #require(text.contains(old))
      try Data(text.replacing(old, with: new).utf8).write(to: URL(filePath: path))
    }

    @Test func `settings of another node are refused at serve with their line`() throws {
      try change("region: lake", to: "region: hill", at: city.lake)
      let run = try city.lake.run("serve")
      #expect(run.status == 78, "\(run)")
      #expect(run.errors.contains("node.yaml:") && run.errors.contains("“hill”"), "\(run.errors)")
    }

    @Test func `the language of the settings counts where no other was asked for`() throws {
      let home = ["--home", city.lake.home]
      func answer(_ words: [String]) throws -> String {
        try ToolRun.run(ToolRun.liandong, ["verify"] + home + words).output
      }
      #expect(try answer([]).contains("校验通过"))
      try change("language: zh", to: "language: en", at: city.lake)
      #expect(try answer([]).contains("good"))
      #expect(try answer(["--lang", "zh"]).contains("校验通过"))
    }

    @Test func `a district takes no more children at once than its settings allow`() async throws {
      let city = try City(districts: (lake: "east", hill: "east"))
      try change("children: 4096", to: "children: 1", at: city.east)
      for node in [city.east, city.lake, city.hill] { try await node.start() }
      let townships = [city.lake, city.hill]
      func links(in state: String) throws -> Int {
        try townships.count { try $0.link(to: "east")?["state"] as? String == state }
      }
      try await eventually("one township links and the other is turned away") {
        let errors = try townships.compactMap { try $0.link(to: "east")?["last_error"] as? String }
        return try links(in: "connected") == 1 && errors.contains { $0.contains("overloaded") }
      }
    }

    @Test func `small batches carry everything`() async throws {
      try change("batch_commits: 512", to: "batch_commits: 2", at: city.lake)
      for number in 1...9 { try city.lake.report("第 \(number) 件") }
      for node in city.line { try await node.start() }
      try await city.settle()
      #expect(try city.hub.numbers().count == 9)
    }
  }
}
