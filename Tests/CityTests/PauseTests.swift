import Foundation
import Glibc
import Testing

extension CityTests {
  /// What an operator does to links, and what a node says of itself while it starts.
  @Suite struct PauseTests {
    private func states(of node: CityNode) throws -> [String] {
      let links = try node.good("status").first?["links"] as? [[String: Any]] ?? []
      return links.compactMap { $0["state"] as? String }
    }

    @Test func `a pause holds every link down and is shown until it is over`() async throws {
      let city = try City()
      for node in city.line { try await node.start() }
      try await eventually("lake is linked") {
        try city.lake.link(to: "east")?["state"] as? String == "connected"
      }
      try city.east.good("sync", "pause")
      #expect(try states(of: city.east) == ["paused", "paused"])
      let lead = try city.lake.report("暂停期间")
      try await eventually("lake lost its link") {
        try city.lake.link(to: "east")?["state"] as? String != "connected"
      }
      try city.lake.good("sync", "now")
      #expect(try states(of: city.east) == ["paused", "paused"])
      #expect(try !city.east.numbers().contains(lead))
      try city.east.good("sync", "resume")
      try city.lake.good("sync", "now")
      try await eventually("the lead is at the hub") { try city.hub.numbers().contains(lead) }
      #expect(try states(of: city.east) == ["connected", "connected"])
    }

    @Test func `a node that says that it serves can be dialled`() async throws {
      let city = try City()
      try city.east.launch()
      try await eventually("east says that it serves") { city.east.log.contains("the node serves") }
      let port = try #require(city.east.port)
      let descriptor = try #require(Sockets.tcp(port))
      close(descriptor)
    }
  }
}
