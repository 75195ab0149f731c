import Foundation
import Testing

extension CityTests {
  /// A city that grows while it runs: the ledger is the source of its tree.
  @Suite struct TopologyTests {
    private let city: City

    init() throws { city = try City() }

    private func draft(_ more: String) throws -> String {
      let text = try city.scratch.read("t.yaml").trimmingCharacters(in: .whitespacesAndNewlines)
      return try city.scratch.write(text + "\n" + more + "\n", to: "next.yaml")
    }

    private static let dune =
      "  - {id: dune, no: 102, tier: township, names: 沙丘镇, parent: east}"

    private static func regions(at node: CityNode) throws -> String {
      try node.sql("SELECT count(*) FROM entities WHERE family = 'region'")
    }

    private func provision(_ file: String) throws -> ToolRun {
      try ToolRun.run(
        ToolRun.liandong,
        [
          "provision", file, "--out", city.scratch.path("city"), "--resume", "--lang", "en",
          "--json",
        ])
    }

    @Test func `a running hub and district learn a township, which then joins`() async throws {
      for node in city.line { try await node.start() }
      try await city.settle()
      let file = try draft(Self.dune)
      let refused = try city.east.run("topology", "apply", file)
      #expect(refused.status == 77, "\(refused)")
      let foreseen = try city.hub.good("topology", "apply", file, "--dry-run")
      #expect(foreseen.first?["changed"] as? Bool == true)
      #expect(try Self.regions(at: city.hub) == "5")
      let done = try city.hub.good("topology", "apply", file)
      #expect(done.first?["regions_described"] as? Int == 1)
      try await eventually("east knows the township") { try Self.regions(at: city.east) == "6" }
      let again = try city.hub.good("topology", "apply", file)
      #expect(again.first?["changed"] as? Bool == false)

      let made = try provision(file)
      #expect(made.status == 0, "\(made)")
      let dune = CityNode(region: "dune", home: city.scratch.path("city/dune"), port: nil)
      try dune.good("node", "init")
      try await dune.start()
      try dune.report("沙丘镇来件")
      try await eventually("east holds the township's lead") {
        try city.east.numbers().contains { $0.hasPrefix("0102-") }
      }
      for node in city.line + [dune] { try await node.stop() }
    }

    @Test func `a stopped hub applies a draft, and a bundle brings it to a new folder`() throws {
      let file = try draft(Self.dune)
      let early = try provision(file)
      #expect(early.status == 77 && early.errors.contains("topology apply"), "\(early)")
      #expect(try city.hub.sql("SELECT count(*) FROM trees") == "1")
      try city.hub.good("topology", "apply", file)
      let bundle = city.scratch.path("city/dune/tree.bundle")
      try city.hub.good("topology", "bundle", bundle)
      let twice = try city.hub.run("topology", "bundle", bundle)
      #expect(twice.status == 77, "\(twice)")
      let dune = CityNode(region: "dune", home: city.scratch.path("city/dune"), port: nil)
      try dune.good("node", "init")
      #expect(try Self.regions(at: dune) == "6")
    }

    @Test func `a node whose key was made on its own machine joins`() async throws {
      for node in city.line { try await node.start() }
      try city.hub.good("topology", "apply", draft(Self.dune))
      let dune = CityNode(region: "dune", home: city.scratch.path("dune"), port: nil)
      let asked = try dune.good(
        "node", "request", "dune", "--tier", "township", "--deployment", "trial")
      let request = try #require(asked.first?["request"] as? String)
      #expect(try ToolRun.tool("stat", "-c", "%a", dune.home + "/node.key") == "600\n")
      let twice = try dune.run(
        "node", "request", "dune", "--tier", "township", "--deployment", "trial")
      #expect(twice.status == 77, "\(twice)")
      try ToolRun.tool(
        ToolRun.liandong, "ca", "issue", "dune", "--tier", "township", "--csr", request, "--ca",
        city.authority, "--out", city.scratch.path("answer"))
      try ToolRun.tool(
        "cp", city.scratch.path("answer/node.pem"), city.scratch.path("answer/root.pem"),
        dune.home)
      try city.hub.good("topology", "bundle", dune.home + "/tree.bundle")
      try dune.good("node", "init")
      try await dune.start()
      try dune.report("沙丘镇来件")
      try await eventually("the hub holds the township's lead") {
        try city.hub.numbers().contains { $0.hasPrefix("0102-") }
      }
    }

    @Test func `a city whose hub was carried away makes no second hub`() throws {
      try FileManager.default.moveItem(
        atPath: city.hub.home, toPath: city.scratch.path("elsewhere"))
      let run = try provision(city.scratch.path("t.yaml"))
      #expect(run.status == 77 && run.errors.contains("topology apply"), "\(run)")
      #expect(!FileManager.default.fileExists(atPath: city.hub.home))
    }
  }
}
