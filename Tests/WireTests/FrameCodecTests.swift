import Ledger
import Regions
import Replication
import Testing
import Wire

@Suite struct FrameCodecTests {
  @Test(arguments: 0..<FrameGenerator.kinds)
  func framesOfEveryKindSurviveTheRoundTrip(kind: Int) throws {
    for seed in UInt64(1)...40 {
      var generator = FrameGenerator(seed: seed &* 977 &+ UInt64(kind))
      let frame = try generator.frame(kind: kind)
      let decoded = try FrameCodec.decode(FrameCodec.encode(frame))
      #expect(decoded == frame, "seed \(seed), kind \(kind)")
    }
  }

  @Test func partialCommitKeepsItsHashOnTheWay() throws {
    var generator = FrameGenerator(seed: 5)
    for _ in 0..<30 {
      let commit = try generator.commit()
      let frame = Frame.repair(Shipment(chains: [], commits: [commit]))
      guard case .repair(let decoded) = try FrameCodec.decode(FrameCodec.encode(frame)) else {
        Issue.record("another kind came back")
        return
      }
      #expect(decoded.commits.first?.hash == commit.hash)
      #expect(
        decoded.commits.first?.entries.map(\.event?.bytes) == commit.entries.map(\.event?.bytes))
    }
  }

  /// Bytes written by hand from `liandong.proto` and the protobuf encoding, not by this code.
  @Test func bytesAreThoseOfTheDescription() throws {
    #expect(try FrameCodec.encode(.ping) == [0x52, 0x00])
    let taken = Acknowledgement(lane: .bulk, position: 300, movesCursor: true)
    let takenBytes: [UInt8] = [0x22, 0x07, 0x08, 0x02, 0x10, 0xAC, 0x02, 0x18, 0x01]
    #expect(try FrameCodec.encode(.acknowledgement(taken)) == takenBytes)
    #expect(try FrameCodec.decode(takenBytes) == .acknowledgement(taken))
    let want = [UInt8](repeating: 7, count: 32)
    #expect(
      try FrameCodec.decode([0x3A, 0x22, 0x0A, 0x20] + want) == .want([try #require(Hash(want))]))
    let goodbye = Goodbye(reason: .disk, message: "满", retryAfterSeconds: 0)
    let goodbyeBytes: [UInt8] = [0x5A, 0x09, 0x08, 0x0A, 0x12, 0x03, 0xE6, 0xBB, 0xA1, 0x18, 0x00]
    #expect(try FrameCodec.encode(.goodbye(goodbye)) == goodbyeBytes)
  }

  @Test func fieldsOfALaterVersionAreSkipped() throws {
    let unknown: [UInt8] = [0xFA, 0x01, 0x03, 1, 2, 3, 0xF8, 0x01, 0x05]
    #expect(try FrameCodec.decode([0x52, 0x00] + unknown) == .ping)
  }

  @Test func textsForPeopleAreCutAtTheEndOfACharacter() throws {
    let long = "a" + String(repeating: "一", count: 400)
    let frame = Frame.goodbye(Goodbye(reason: .paused, message: long))
    guard case .goodbye(let goodbye) = try FrameCodec.decode(FrameCodec.encode(frame)) else {
      Issue.record("another kind came back")
      return
    }
    #expect(goodbye.message == "a" + String(repeating: "一", count: 341))
  }

  @Test func largestBatchOfSmallCommitsFitsAMessage() throws {
    var generator = FrameGenerator(seed: 9)
    let frame = try generator.hotBatch(commits: ReplicationBounds.batchCommits, bodyBytes: 500)
    let clock = ContinuousClock()
    var bytes: [UInt8] = []
    let encoding = try clock.measure { bytes = try FrameCodec.encode(frame) }
    var decoded: Frame?
    let decoding = try clock.measure { decoded = try FrameCodec.decode(bytes) }
    print("batch of 512 commits, \(bytes.count) bytes: encoded \(encoding), decoded \(decoding)")
    #expect(decoded == frame)
    #expect(bytes.count < ReplicationBounds.messageBytes)
  }
}
