import Foundation
import Identity
import Ledger
import Regions
import Replication
import Synchronization
import Testing
import Transport

extension CityTests {
  /// Certified nodes of the city that dial a parent that is not theirs, as no honest program does: the
  /// child's end is played here, with the folder's own key, and the parent is a real process.
  @Suite struct StrangeChildTests {
    /// What the parent answered a child that greets with nothing held: its frames up to the end.
    private func dial(_ parent: CityNode, as child: CityNode, in city: City) async throws -> [Frame]
    {
      let credentials = try NodeKeyStore(path: child.home).load()
      let hello = Hello(
        protocolVersions: 1...1, region: credentials.certified.name.region, incarnation: 1,
        software: "strange", trees: try Self.trees(of: child), cursors: LanePair(repeating: .fresh))
      let name = try #require(RegionID(parent.region))
      let heard = Heard()
      let client = LinkClient(credentials: try LinkCredentials(credentials)) { _ in nil }
      try await client.run(
        host: "127.0.0.1", port: try #require(parent.port),
        expecting: NodeName(
          deployment: credentials.certified.name.deployment, tier: .district, region: name),
        within: .seconds(20)
      ) { session in
        try await session.send(.hello(hello))
        for try await frame in session.inbound { heard.add(frame) }
      }
      return heard.frames
    }

    private final class Heard: Sendable {
      private let list = Mutex<[Frame]>([])

      var frames: [Frame] { list.withLock { $0 } }

      func add(_ frame: Frame) { list.withLock { $0.append(frame) } }
    }

    /// The names of the trees that a stopped node holds.
    private static func trees(of node: CityNode) throws -> [Hash] {
      try node.sql("SELECT hex(e.hash) FROM trees t JOIN events e ON e.id = t.event")
        .split(separator: "\n").map { line in
          let digits = Array(line)
          let bytes = stride(from: 0, to: digits.count, by: 2).compactMap {
            UInt8(String(digits[$0...$0 + 1]), radix: 16)
          }
          return try #require(Hash(bytes))
        }
    }

    private func isIntact(_ nodes: CityNode...) async throws {
      for node in nodes {
        if node.isRunning { try await node.stop() }
        #expect(try node.good("verify").first?["ok"] as? Bool == true)
        #expect(try node.sql("SELECT count(*) FROM set_aside") == "0")
      }
    }

    @Test func `a township of another district is told so by the parent and gives it nothing`()
      async throws
    {
      let city = try City()
      try city.hill.report("西区的线索")
      try await city.east.start()
      let frames = try await dial(city.east, as: city.hill, in: city)
      let goodbyes = frames.compactMap {
        if case .goodbye(let goodbye) = $0 { goodbye } else { nil }
      }
      #expect(goodbyes.map(\.reason) == [.notNeighbours], "\(frames)")
      #expect(!frames.contains { if case .batch = $0 { true } else { false } })
      let link = try #require(try city.east.link(to: "hill"))
      #expect(link["state"] as? String != "connected")
      #expect("\(link["last_error"] ?? "")".contains("not parent and child"), "\(link)")
      #expect(city.east.log.contains("notNeighbours"))
      #expect(try city.east.sql("SELECT count(*) FROM leads") == "0")
      try await isIntact(city.east, city.hill)
    }

    @Test func `a node of the parent's own tier is refused before a session, and that is logged`()
      async throws
    {
      let city = try City()
      try await city.east.start()
      let error = await #expect(throws: TransportError.self) {
        _ = try await dial(city.east, as: city.west, in: city)
      }
      #expect(error?.code == .certificateRefused, "\(String(describing: error))")
      #expect(error?.message.contains("does not stand below") == true)
      try await eventually("the refusal is logged") {
        city.east.log.contains("a connection was refused")
          && city.east.log.contains("does not stand below")
      }
      #expect(try city.east.link(to: "west") == nil)
      try await isIntact(city.east, city.west)
    }
  }
}
