import Ledger
import Replication
import Testing

/// Two sides compare their noted sets.
@Suite struct RangeComparisonTests {
  struct Outcome {
    var childLacks: Set<Hash>
    var parentLacks: Set<Hash>
    var frames = 0
    /// As the wire would carry it: 48 bytes of bounds a claim, 40 an item, 24 a fingerprint.
    var bytes = 0
    var largestFrame = 0
  }

  private static func size(_ frame: [RangeClaim]) -> Int {
    frame.reduce(0) { size, claim in
      switch claim.content {
      case .fingerprint: size + 96 + 24
      case .items(let items), .answer(let items): size + 96 + 40 * items.count
      }
    }
  }

  private static func compare(_ child: [SetKey], _ parent: [SetKey]) throws -> Outcome {
    var driver = RangeComparison(of: NotedSet(child))
    var responder = RangeComparison(of: NotedSet(parent))
    var outcome = Outcome(childLacks: [], parentLacks: [])
    var frame = driver.begin()
    let bound = 4 * (child.count + parent.count) + 100
    while true {
      outcome.frames += 1
      outcome.bytes += size(frame)
      outcome.largestFrame = max(outcome.largestFrame, size(frame))
      try #require(outcome.frames < bound, "a comparison without end")
      #expect(frame.count <= RangeComparison.claimsPerFrame)
      guard let answer = responder.answer(to: frame) else { break }
      outcome.bytes += size(answer)
      outcome.largestFrame = max(outcome.largestFrame, size(answer))
      #expect(answer.count <= ReplicationBounds.hashesPerFrame)
      frame = driver.proceed(after: answer)
    }
    #expect(driver.isComplete && responder.isComplete)
    outcome.childLacks = Set(driver.missing.map(\.hash))
    outcome.parentLacks = Set(responder.missing.map(\.hash))
    return outcome
  }

  private static func keys(_ count: Int, _ numbers: inout SeededNumbers) -> [SetKey] {
    (0..<count).map { _ in
      // Few times, so that many events share one.
      let time = HybridTime(milliseconds: UInt64(1_000 + numbers.below(50)))
      return SetKey(time: time, hash: Hash(of: numbers.bytes(16)))
    }
  }

  @Test func `random sets find exactly what each side lacks`() throws {
    for seed in UInt64(1)...80 {
      var numbers = SeededNumbers(seed: seed)
      let sizes = [0, 1, 20, 64, 65, 200, 3_000]
      let common = Self.keys(sizes[numbers.below(sizes.count)], &numbers)
      let atChild = Self.keys(sizes[numbers.below(sizes.count)], &numbers)
      let atParent = Self.keys(sizes[numbers.below(sizes.count)], &numbers)
      let outcome = try Self.compare(
        (common + atChild).shuffled(using: &numbers), (common + atParent).shuffled(using: &numbers))
      #expect(outcome.childLacks == Set(atParent.map(\.hash)), "seed \(seed)")
      #expect(outcome.parentLacks == Set(atChild.map(\.hash)), "seed \(seed)")
      #expect(outcome.largestFrame < ReplicationBounds.messageBytes, "seed \(seed)")
    }
  }

  @Test func `the cost follows the difference and not the size`() throws {
    var numbers = SeededNumbers(seed: 5)
    let common = Self.keys(20_000, &numbers)
    let equal = try Self.compare(common, common)
    #expect(equal.frames == 2 && equal.bytes < 300)
    var costs: [Int] = []
    for difference in [1, 10, 100] {
      let outcome = try Self.compare(common + Self.keys(difference, &numbers), common)
      #expect(outcome.parentLacks.count == difference)
      // A difference costs a walk down four levels of sixteen, and one list at the end.
      #expect(outcome.bytes < difference * 4 * 16 * 120 + difference * 128 * 40 + 20_000)
      costs.append(outcome.bytes)
    }
    #expect(costs[0] < 20_000 * 40 / 20)
    // Ten times the set adds a level, not ten times the cost.
    let small = Array(common.prefix(2_000))
    let smaller = try Self.compare(small + Self.keys(1, &numbers), small)
    #expect(costs[0] < 3 * smaller.bytes)
  }

  @Test func `a side with nothing and a side with much meet in bounded frames`() throws {
    var numbers = SeededNumbers(seed: 6)
    let all = Self.keys(5_000, &numbers)
    for (child, parent) in [(all, []), ([], all)] as [([SetKey], [SetKey])] {
      let outcome = try Self.compare(child, parent)
      #expect(outcome.childLacks.count == parent.count)
      #expect(outcome.parentLacks.count == child.count)
      #expect(outcome.largestFrame < ReplicationBounds.messageBytes)
    }
  }

  @Test func `claims at random never trap and end`() {
    for seed in UInt64(1)...200 {
      var numbers = SeededNumbers(seed: seed)
      let keys = Self.keys(300, &numbers)
      var comparison = RangeComparison(of: NotedSet(keys))
      for _ in 0..<20 {
        let claims = (0..<numbers.below(5)).map { _ in Self.claim(keys, &numbers) }
        if numbers.below(2) == 0 {
          _ = comparison.answer(to: claims)
        } else {
          #expect(comparison.proceed(after: claims).count <= RangeComparison.claimsPerFrame)
        }
      }
    }
  }

  private static func claim(_ keys: [SetKey], _ numbers: inout SeededNumbers) -> RangeClaim {
    func key() -> SetKey { numbers.below(4) == 0 ? .lowest : keys[numbers.below(keys.count)] }
    let content: RangeClaim.Content =
      switch numbers.below(3) {
      case 0: .fingerprint(Fingerprint(count: numbers.next(), high: numbers.next(), low: 0))
      case 1: .items([key(), key()])
      default: .answer([key()])
      }
    let lower = key()
    let upper = numbers.below(2) == 0 ? nil : Optional(key())
    return RangeClaim(lower: lower, upper: upper, content: content)
  }
}
