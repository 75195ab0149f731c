import Crypto
import Foundation
import Identity
import Ledger
import Regions
import Replication
import Synchronization
import Testing

@testable import Transport

/// All tests of sockets, one after another.
@Suite(.serialized, .timeLimit(.minutes(10))) struct LinkTransportTests {}

extension LinkTransportTests {
  @Suite struct Sessions {
    @Test func twoEndsProveTheirNamesAndSpeakTLS13() async throws {
      let city = try LinkCity()
      let (hub, child) = (
        try city.credentials("hub", .city), try city.credentials("haizhou-qu")
      )
      let atHub = Mutex<[String]>([])
      let echo: LinkServer.Handler = { session in
        atHub.withLock { $0 = [session.peer.name.uri, session.tlsVersion] }
        #expect(session.peerChain == child.current.chain.der)
        for try await frame in session.inbound { try await session.send(frame) }
      }
      try await LinkTest.run(hub, handler: echo) { test in
        try await test.dial(child, expecting: city.name("hub", .city)) { session in
          #expect(session.tlsVersion == "TLSv1.3")
          #expect(session.peer.name.uri == "liandong://lianyungang/city/hub")
          #expect(session.peerChain == hub.current.chain.der)
          #expect(session.remoteAddress == "127.0.0.1:\(test.port)")
          let said: [Frame] = [
            .ping, .want([Hash(of: [1]), Hash(of: [2])]),
            .goodbye(Goodbye(reason: .stopping, message: "再见")),
          ]
          for frame in said { try await session.send(frame) }
          var heard: [Frame] = []
          for try await frame in session.inbound {
            heard.append(frame)
            if heard.count == said.count { break }
          }
          #expect(heard == said)
          #expect(session.bytesSent == session.bytesReceived && session.bytesSent > 70)
          #expect(session.bytesArrived > session.bytesReceived, "TLS and HTTP/2 count as well")
        }
      }
      #expect(atHub.withLock { $0 } == ["liandong://lianyungang/district/haizhou-qu", "TLSv1.3"])
    }

    @Test func closeOfTheChildEndsTheParentsFrames() async throws {
      let city = try LinkCity()
      let hub = try city.credentials("hub", .city)
      let child = try city.credentials("haizhou-qu")
      let (ends, end) = AsyncStream.makeStream(of: Int.self)
      try await LinkTest.run(
        hub,
        handler: { session in
          var count = 0
          for try await _ in session.inbound { count += 1 }
          end.yield(count)
        }
      ) { test in
        try await test.dial(child, expecting: city.name("hub", .city)) { session in
          for _ in 0..<10 { try await session.send(.ping) }
          await session.close()
          let error = await transportError { try await session.send(.ping) }
          #expect(error?.code == .closed)
        }
        for await count in ends {
          #expect(count == 10)
          break
        }
      }
    }

    @Test func closeOfTheParentEndsTheChildsFrames() async throws {
      let city = try LinkCity()
      let hub = try city.credentials("hub", .city)
      let child = try city.credentials("haizhou-qu")
      try await LinkTest.run(
        hub,
        handler: { session in
          try await session.send(.ping)
          await session.close()
        }
      ) { test in
        try await test.dial(child, expecting: city.name("hub", .city)) { session in
          var frames: [Frame] = []
          for try await frame in session.inbound { frames.append(frame) }
          #expect(frames == [.ping])
        }
      }
    }

    @Test func lastFrameBeforeTheChildLeavesArrives() async throws {
      let city = try LinkCity()
      let hub = try city.credentials("hub", .city)
      let child = try city.credentials("haizhou-qu")
      let (frames, frame) = AsyncStream.makeStream(of: Frame.self)
      try await LinkTest.run(
        hub, handler: { session in for try await one in session.inbound { frame.yield(one) } }
      ) { test in
        let last = Frame.goodbye(Goodbye(reason: .stopping, message: "restart"))
        try await test.dial(child, expecting: city.name("hub", .city)) { session in
          try await session.send(last)
        }
        for await one in frames {
          #expect(one == last)
          break
        }
      }
    }

    @Test func parentThatStopsEndsSessionsInTime() async throws {
      let city = try LinkCity()
      let hub = try city.credentials("hub", .city)
      let child = try city.credentials("haizhou-qu")
      let wasCancelled = Mutex(false)
      let clock = ContinuousClock()
      let start = clock.now
      try await LinkTest.run(
        hub, stopWithin: .milliseconds(200),
        handler: { session in
          do {
            for try await frame in session.inbound { try await session.send(frame) }
          } catch {
            wasCancelled.withLock { $0 = true }
            throw error
          }
        }
      ) { test in
        let error = await transportError {
          try await test.dial(child, expecting: city.name("hub", .city)) { session in
            try await session.send(.ping)
            for try await _ in session.inbound { test.server.stop() }
          }
        }
        #expect(error?.code == .closed)
      }
      #expect(wasCancelled.withLock { $0 })
      #expect(clock.now - start < .seconds(10))
    }

    @Test func cancelledChildLeavesNothingBehind() async throws {
      let city = try LinkCity()
      let hub = try city.credentials("hub", .city)
      let child = try city.credentials("haizhou-qu")
      let (ends, end) = AsyncStream.makeStream(of: Void.self)
      try await LinkTest.run(
        hub,
        handler: { session in
          defer { end.yield() }
          for try await frame in session.inbound { try await session.send(frame) }
        }
      ) { test in
        let name = try city.name("hub", .city)
        await withTaskGroup(of: Void.self) { group in
          let (heard, hear) = AsyncStream.makeStream(of: Void.self)
          group.addTask {
            await #expect(throws: CancellationError.self) {
              try await test.dial(child, expecting: name) { session in
                try await session.send(.ping)
                for try await _ in session.inbound { hear.yield() }
              }
            }
          }
          for await _ in heard { break }
          group.cancelAll()
        }
        for await _ in ends { break }
      }
    }

    @Test func twoHundredBatchesFlow() async throws {
      let city = try LinkCity()
      let hub = try city.credentials("hub", .city)
      let child = try city.credentials("haizhou-qu")
      let batch = try BatchSample.batch(commits: 512, eventBytes: 600)
      let counts = Mutex((batches: 0, commits: 0))
      let clock = ContinuousClock()
      let start = clock.now
      try await LinkTest.run(
        hub,
        handler: { session in
          for try await frame in session.inbound {
            guard case .batch(let batch) = frame else { continue }
            counts.withLock {
              $0.batches += 1
              $0.commits += batch.items.count
            }
          }
          try await session.send(.ping)
        }
      ) { test in
        try await test.dial(child, expecting: city.name("hub", .city)) { session in
          for _ in 0..<200 { try await session.send(batch) }
          await session.close()
          var frames: [Frame] = []
          for try await frame in session.inbound { frames.append(frame) }
          #expect(frames == [.ping])
          let elapsed = clock.now - start
          let seconds =
            Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
          print(
            "200 batches of 512 commits, \(session.bytesSent) bytes in \(elapsed): "
              + "\(Int(Double(200 * 512) / seconds)) commits a second")
        }
      }
      #expect(counts.withLock { $0 } == (200, 200 * 512))
    }
  }
}

/// A batch of commits of one event each.
enum BatchSample {
  static func batch(commits: Int, eventBytes: Int) throws -> Frame {
    let signer = CommitSigner(privateKey: P256.Signing.PrivateKey())
    var previous = Hash.zero
    let region = try #require(RegionID("haizhou-qu"))
    let items = try (1...UInt64(commits)).map { (sequence: UInt64) in
      let stamp = Stamp(
        origin: Origin(region: region, incarnation: 1), sequence: sequence,
        time: HybridTime(rawValue: sequence), actor: "wang", role: "clerk", tier: .district,
        key: signer.key, lane: .bulk)
      var draft = CommitDraft(stamp: stamp)
      draft.add(
        EventDraft(
          entity: nil, kind: "lead.reported", parents: [], audience: [region],
          salt: [UInt8](repeating: UInt8(sequence & 255), count: 16),
          body: [UInt8](repeating: 7, count: eventBytes - 52)))
      let commit = try signer.seal(draft, previous: previous)
      previous = commit.hash
      return Batch.Item.commit(commit)
    }
    return .batch(Batch(lane: .bulk, start: .start(of: 1), chains: [], items: items))
  }
}
