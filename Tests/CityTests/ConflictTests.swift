import Testing

extension CityTests {
  /// Two offices act on one lead while apart, and a person decides.
  @Suite struct ConflictTests {
    /// A running city whose township's lead is known at all three tiers.
    private struct Case {
      let city: City
      let number: String
      /// The nodes that hold the lead.
      var holders: [CityNode] { city.line + [city.west] }

      init() async throws {
        let city = try City()
        for node in city.line + [city.west] { try await node.start() }
        let number = try city.lake.report("跨区异味")
        (self.city, self.number) = (city, number)
        try await eventually("the lead is at the hub") { try city.hub.numbers().contains(number) }
      }

      func lead(at node: CityNode) throws -> [String: Any] {
        try node.good("lead", "show", number).first?["lead"] as? [String: Any] ?? [:]
      }

      func stage(at node: CityNode) throws -> String? { try lead(at: node)["stage"] as? String }

      /// Runs `body` while a node's links are down.
      func apart(_ node: CityNode, _ body: () throws -> Void) async throws {
        try node.good("sync", "pause")
        try body()
        try node.good("sync", "resume")
        for child in [city.lake, city.east, city.west] { try child.good("sync", "now") }
      }

      /// Waits until each of the nodes has the same state of the lead, with so many open conflicts.
      func agree(_ nodes: [CityNode], open: Int) async throws {
        try await eventually("the holders agree on \(open) open conflicts") {
          let states = Set(try nodes.map { try City.holdings(of: "0101", at: $0) })
          let counts = try nodes.map { try $0.good("status").first?["conflicts_open"] as? Int }
          return states.count == 1 && counts.allSatisfy { $0 == open }
        }
      }

      func conflicts(at node: CityNode, _ words: String...) throws -> [[String: Any]] {
        let run = try ToolRun.run(
          ToolRun.liandong, ["conflict", "list", "--home", node.home, "--json"] + words)
        guard run.status == 0 else { throw CityFault("conflict list: \(run.errors)") }
        return try run.objects()
      }

      func expectSound() throws {
        for node in holders { #expect(try node.good("verify").first?["ok"] as? Bool == true) }
      }
    }

    private func event(_ side: String, _ conflict: [String: Any]?) -> [String: Any] {
      conflict?[side] as? [String: Any] ?? [:]
    }

    @Test
    func `a return against a dispatch elsewhere is one conflict, and its confirmation ends it`()
      async throws
    {
      let dispute = try await Case()
      let (city, number) = (dispute.city, dispute.number)
      try city.east.good("lead", "dispatch", number, "--to", "lake")
      try await eventually("lake is to sign") { try dispute.stage(at: city.lake) == "sign" }
      try await dispute.apart(city.lake) {
        try city.lake.good("lead", "return", number, "--reason", "不属本辖区")
        try city.east.good("lead", "dispatch", number, "--to", "west")
      }
      try await dispute.agree(city.line, open: 1)
      for node in city.line {
        let conflict = try dispute.conflicts(at: node).first
        #expect(event("winner", conflict)["region"] as? String == "east", "\(node.region)")
        #expect(event("loser", conflict)["kind"] as? String == "lead.returned", "\(node.region)")
        #expect(conflict?["rule"] as? String == "rank" && conflict?["owner"] as? String == "west")
        #expect(try dispute.lead(at: node)["conflicts"] as? Int == 1)
      }
      let redo = try city.lake.run("conflict", "redo", number)
      #expect(redo.status == 77 && redo.errors.contains("west"), "\(redo.errors)")
      try city.east.good("conflict", "confirm", number)
      try await dispute.agree(dispute.holders, open: 0)
      let again = try city.hub.run("conflict", "confirm", number)
      #expect(again.status == 77 && again.errors.contains("conflict_decided"), "\(again.errors)")
      #expect(try dispute.conflicts(at: city.hub).isEmpty)
      let decided = try dispute.conflicts(at: city.lake, "--all", "--region", "west").first
      #expect(event("decision", decided)["verdict"] as? String == "confirmed")
      try dispute.expectSound()
    }

    @Test func `a superseded dispatch is redone, and change and decision reach all three tiers`()
      async throws
    {
      let dispute = try await Case()
      let (city, number) = (dispute.city, dispute.number)
      try await dispute.apart(city.hub) {
        try city.east.good("lead", "dispatch", number, "--to", "lake")
        try city.hub.good("lead", "dispatch", number, "--to", "west")
      }
      try await dispute.agree(dispute.holders, open: 1)
      #expect(try dispute.lead(at: city.lake)["handler"] as? [String] == ["west"])
      try city.lake.good("conflict", "redo", number)
      try await dispute.agree(dispute.holders, open: 0)
      for node in dispute.holders {
        #expect(try dispute.lead(at: node)["handler"] as? [String] == ["lake"], "\(node.region)")
      }
      try dispute.expectSound()
    }

    @Test func `decided at two offices at once, the hub's decision counts and no conflict remains`()
      async throws
    {
      let dispute = try await Case()
      let (city, number) = (dispute.city, dispute.number)
      try await dispute.apart(city.hub) {
        try city.lake.good("lead", "describe", number, "--field", "place", "--value", "湖滨路")
        try city.hub.good("lead", "describe", number, "--field", "place", "--value", "环湖路")
      }
      try await dispute.agree(city.line, open: 1)
      try await dispute.apart(city.hub) {
        try city.lake.good("conflict", "redo", number, "--slot", "place")
        try city.hub.good("conflict", "confirm", number)
      }
      try await dispute.agree(city.line, open: 0)
      for node in city.line {
        let decided = try dispute.conflicts(at: node, "--all")
        #expect(decided.count == 1, "\(node.region)")
        #expect(event("decision", decided.first)["verdict"] as? String == "confirmed")
        let timeline = try node.good("lead", "show", number).first?["timeline"]
        let effects = (timeline as? [[String: Any]] ?? [])
          .filter { $0["kind"] as? String == "conflict.decided" }
          .compactMap { $0["effect"] as? String }
        #expect(Set(effects) == ["effective", "already_decided"], "\(node.region)")
        // What was issued anew stands for itself.
        #expect(try node.good("lead", "show", number).first?["place"] as? String == "湖滨路")
      }
      try dispute.expectSound()
    }
  }
}
