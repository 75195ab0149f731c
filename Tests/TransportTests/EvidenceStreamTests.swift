import Foundation
import Identity
import Ledger
import Regions
import Replication
import Synchronization
import Testing

@testable import Transport

extension LinkTransportTests {
  /// The stream beside the link that carries evidence.
  @Suite struct EvidenceStreams {
    private static let question = EvidenceFrame.request(
      EvidenceRequest(
        event: SetKey(time: HybridTime(rawValue: 5), hash: Hash(of: [1])), file: Hash(of: [2]),
        offset: 0, mostBytes: 9))

    /// A link that stays open until the other side closes it.
    private static let drain: LinkServer.Handler = { session in
      for try await _ in session.inbound {}
    }

    @Test func `both sides ask and answer, and the link goes on beside`() async throws {
      let city = try LinkCity()
      let (hub, child) = (try city.credentials("hub", .city), try city.credentials("east"))
      let asker = Mutex<NodeName?>(nil)
      let (answers, answer) = AsyncStream.makeStream(of: EvidenceFrame.self)
      try await LinkTest.run(
        hub,
        evidence: { session in
          asker.withLock { $0 = session.peer.name }
          #expect(try await session.receive() == Self.question)
          try await session.send(.chunk([1, 2, 3]))
          // The parent asks over the connection that its child opened.
          try await session.send(Self.question)
          answer.yield(try #require(try await session.receive()))
        }, handler: Self.drain
      ) { test in
        try await test.dial(
          child, expecting: city.name("hub", .city),
          evidence: { session in
            try await session.send(Self.question)
            answer.yield(try #require(try await session.receive()))
            #expect(try await session.receive() == Self.question)
            try await session.send(.wait(seconds: 7))
            _ = try await session.receive()
          },
          { session in
            var heard: [EvidenceFrame] = []
            for await frame in answers {
              heard.append(frame)
              if heard.count == 2 { break }
            }
            #expect(heard == [.chunk([1, 2, 3]), .wait(seconds: 7)])
            try await session.send(.ping)
          })
      }
      #expect(asker.withLock { $0 } == (try city.name("east")))
    }

    @Test func `a stream that is no evidence ends alone, and the link goes on`() async throws {
      let city = try LinkCity()
      let (hub, child) = (try city.credentials("hub", .city), try city.credentials("east"))
      let (faults, fault) = AsyncStream.makeStream(of: TransportError?.self)
      try await LinkTest.run(
        hub,
        evidence: { session in
          fault.yield(await transportError { _ = try await session.receive() })
        },
        handler: { session in
          for try await frame in session.inbound { try await session.send(frame) }
        }
      ) { test in
        try await test.dial(
          child, expecting: city.name("hub", .city),
          evidence: { session in
            // More than a piece may be.
            try await session.send(
              .chunk([UInt8](repeating: 0, count: ReplicationBounds.evidenceChunkBytes + 1)))
            _ = try? await session.receive()
          },
          { session in
            var seen = faults.makeAsyncIterator()
            #expect(await seen.next()??.code == .malformedFrame)
            try await session.send(.ping)
            var frames = session.inbound.makeAsyncIterator()
            #expect(try await frames.next() == .ping)
          })
      }
    }

    @Test func `who may not link gets no evidence either`() async throws {
      let city = try LinkCity()
      let (hub, child) = (try city.credentials("hub", .city), try city.credentials("east"))
      let served = Mutex(0)
      let admitted = Mutex(1)
      try await LinkTest.run(
        hub,
        // The link is let in, and what comes after it is not: a key revoked in between.
        admit: { _ in
          admitted.withLock { left in
            left -= 1
            return left < 0 ? TransportError(.certificateRefused, "revoked") : nil
          }
        },
        evidence: { _ in served.withLock { $0 += 1 } }, handler: Self.drain
      ) { test in
        try await test.dial(
          child, expecting: city.name("hub", .city),
          evidence: { _ in served.withLock { $0 += 1 } },
          { _ in #expect(await test.refusal()?.code == .certificateRefused) })
      }
      #expect(served.withLock { $0 } == 0)
    }
  }
}
