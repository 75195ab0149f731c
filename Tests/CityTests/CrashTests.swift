import Foundation
import Testing

extension CityTests {
  /// Nodes killed with -9 during traffic: what was acknowledged is there, once, wherever it belongs.
  @Suite struct CrashTests {
    /// The shim that drops unsynced writes; see Tests/Crash.
    private static let shim = ProcessInfo.processInfo.environment["LIANDONG_DROPSYNC"]
    /// How often nodes are killed in all.
    private static let kills =
      ProcessInfo.processInfo.environment["LIANDONG_KILLS"].flatMap(Int.init) ?? 30

    @Test func `kills at random moments lose and double no acknowledged lead`() async throws {
      let city = try City()
      var chance = SeededChance()
      for node in city.line { try await node.start() }
      let traffic = city.line.map { Traffic(at: $0) }
      for kill in 0..<Self.kills {
        try await moment(of: &chance)
        let victim = city.line[kill % city.line.count]
        victim.kill()
        try await victim.start()
      }
      for part in traffic { try await part.stop() }
      try await city.settle(within: .seconds(120))
      for (author, part) in zip(city.line, traffic) {
        #expect(part.refusals == [], "seed \(chance.seed), \(author.region)")
        #expect(part.acknowledged.count > 20, "the traffic at \(author.region) shows little")
      }
      try await judge(city, traffic.map(\.acknowledged), "seed \(chance.seed)")
    }

    @Test(
      .enabled(
        if: shim != nil, "LIANDONG_DROPSYNC names no shim; `make .bench/dropsync.so` makes one"))
    func `a kill that drops unsynced writes loses no acknowledged lead`() async throws {
      let city = try City()
      var chance = SeededChance()
      let mark = city.scratch.path("mark")
      city.lake.environment = ["LD_PRELOAD": Self.shim ?? "", "DROPSYNC_MARK": mark]
      for node in city.line { try await node.start() }
      let inForce = try String(contentsOfFile: mark, encoding: .utf8)
      #expect(Int(inForce.trimmingCharacters(in: .whitespacesAndNewlines)) != nil)
      let traffic = Traffic(at: city.lake)
      for _ in 0..<max(3, Self.kills / 3) {
        try await moment(of: &chance)
        city.lake.kill()
        try await city.lake.start()
      }
      try await traffic.stop()
      try await city.settle(within: .seconds(120))
      #expect(traffic.refusals == [], "seed \(chance.seed)")
      #expect(traffic.acknowledged.count > 20)
      try await judge(city, [[:], [:], traffic.acknowledged], "seed \(chance.seed)")
    }

    /// Lets the traffic run for a while that chance chooses.
    private func moment(of chance: inout SeededChance) async throws {
      try await Task.sleep(for: .milliseconds(Int.random(in: 20...700, using: &chance)))
    }

    /// Looks at every store after the nodes have stopped.
    ///
    /// - Parameter acknowledged: of each node of the line, from the hub downward: title by number.
    private func judge(
      _ city: City, _ acknowledged: [[String: String]], _ comment: Comment
    ) async throws {
      for node in city.line { try await node.stop() }
      for (height, node) in city.line.enumerated() {
        // A lead is held where it was reported and everywhere above.
        let expected = acknowledged[height...].reduce(into: [:]) { $0.merge($1) { $1 } }
        let leads = try node.leads()
        #expect(Set(leads.map(\.number)).count == leads.count, comment)
        #expect(Set(leads.map(\.title)).count == leads.count, comment)
        let held = Dictionary(leads.map { ($0.number, $0.title) }) { first, _ in first }
        let lost = expected.filter { held[$0.key] != $0.value }
        #expect(lost.isEmpty, "\(comment): \(node.region) lost \(lost.keys.sorted())")
        let verified = try node.good("verify").first
        #expect(verified?["ok"] as? Bool == true, comment)
        let status = try node.good("status").first
        #expect(status?["conflicts_open"] as? Int == 0, comment)
        #expect(try node.sql("SELECT count(*) FROM set_aside") == "0", comment)
        #expect(try node.sql("SELECT count(*) FROM alarms") == "0", comment)
      }
      let below = try City.holdings(of: "0101", at: city.lake)
      #expect(!below.isEmpty)
      #expect(try City.holdings(of: "0101", at: city.east) == below, comment)
      #expect(try City.holdings(of: "0101", at: city.hub) == below, comment)
      let middle = try City.holdings(of: "0010", at: city.east)
      #expect(try City.holdings(of: "0010", at: city.hub) == middle, comment)
    }
  }
}
