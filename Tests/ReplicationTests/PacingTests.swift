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

  @Test func `the window is two seconds of what was measured, in four batches, within bounds`() {
    var throughput = Throughput()
    #expect(throughput.windowBytes == 16 * 1024)
    throughput.acknowledged(bytes: 20_000, milliseconds: 1_000)
    #expect(throughput.windowBytes == 40_000)
    #expect(throughput.batchBytes == 10_000)
    for _ in 0..<50 { throughput.acknowledged(bytes: 100_000_000, milliseconds: 0) }
    #expect(throughput.batchBytes == 1024 * 1024)
    #expect(throughput.windowBytes == 8 * 1024 * 1024)
  }

  @Test func `a line whose losses take long to repair keeps enough under way to measure more`() {
    var throughput = Throughput()
    for _ in 0..<200 { throughput.acknowledged(bytes: 1, milliseconds: 60_000) }
    #expect(throughput.windowBytes == 16 * 1024)
  }

  @Test func `acknowledgements that come in bursts after losses measure the line`() {
    let line = 6_250.0
    for seed in UInt64(1)...20 {
      var numbers = SeededNumbers(seed: seed)
      var throughput = Throughput()
      for burst in 0..<40 {
        let stall = 200 + numbers.next() % 4_000
        let count = 1 + Int(numbers.next() % 8)
        for place in 0..<count {
          throughput.acknowledged(
            bytes: Int(line * Double(stall) / 1000) / count, milliseconds: place == 0 ? stall : 0)
        }
        let measured = throughput.bytesPerSecond ?? 0
        #expect(abs(measured - line) < line / 10, "seed \(seed), burst \(burst): \(measured)")
      }
    }
  }

  @Test func `a line that became slower is known to be so within a minute`() {
    var throughput = Throughput()
    for _ in 0..<100 { throughput.acknowledged(bytes: 1_000_000, milliseconds: 50) }
    for _ in 0..<60 { throughput.acknowledged(bytes: 6_250, milliseconds: 1_000) }
    #expect(throughput.windowBytes < 20 * 6_250)
  }

  @Test func `a session begins anew, and with half where nothing of the last one got through`() {
    var last = Throughput()
    #expect(Throughput(after: last).leastBytes == 16 * 1024, "nothing was tried")
    last.sent()
    for step in 1...20 {
      last = Throughput(after: last)
      last.sent()
      #expect(last.leastBytes == max(1, 16_384 >> step))
      #expect(last.batchBytes >= 1)
    }
    last.acknowledged(bytes: 4_000_000, milliseconds: 1_000)
    #expect(Throughput(after: last).windowBytes == 16 * 1024)
    #expect(Throughput(after: last).bytesPerSecond == nil)
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
