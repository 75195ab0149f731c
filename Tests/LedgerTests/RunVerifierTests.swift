import Crypto
import Ledger
import Testing

/// The one rule of validity, against the plainest form of it.
@Suite struct RunVerifierTests {
  /// Hash links lead from the commit to a signature that verifies, among those that came later.
  private func naive(_ commits: [Commit], _ signed: Set<Int>) -> [Bool] {
    commits.indices.map { start in
      var index = start
      while !signed.contains(index) {
        let next = commits.indices.first { later in
          later > index && commits[later].stamp.origin == commits[index].stamp.origin
        }
        guard let next, commits[next].previous == commits[index].hash else { return false }
        index = next
      }
      return true
    }
  }

  @Test func `random runs get the verdicts of the plain rule, with no check that is not needed`()
    throws
  {
    var judged = 0
    for seed in UInt64(1)...60 {
      var numbers = SeededNumbers(seed: seed)
      var origins = try ["t1", "t2", "t3"].map { try TestOrigin($0, seed: seed) }
      var commits: [Commit] = []
      for _ in 0..<(1 + numbers.below(14)) {
        let which = numbers.below(origins.count)
        let commit = try origins[which].seal()
        // Some never arrive, which leaves a gap.
        if numbers.below(6) > 0 { commits.append(commit) }
      }
      if numbers.below(4) == 0 { commits.shuffle(using: &numbers) }
      let signed = Set(commits.indices.filter { _ in numbers.below(3) > 0 })
      let places = Dictionary(uniqueKeysWithValues: commits.enumerated().map { ($1.hash, $0) })
      var asked = 0
      let verdicts = RunVerifier.verdicts(for: commits) { commit in
        asked += 1
        return places[commit.hash].map { signed.contains($0) } ?? false
      }
      #expect(verdicts == naive(commits, signed), "seed \(seed)")
      #expect(asked <= commits.count)
      judged += commits.count
    }
    #expect(judged > 200)
  }

  @Test func `an unbroken run costs one signature`() throws {
    var origin = try TestOrigin("t1", seed: 1)
    let commits = try (0..<100).map { _ in try origin.seal() }
    var asked = 0
    let verdicts = RunVerifier.verdicts(for: commits) { commit in
      asked += 1
      return commit.isSigned(by: origin.key.publicKey)
    }
    #expect(verdicts.allSatisfy { $0 })
    #expect(asked == 1)
  }

  @Test func `a real signature of another key or of other bytes is none`() throws {
    var origin = try TestOrigin("t1", seed: 1)
    let other = try TestOrigin("t2", seed: 2)
    let (first, second) = (try origin.seal(), try origin.seal())
    #expect(first.isSigned(by: origin.key.publicKey))
    #expect(!first.isSigned(by: other.key.publicKey))
    #expect(!(try first.signed(second.signature)).isSigned(by: origin.key.publicKey))
    #expect(
      !(try first.signed([UInt8](repeating: 0, count: 64))).isSigned(by: origin.key.publicKey))
    #expect(
      !(try first.signed([UInt8](repeating: 255, count: 64))).isSigned(by: origin.key.publicKey))
  }
}
