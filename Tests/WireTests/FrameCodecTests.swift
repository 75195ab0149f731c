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

  @Test func aBatchTakesNoMoreBytesThanItsSizeSays() throws {
    for seed in UInt64(1)...16 {
      var generator = FrameGenerator(seed: seed &* 31)
      let items = try (0..<4).map { _ in
        Batch.Item.commit(try generator.commit(events: 1...60, bodyBytes: Int(seed) * 40))
      }
      let chains = [generator.bytes(900)]
      let batch = Batch(
        lane: .bulk, start: .start(of: .max), chains: [chains],
        items: items + [.mark(generator.hash())])
      let size = try FrameCodec.encode(.batch(batch)).count
      let bound = OutgoingBatch(batch).byteCount + FrameSize.of(chains)
      #expect(size <= bound + 64, "seed \(seed)")
    }
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

/// The batch has a reader and a writer of its own; the protobuf library is their oracle.
@Suite struct BatchCodecTests {
  /// A field that no version knows: a frame with it goes through the library.
  private static let unknownField: [UInt8] = [0xA0, 0x06, 0x01]

  /// What a decoder makes of bytes: the frame, or where the fault is.
  private func outcome(_ bytes: [UInt8]) -> Result<Frame, MalformedFrame> {
    Result { () throws(MalformedFrame) in try FrameCodec.decode(bytes) }
  }

  private func batches(_ count: Int, seed: UInt64) throws -> [Batch] {
    var generator = FrameGenerator(seed: seed)
    var batches: [Batch] = []
    while batches.count < count {
      for kind in 0..<FrameGenerator.kinds {
        guard case .batch(let batch) = try generator.frame(kind: kind) else { continue }
        batches.append(batch)
      }
    }
    return batches
  }

  @Test func writerGivesTheBytesOfTheLibrary() throws {
    for batch in try batches(300, seed: 11) {
      #expect(try FrameCodec.encode(OutgoingBatch(batch)) == FrameCodec.encode(.batch(batch)))
    }
  }

  @Test func outgoingBatchIsReadAsTheBatchItWasMadeFrom() throws {
    for batch in try batches(100, seed: 12) {
      let outgoing = OutgoingBatch(batch)
      #expect(try Batch(outgoing) == batch)
      #expect(try FrameCodec.decode(FrameCodec.encode(outgoing)) == .batch(batch))
      #expect(outgoing.commits.map(\.key) == batch.commits.map(\.stamp.key))
    }
  }

  /// Good bytes give the same frame; of altered bytes both give the same, or both refuse.
  @Test(.timeLimit(.minutes(10))) func readerAgreesWithTheLibraryOnAlteredBytes() throws {
    var generator = FrameGenerator(seed: 13)
    var (refused, read) = (0, 0)
    for batch in try batches(3_000, seed: 14) {
      var bytes = FrameCodec.encode(OutgoingBatch(batch))
      #expect(outcome(bytes) == outcome(bytes + Self.unknownField))
      let place = Int.random(in: 3..<bytes.count, using: &generator.dice)
      bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &generator.dice)
      guard BatchCodecTests.isOneField(bytes) else { continue }
      switch (outcome(bytes), outcome(bytes + Self.unknownField)) {
      case (.success(let ours), .success(let theirs)):
        #expect(ours == theirs)
        read += 1
      case (.failure, .failure): refused += 1
      case (.success, .failure(let fault)): Issue.record("only the library refuses: \(fault)")
      case (.failure(let fault), .success): Issue.record("only ours refuses: \(fault)")
      }
    }
    #expect(refused > 100 && read > 100)
  }

  /// Whether the frame's length still covers all bytes, so that what is appended stands outside.
  private static func isOneField(_ bytes: [UInt8]) -> Bool {
    var (length, shift, offset) = (0, 0, 1)
    while offset < bytes.count, shift < 28 {
      length |= Int(bytes[offset] & 0x7F) << shift
      offset += 1
      shift += 7
      if bytes[offset - 1] < 0x80 { break }
    }
    return bytes[0] == 0x1A && offset + length == bytes.count
  }
}
