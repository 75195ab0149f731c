import Foundation
import Testing

extension CityTests {
  /// A township that is moved to another district while it is cut off.
  @Suite struct MoveTests {
    private let city: City

    init() throws { city = try City() }

    /// Every entity whose audience names a region: identifier and folded state of each, as the digest
    /// of that region's scope takes them.
    private static func scope(of region: String, at node: CityNode) throws -> String {
      try node.sql(
        """
        SELECT hex(e.uuid), hex(e.state) FROM entities e JOIN audiences a ON a.id = e.audience
        WHERE ' ' || a.regions || ' ' LIKE '% \(region) %' ORDER BY e.uuid
        """)
    }

    private static func state(of lead: String, at node: CityNode) throws -> String {
      try node.sql(
        """
        SELECT hex(e.state) FROM leads l JOIN entities e ON e.id = l.entity
        WHERE l.number = '\(lead)'
        """)
    }

    private static func frozenSince(_ lead: String, at node: CityNode) throws -> String? {
      let shown = try node.good("lead", "show", lead).first?["lead"] as? [String: Any]
      return try #require(shown)["frozen_since"] as? String
    }

    private func receipt(
      of region: String, for directive: String, at node: CityNode
    ) throws -> [String: Any] {
      let shown = try node.good("directive", "show", directive).first
      let lines = try #require(shown?["receipts"] as? [[String: Any]])
      return try #require(lines.first { $0["recipient"] as? String == region })
    }

    /// Publishes a tree at the hub by which lake stands below `parent`, and waits until both districts
    /// know it.
    private func move(to parent: String, trees: Int) async throws {
      let text = try city.scratch.read("t.yaml").replacing(
        "names: 湖镇, parent: east", with: "names: 湖镇, parent: \(parent)")
      let file = try city.scratch.write(text, to: "moved.yaml")
      let done = try city.hub.good("topology", "apply", file)
      #expect(done.first?["changed"] as? Bool == true)
      for district in [city.east, city.west] {
        try await eventually("\(district.region) knows the new tree") {
          try district.sql("SELECT count(*) FROM trees") == "\(trees)"
        }
      }
    }

    private func start() async throws {
      for node in [city.hub, city.east, city.west, city.lake] { try await node.start() }
    }

    @Test func `a township moved while it is off brings all it wrote to its new district`()
      async throws
    {
      try await start()
      let dispatched = try city.east.report("区里交办")
      try city.east.good("lead", "dispatch", dispatched, "--to", "lake")
      let own = try city.lake.report("镇里上报")
      try await eventually("lake holds what east dispatched") {
        try city.lake.numbers().contains(dispatched)
      }
      try await eventually("east holds what lake reported") {
        try city.east.numbers().contains(own)
      }
      try city.east.good("lead", "dispatch", own, "--to", "lake")
      try await eventually("lake was handed its own lead") {
        try city.lake.good("lead", "show", own).first?["lead"] != nil
          && city.lake.good("lead", "list", "--mine").contains { $0["number"] as? String == own }
      }
      let directive = try #require(
        try city.hub.good(
          "directive", "issue", "--to-all", "--title", "重污染天气应急", "--text", "两小时内签收"
        ).first?["id"] as? String)
      try await eventually("lake has the directive") {
        try city.lake.run("directive", "show", directive).status == 0
      }
      try await city.settle()
      try await city.lake.stop()

      let before = try Self.state(of: own, at: city.east)
      try await move(to: "west", trees: 2)
      for lead in [dispatched, own] {
        try city.lake.good("lead", "sign", lead)
        try city.lake.good("lead", "inspect", lead, "--finding", "现场有扬尘")
      }
      try city.lake.good("directive", "receive", directive)
      let unsent = try (1...12).map { try city.lake.report("断网期间 \($0)") }

      try await city.lake.start()
      try await eventually("lake's backlog is taken by west", within: .seconds(60)) {
        try city.lake.hasNothingLeft(for: "west")
      }
      try await eventually("west's backlog is taken by the hub") {
        try city.west.hasNothingLeft(for: "hub")
      }
      for holder in [city.lake, city.west, city.hub] {
        #expect(try holder.numbers().isSuperset(of: unsent + [dispatched, own]))
        #expect(
          try Self.scope(of: "lake", at: holder) == Self.scope(of: "lake", at: city.lake),
          "\(holder.region)")
        #expect(try Self.frozenSince(own, at: holder) == nil)
      }
      #expect(try city.lake.link(to: "east")?["state"] as? String != "connected")

      // The former district keeps what it had.
      #expect(try city.east.numbers().isDisjoint(with: unsent))
      #expect(try Self.state(of: own, at: city.east) == before)
      let since = try #require(try Self.frozenSince(own, at: city.east))
      let shown = try ToolRun.run(
        ToolRun.liandong, ["lead", "show", own, "--home", city.east.home, "--lang", "zh"])
      #expect(shown.output.contains("截至 \(since)"), "\(shown.output)")
      let listed = try city.east.good("lead", "list")
      #expect(listed.first { $0["number"] as? String == own }?["frozen_since"] as? String == since)
      let line = try receipt(of: "lake", for: directive, at: city.east)
      #expect(line["frozen_since"] as? String == since)
      #expect(line["stage"] as? String == "open")
      let living = try receipt(of: "lake", for: directive, at: city.hub)
      #expect(living["frozen_since"] == nil)
      #expect(living["stage"] as? String == "received")
      // What it wrote itself stays in its scope, and what others do about it still comes.
      #expect(try Self.frozenSince(dispatched, at: city.east) == nil)
      try await eventually("east sees what became of its own lead") {
        try Self.state(of: dispatched, at: city.east) == Self.state(of: dispatched, at: city.lake)
      }
      for node in [city.hub, city.east, city.west, city.lake] {
        #expect(try node.good("verify").first?["ok"] as? Bool == true, "\(node.region)")
      }
    }

    @Test func `a township moved there and back while its links are paused loses nothing`()
      async throws
    {
      try await start()
      let first = try city.lake.report("移交之前")
      try await city.settle()
      try city.lake.good("sync", "pause")
      try await move(to: "west", trees: 2)
      let second = try city.lake.report("移交期间")
      try city.lake.good("sync", "resume")
      try await eventually("west holds both", within: .seconds(60)) {
        try city.west.numbers().isSuperset(of: [first, second])
      }
      #expect(try Self.frozenSince(first, at: city.east) != nil)
      #expect(try !city.east.numbers().contains(second))

      try city.lake.good("sync", "pause")
      try await move(to: "east", trees: 3)
      let third = try city.lake.report("划回之前")
      try city.lake.good("sync", "resume")
      try await eventually("east holds all three", within: .seconds(60)) {
        try city.east.numbers().isSuperset(of: [first, second, third])
      }
      try await city.settle()
      for holder in [city.lake, city.east, city.hub] {
        #expect(
          try Self.scope(of: "lake", at: holder) == Self.scope(of: "lake", at: city.lake),
          "\(holder.region)")
        #expect(try Self.frozenSince(first, at: holder) == nil)
      }
      #expect(try Self.frozenSince(first, at: city.west) != nil)
      #expect(try !city.west.numbers().contains(third))
    }
  }
}
