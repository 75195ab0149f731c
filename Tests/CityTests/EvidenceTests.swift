import Foundation
import Identity
import Ledger
import Regions
import Replication
import Synchronization
import Testing
import Transport

extension CityTests {
  /// Evidence of a township on its way to the hub, through a district that dies and a line that is cut.
  @Suite struct EvidenceTests {
    private static let photoBytes = 300_000
    private static let videoBytes = 20 * 1024 * 1024

    @Test func `photo and video reach the hub through a district that is killed on the way`()
      async throws
    {
      let city = try City()
      let lead = try await report(in: city)
      let photo = try add(Self.photoBytes, "photo", to: lead, in: city)
      let video = try add(Self.videoBytes, "video", to: lead, in: city)
      try await city.settle()
      try await eventually("the photo comes to the hub by itself") {
        try piece(photo, of: lead, at: city.hub)?["held"] as? Bool == true
      }
      let before = try piece(video, of: lead, at: city.hub)
      #expect(before?["held"] as? Bool == false)
      #expect(before?["wanted"] as? Bool == false, "a video waits until somebody asks")

      let target = city.scratch.path("out.mp4")
      let early = try city.hub.run("evidence", "get", lead, video, target, "--wait", "0")
      #expect(early.status == 69, "\(early)")
      #expect(try city.hub.good("status").first?["evidence_wanted"] as? Int == 1)
      for _ in 1...3 {
        try await Task.sleep(for: .milliseconds(150))
        city.east.kill()
        try await city.east.start()
        city.lake.kill()
        try await city.lake.start()
      }
      try city.hub.good("sync", "pause")
      try city.hub.good("sync", "resume")
      try city.hub.good("evidence", "get", lead, video, target, "--wait", "50")
      let original = try Data(contentsOf: URL(filePath: city.scratch.path("video")))
      #expect(try Data(contentsOf: URL(filePath: target)) == original)
      for node in city.line {
        #expect(try node.good("evidence", "verify").first?["ok"] as? Bool == true)
        #expect(try node.good("status").first?["evidence_wanted"] as? Int == 0)
        let partial = try FileManager.default.contentsOfDirectory(
          atPath: "\(node.home)/evidence/partial")
        #expect(partial == [])
      }
    }

    @Test func `a sibling and a district of another region are refused, the author is served`()
      async throws
    {
      let city = try City(districts: (lake: "east", hill: "east"))
      let lead = try await report(in: city)
      let photo = try add(Self.photoBytes, "photo", to: lead, in: city)
      try await city.settle()
      for node in [city.east, city.hub] {
        try await eventually("the photo is at \(node.region)") {
          try piece(photo, of: lead, at: node)?["held"] as? Bool == true
        }
      }
      let request = try question(photo, of: lead, at: city.lake)
      try await city.lake.stop()
      #expect(try await ask(city.east, .district, as: city.lake, request) != .refused)
      #expect(try await ask(city.east, .district, as: city.hill, request) == .refused)
      #expect(try await ask(city.hub, .city, as: city.west, request) == .refused)
      let unknown = EvidenceRequest(
        event: request.event, file: Hash(of: [1]), offset: 0, mostBytes: 9)
      #expect(try await ask(city.east, .district, as: city.lake, unknown) == .refused)
    }

    /// Starts the line's nodes under the shipped process, which knows evidence, and reports a lead at the
    /// township.
    private func report(in city: City) async throws -> String {
      for node in city.line { try await node.start() }
      try await city.applyProcess(upTo: city.lake)
      return try city.lake.report("夜间施工")
    }

    /// Writes a picture of that length and takes it in at the township.
    ///
    /// - Returns: the file's hash.
    private func add(
      _ byteCount: Int, _ name: String, to lead: String, in city: City
    ) throws -> String {
      let path = try city.picture(byteCount, name)
      let added = try city.lake.good("evidence", "add", lead, path)
      return try #require(added.first?["file"] as? String)
    }

    private func piece(
      _ file: String, of lead: String, at node: CityNode
    ) throws -> [String: Any]? {
      // Before the lead has arrived there is nothing to list.
      let run = try node.run("evidence", "list", lead)
      return run.status == 0 ? try run.objects().first { $0["file"] as? String == file } : nil
    }

    /// The question for a file's beginning, with the key of the event that names it.
    private func question(
      _ file: String, of lead: String, at node: CityNode
    ) throws -> EvidenceRequest {
      let event = try #require(try piece(file, of: lead, at: node)?["event"] as? String)
      let time = try node.sql("SELECT time FROM events WHERE hash = x'\(event)'")
      return EvidenceRequest(
        event: SetKey(
          time: HybridTime(rawValue: try #require(UInt64(time))),
          hash: try #require(Hash(hex: event))),
        file: try #require(Hash(hex: file)), offset: 0, mostBytes: 100)
    }

    /// What a running node answers one that dials it with a node's own key, and says no more on its link.
    private func ask(
      _ node: CityNode, _ tier: Tier, as child: CityNode, _ request: EvidenceRequest
    ) async throws -> EvidenceFrame? {
      let credentials = try NodeKeyStore(path: child.home).load()
      let (answers, answer) = AsyncStream.makeStream(of: EvidenceFrame?.self)
      let heard = Mutex<EvidenceFrame?>(nil)
      let client = LinkClient(credentials: try LinkCredentials(credentials)) { _ in nil }
      try await client.run(
        host: "127.0.0.1", port: try #require(node.port),
        expecting: NodeName(
          deployment: credentials.certified.name.deployment, tier: tier,
          region: try #require(RegionID(node.region))), within: .seconds(20),
        evidence: { session in
          try await session.send(.request(request))
          while let frame = try await session.receive() {
            // The node may ask as well.
            guard case .request = frame else {
              answer.yield(frame)
              return
            }
            try await session.send(.refused)
          }
          answer.yield(nil)
        }
      ) { _ in
        for await frame in answers {
          heard.withLock { $0 = frame }
          return
        }
      }
      return heard.withLock { $0 }
    }
  }
}
