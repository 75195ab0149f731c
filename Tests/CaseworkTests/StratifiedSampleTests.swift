import Casework
import Ledger
import Testing

/// The sample of the weekly verification.
@Suite struct StratifiedSampleTests {
  private static func cases(
    _ counts: [String: Int], _ numbers: inout SeededNumbers
  ) -> [String: [EntityID]] {
    counts.mapValues { count in
      (0..<count).map { _ in EntityID(founding: Hash(of: numbers.bytes(16)), milliseconds: 1) }
    }
  }

  @Test func `every stratum has its share, whatever the numbers`() {
    var numbers = SeededNumbers(seed: 49)
    for round in 0..<400 {
      let counts = Dictionary(
        uniqueKeysWithValues: (0..<Int.random(in: 1...8, using: &numbers)).map {
          ("r\($0)", Int.random(in: 0...60, using: &numbers))
        })
      let size = Int.random(in: 1...120, using: &numbers)
      let cases = Self.cases(counts, &numbers)
      let drawn = StratifiedSample(of: size, from: cases, seed: "s\(round)").drawn
      let total = counts.values.reduce(0, +)
      #expect(drawn.count == min(size, total))
      #expect(Set(drawn.map(\.id)).count == drawn.count)
      let filled = counts.filter { $0.value > 0 }
      for (stratum, count) in filled {
        let share = drawn.count { $0.stratum == stratum }
        #expect(
          drawn.allSatisfy { $0.stratum != stratum || cases[stratum]?.contains($0.id) == true })
        #expect(share <= count)
        if size >= filled.count { #expect(share >= 1) }
        // One is given; beyond it the share is within one of its part of the rest.
        if size >= filled.count, size < total {
          let exact = Double(count - 1) * Double(size - filled.count) / Double(total - filled.count)
          #expect(abs(Double(share - 1) - exact) < 1)
        }
      }
    }
  }

  @Test func `the same seed draws the same, in any order, and another seed another`() {
    var numbers = SeededNumbers(seed: 7)
    let cases = Self.cases(["a": 50, "b": 50], &numbers)
    let first = StratifiedSample(of: 20, from: cases, seed: "2026-W48").drawn
    let shuffled = cases.mapValues { $0.shuffled(using: &numbers) }
    #expect(StratifiedSample(of: 20, from: shuffled, seed: "2026-W48").drawn == first)
    #expect(StratifiedSample(of: 20, from: cases, seed: "2026-W49").drawn != first)
  }

  /// Over many seeds each case is drawn about as often as another.
  @Test func `no case is preferred`() {
    var numbers = SeededNumbers(seed: 8)
    let cases = Self.cases(["a": 20], &numbers)
    var counts: [EntityID: Int] = [:]
    for seed in 0..<2_000 {
      for drawn in StratifiedSample(of: 5, from: cases, seed: "\(seed)").drawn {
        counts[drawn.id, default: 0] += 1
      }
    }
    // 500 each are expected; five standard deviations are 97.
    #expect(counts.count == 20 && counts.values.allSatisfy { (403...597).contains($0) })
  }
}
