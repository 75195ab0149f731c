import Ledger
import Regions
import Testing

@testable import Casework

/// Random histories of a lead under the built-in process: offices act on the heads that they see.
struct FoldPropertyTests {
  static let seeds: Range<UInt64> = 0..<300

  func history(seed: UInt64) throws -> SampleCase {
    var numbers = SeededNumbers(seed: seed &* 977 &+ 5)
    let offices = [
      try Office("city", .city), try Office("haizhou-qu", .district),
      try Office("xinpu-jie", .township), try Office("xinhai-jie", .township),
    ]
    var lead = SampleCase(seed: seed)
    let root = try lead.report(by: offices[2], at: 50)
    var seen = offices.map { _ in [root] }
    for _ in 0..<Int.random(in: 3...22, using: &numbers) {
      let office = Int.random(in: 0..<4, using: &numbers)
      if Bool.random(using: &numbers) {
        for input in seen[Int.random(in: 0..<4, using: &numbers)]
        where !seen[office].contains(input) { seen[office].append(input) }
      }
      let result = lead.folder.fold(seen[office])
      let heads = seen[office].filter { result.heads.contains($0.event.hash) }
      let acts: [Act] = [
        .dispatch(to: [offices[Int.random(in: 0..<4, using: &numbers)].region]), .sign(), .sign(),
        .withdraw(), .sendBack(reason: "非本辖区"), .close(result: "已办"), .reopen(reason: "反弹"),
        .inspect(finding: "属实"), .progress("整改中"), .describe("place", .text("东")),
        .describe("title", .text("西")), .describe("place", .integer(3)),
        .moveRules(to: lead.rules), .receive(), .close(result: "已办"), .dispatch(to: []),
      ]
      let input = try lead.act(
        acts[Int.random(in: 0..<acts.count, using: &numbers)], by: offices[office],
        at: UInt64.random(in: 1...120, using: &numbers), on: heads,
        isOriginClosed: Int.random(in: 0..<25, using: &numbers) == 0)
      seen[office].append(input)
    }
    return lead
  }

  @Test(arguments: seeds) func anyOrderOfArrivalGivesTheSameBytes(seed: UInt64) throws {
    let lead = try history(seed: seed)
    var numbers = SeededNumbers(seed: seed)
    let whole = lead.fold()
    let bytes = try #require(whole.state).encoded
    for _ in 0..<4 {
      let again = lead.folder.fold(lead.inputs.shuffled(using: &numbers) + lead.inputs.prefix(2))
      #expect(again.state?.encoded == bytes, "seed \(seed)")
      #expect(again.outcomes == whole.outcomes, "seed \(seed)")
    }
    let decoded = try EntityState(decoding: bytes)
    #expect(decoded == whole.state)
    #expect(decoded.encoded == bytes)
  }

  @Test(arguments: seeds) func fastPathGivesTheBytesOfAFoldForEveryPrefix(seed: UInt64) throws {
    let lead = try history(seed: seed)
    let above = ancestors(lead.inputs)
    for input in lead.inputs {
      let before = lead.inputs.filter { above[input.event.hash]?.contains($0.event.hash) == true }
      let fast = lead.folder.advance(lead.folder.fold(before).state, by: input)
      let full = lead.folder.fold(before + [input]).state
      #expect(try #require(fast).encoded == full?.encoded, "seed \(seed)")
    }
  }

  @Test(arguments: seeds) func eachSupersededEventHasItsConflictAndNoTwoThatStandAreConcurrent(
    seed: UInt64
  ) throws {
    let lead = try history(seed: seed)
    let result = lead.fold()
    let state = try #require(result.state)
    let superseded = result.outcomes.filter { $0.value == .ineffective(.superseded) }.keys
    #expect(Set(state.conflicts.map(\.loser)) == Set(superseded))
    #expect(state.conflicts.count == superseded.count)
    let above = ancestors(lead.inputs)
    func areConcurrent(_ a: Hash, _ b: Hash) -> Bool {
      a != b && above[a]?.contains(b) == false && above[b]?.contains(a) == false
    }
    for conflict in state.conflicts {
      #expect(areConcurrent(conflict.winner, conflict.loser))
      #expect(result.outcomes[conflict.winner] == .effective)
    }
    let moves: Set = [
      "lead.reported", "lead.dispatched", "lead.signed", "lead.withdrawn", "lead.returned",
      "lead.closed", "lead.reopened",
    ]
    let standing = lead.inputs.filter {
      moves.contains($0.event.kind) && result.outcomes[$0.event.hash] == .effective
    }.map(\.event.hash)
    for a in standing { for b in standing { #expect(!areConcurrent(a, b), "seed \(seed)") } }
  }

  /// Ancestors by walking the graph from each event, as the fold does not.
  private func ancestors(_ inputs: [FoldInput]) -> [Hash: Set<Hash>] {
    var above: [Hash: Set<Hash>] = [:]
    for input in inputs {
      above[input.event.hash] = input.event.parents.reduce(into: []) {
        $0.formUnion(above[$1] ?? [])
        $0.insert($1)
      }
    }
    return above
  }

  @Test func damagedStateBytesNeverCrashTheReader() throws {
    var numbers = SeededNumbers(seed: 5)
    for seed in 0..<40 as Range<UInt64> {
      let good = try history(seed: seed).state().encoded
      for _ in 0..<50 {
        var bytes = good
        bytes[Int.random(in: 0..<bytes.count, using: &numbers)] = numbers.bytes(1)[0]
        if Bool.random(using: &numbers) {
          bytes.removeLast(Int.random(in: 0..<bytes.count, using: &numbers))
        }
        if let state = try? EntityState(decoding: bytes) { #expect(state.encoded == bytes) }
      }
      _ = try? EntityState(decoding: numbers.bytes(60))
    }
  }
}
