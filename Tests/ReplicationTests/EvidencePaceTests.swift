import Replication
import Testing

/// How a file on its way spares a line, against a line that is computed here.
@Suite struct EvidencePaceTests {
  /// A line of a rate and a delay: how long a piece takes there and back.
  private struct Line {
    let bytesPerSecond: UInt64
    let roundTripMilliseconds: UInt64

    func milliseconds(_ bytes: Int) -> UInt64 {
      roundTripMilliseconds + UInt64(bytes) * 1000 / bytesPerSecond
    }
  }

  private func carry(
    _ byteCount: Int, over line: Line
  ) -> (total: UInt64, sending: UInt64, longest: UInt64) {
    var pace = EvidencePace()
    var (total, sending, longest, sent): (UInt64, UInt64, UInt64, Int) = (0, 0, 0, 0)
    while sent < byteCount {
      let bytes = pace.bytes
      let took = line.milliseconds(bytes)
      sent += bytes
      sending += UInt64(bytes) * 1000 / line.bytesPerSecond
      longest = max(longest, UInt64(bytes) * 1000 / line.bytesPerSecond)
      total += took + pace.took(took)
    }
    return (total, sending, longest)
  }

  @Test(arguments: [0, 50, 200, 800] as [UInt64])
  func `a slow line is busy with a file half of the time at most, a second in one piece`(
    roundTrip: UInt64
  ) {
    for bytesPerSecond in [2_000, 6_250, 12_500, 40_000] as [UInt64] {
      let line = Line(bytesPerSecond: bytesPerSecond, roundTripMilliseconds: roundTrip)
      let carried = carry(1_000_000, over: line)
      #expect(carried.sending * 2 <= carried.total + carried.longest, "\(line)")
      // The shortest piece of all takes two seconds at 2,000 bytes a second.
      #expect(carried.longest <= max(EvidencePace.slowMilliseconds, 2_048), "\(line)")
    }
  }

  @Test func `a fast line carries a large file without a rest`() {
    let line = Line(bytesPerSecond: 100_000_000, roundTripMilliseconds: 1)
    let carried = carry(100 * 1024 * 1024, over: line)
    #expect(carried.total < 5_000, "\(carried)")
  }

  @Test func `a piece has the bounds of the wire, whatever is measured`() {
    var pace = EvidencePace()
    var state: UInt64 = 7
    for _ in 0..<10_000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let rest = pace.took(state >> (state & 63))
      #expect(rest <= EvidencePace.longestRestMilliseconds)
      #expect(
        (ReplicationBounds.evidenceLeastBytes...ReplicationBounds.evidenceChunkBytes)
          .contains(pace.bytes))
    }
  }
}
