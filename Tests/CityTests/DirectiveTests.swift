import Foundation
import Testing

extension CityTests {
  /// A directive of the hub to two townships, one of which is off.
  @Suite struct DirectiveTests {
    @Test func `a directive with a file comes to a township, back, and to the other one later`()
      async throws
    {
      let city = try City()
      for node in city.line + [city.west] { try await node.start() }
      try await city.applyProcess(upTo: city.lake)
      let file = try city.picture(300_000, "plan.png")
      let issued = try city.hub.good(
        "directive", "issue", "--title", "重污染天气应急", "--due", "2036-01-01", "--to", "lake", "hill",
        "--attach", file)
      let id = try #require(issued.first?["id"] as? String)
      try await reach("delivered", "lake", of: id, in: city)
      #expect(try stage(of: "hill", in: id, at: city.hub) == "open")

      try city.lake.good("directive", "read", id)
      try city.lake.good("directive", "accept", id)
      try await holdsFile(of: id, at: city.lake)
      let target = city.scratch.path("out.png")
      let name = try #require(
        try city.lake.good("evidence", "list", id).first?["file"] as? String)
      try city.lake.good("evidence", "get", id, name, target)
      #expect(
        try Data(contentsOf: URL(filePath: target)) == Data(contentsOf: URL(filePath: file)))
      try city.lake.good("directive", "feedback", id, "--text", "已停产")
      try city.lake.good("directive", "done", id)
      try await reach("completed", "lake", of: id, in: city)
      try city.hub.good("directive", "return", id, "--region", "lake", "--reason", "照片不全")
      try await eventually("lake knows that more is wanted") {
        try stage(of: "lake", in: id, at: city.lake) == "returned"
      }
      try city.lake.good("directive", "done", id)
      try await reach("completed", "lake", of: id, in: city)
      try city.hub.good("directive", "verify", id, "--region", "lake")

      // The other one is switched on at last, and off and on again.
      try await city.hill.start()
      try await reach("delivered", "hill", of: id, in: city)
      city.hill.kill()
      try await city.hill.start()
      try await holdsFile(of: id, at: city.hill)
      let told = try receipt(of: "hill", in: id, at: city.hill)?["states"] as? [[String: Any]]
      #expect(told?.compactMap { $0["stage"] as? String } == ["open", "delivered"])
      #expect(try receipt(of: "lake", in: id, at: city.hill) == nil, "another's line")
      try city.hub.good("directive", "cancel", id, "--reason", "应急解除")
      try await eventually("hill knows that it is over") {
        try stage(of: "hill", in: id, at: city.hill) == "cancelled"
      }
      #expect(try stage(of: "lake", in: id, at: city.hub) == "verified")
      for node in city.line + [city.west, city.hill] {
        #expect(try node.good("verify").first?["ok"] as? Bool == true, "\(node.region)")
      }
    }

    private func reach(
      _ stage: String, _ region: String, of id: String, in city: City
    ) async throws {
      try await eventually("the hub knows that \(region) is at \(stage)") {
        try self.stage(of: region, in: id, at: city.hub) == stage
      }
    }

    private func holdsFile(of id: String, at node: CityNode) async throws {
      try await eventually("the file comes to \(node.region) by itself") {
        try node.good("evidence", "list", id).first?["held"] as? Bool == true
      }
    }

    private func stage(of region: String, in id: String, at node: CityNode) throws -> String? {
      try receipt(of: region, in: id, at: node)?["stage"] as? String
    }

    private func receipt(
      of region: String, in id: String, at node: CityNode
    ) throws -> [String: Any]? {
      // Before the directive has arrived there is nothing to show.
      let run = try node.run("directive", "show", id)
      let lines = run.status == 0 ? try run.objects().first?["receipts"] : nil
      return (lines as? [[String: Any]])?.first { $0["recipient"] as? String == region }
    }
  }
}
