import Replication
import Testing

/// An origin's share of the urgent lane at a relay.
@Suite struct LaneQuotaTests {
  private static let start: UInt64 = 1_700_000_000_000

  @Test func `a burst passes, the rest is bulk, and the first of it is told`() {
    var quota = LaneQuota()
    let verdicts = (0..<100).map { _ in quota.take(at: Self.start) }
    #expect(verdicts.prefix(64).allSatisfy { $0 == .urgent })
    #expect(verdicts[64] == .firstBulk)
    #expect(verdicts.dropFirst(65).allSatisfy { $0 == .bulk })
  }

  @Test func `the steady rate passes for ever, and a flood gets no more than it`() {
    var quota = LaneQuota()
    for step in UInt64(0)..<2_000 {
      #expect(quota.take(at: Self.start + step * 6_000) == .urgent)
    }
    var flooded = LaneQuota()
    let hour = (UInt64(0)..<36_000).map { flooded.take(at: Self.start + $0 * 100) }
    let passed = hour.filter { $0 == .urgent }.count
    #expect((600...(600 + 64)).contains(passed))
    #expect(hour.filter { $0 == .firstBulk }.count == 1)
    // Unused for a while, it is whole again, and tells anew.
    let later = Self.start + 2 * 3_600_000
    let again = (0..<65).map { _ in flooded.take(at: later) }
    #expect(again.filter { $0 == .urgent }.count == 64 && again.last == .firstBulk)
  }

  @Test func `times that go back refill nothing`() {
    var quota = LaneQuota()
    for _ in 0..<64 { _ = quota.take(at: Self.start) }
    for day in UInt64(1)...10 {
      #expect(quota.take(at: Self.start - day * 86_400_000) != .urgent)
    }
  }
}
