import Replication
import Testing

/// Back-off and throughput.
@Suite struct PacingTests {
  @Test func `waits double with jitter up to the cap, and begin anew after success`() {
    for seed in UInt64(1)...50 {
      var numbers = SeededNumbers(seed: seed)
      var backoff = Backoff()
      for attempt in 0..<40 {
        let step = min(30_000, 250 * (UInt64(1) << UInt64(min(attempt, 20))))
        let wait = backoff.next(random: numbers.next())
        #expect(wait >= step / 2 && wait <= step, "seed \(seed), attempt \(attempt)")
      }
      backoff.reset()
      #expect(backoff.next(random: .max) <= 250)
    }
  }

  @Test func `the jitter uses the whole range`() {
    var numbers = SeededNumbers(seed: 3)
    let waits = (0..<2_000).map { _ in
      var backoff = Backoff()
      return backoff.next(random: numbers.next())
    }
    #expect(waits.min().map { $0 <= 126 } == true)
    #expect(waits.max().map { $0 >= 249 } == true)
  }

  @Test func `a batch holds two seconds of what was measured, within its bounds`() {
    var throughput = Throughput()
    #expect(throughput.batchBytes == 16 * 1024)
    throughput.acknowledged(bytes: 6_250, milliseconds: 1_000)
    #expect(throughput.batchBytes == 12_500)
    for _ in 0..<50 { throughput.acknowledged(bytes: 100_000_000, milliseconds: 0) }
    #expect(throughput.batchBytes == 1024 * 1024)
    for _ in 0..<200 { throughput.acknowledged(bytes: 1, milliseconds: 60_000) }
    #expect((1..<10).contains(throughput.batchBytes))
  }

  @Test func `a broken session halves what is believed`() {
    let throughput = Throughput(afterBrokenSession: 8_000)
    #expect(throughput.bytesPerSecond == 4_000)
    #expect(Throughput(afterBrokenSession: nil).bytesPerSecond == nil)
  }

  @Test func `an acknowledgement of marks alone measures nothing`() {
    var throughput = Throughput()
    throughput.acknowledged(bytes: 0, milliseconds: 40)
    #expect(throughput.bytesPerSecond == nil)
    throughput.acknowledged(bytes: 4_000, milliseconds: 1_000)
    throughput.acknowledged(bytes: 0, milliseconds: 40)
    #expect(throughput.bytesPerSecond == 4_000)
  }
}
