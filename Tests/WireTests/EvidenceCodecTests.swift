import Ledger
import Replication
import Testing
import Wire

/// Evidence frames on the wire: what is written is read, and what breaks a bound is none.
@Suite struct EvidenceCodecTests {
  private static func request(
    offset: Int = 0, mostBytes: Int = ReplicationBounds.evidenceChunkBytes
  ) -> EvidenceFrame {
    .request(
      EvidenceRequest(
        event: SetKey(time: HybridTime(rawValue: 1 << 60), hash: Hash(of: [1])),
        file: Hash(of: [2]), offset: offset, mostBytes: mostBytes))
  }

  private static let frames: [EvidenceFrame] = [
    request(), request(offset: ReplicationBounds.evidenceOffset, mostBytes: 1), .chunk([0]),
    .chunk([UInt8](repeating: 255, count: ReplicationBounds.evidenceChunkBytes)), .refused,
    .wait(seconds: 1), .wait(seconds: 3_600),
  ]

  @Test(arguments: frames) func `what is written is read`(frame: EvidenceFrame) throws {
    #expect(try EvidenceCodec.decode(EvidenceCodec.encode(frame)) == frame)
  }

  @Test(arguments: [
    request(offset: ReplicationBounds.evidenceOffset + 1), request(mostBytes: 0),
    request(mostBytes: ReplicationBounds.evidenceChunkBytes + 1), .chunk([]),
    .chunk([UInt8](repeating: 0, count: ReplicationBounds.evidenceChunkBytes + 1)),
    .chunk([UInt8](repeating: 0, count: ReplicationBounds.evidenceMessageBytes)),
    .wait(seconds: 0), .wait(seconds: 3_601),
  ])
  func `what breaks a bound is refused`(frame: EvidenceFrame) throws {
    let bytes = try EvidenceCodec.encode(frame)
    #expect(throws: MalformedFrame.self) { try EvidenceCodec.decode(bytes) }
  }

  @Test func `two kinds, no kind and a field twice are refused`() throws {
    let refused = try EvidenceCodec.encode(.refused)
    let wait = try EvidenceCodec.encode(.wait(seconds: 9))
    for bytes in [[], refused + wait, wait + wait] {
      #expect(throws: MalformedFrame.self) { try EvidenceCodec.decode(bytes) }
    }
  }

  @Test func `damaged bytes are a frame within the bounds or none`() throws {
    var state: UInt64 = 3
    func chance(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    var refusals = 0
    for _ in 0..<20_000 {
      var bytes = try EvidenceCodec.encode(Self.frames[chance(3)])
      for _ in 0...chance(3) { bytes[chance(bytes.count)] = UInt8(chance(256)) }
      do {
        let frame = try EvidenceCodec.decode(bytes)
        #expect(try EvidenceCodec.decode(EvidenceCodec.encode(frame)) == frame)
      } catch {
        refusals += 1
      }
    }
    #expect(refusals > 1_000)
  }
}
