import Ledger
import Regions
import Replication
import Testing

/// Frames and answers at random, in any phase.
@Suite struct LinkFuzzTests {
  @Test func `no order of frames traps a link, and a closed one stays silent`() throws {
    var closed = 0
    var repaired = 0
    for seed in UInt64(1)...1_000 {
      var numbers = SeededNumbers(seed: seed)
      var fixture = try LinkFixture(
        numbers.below(2) == 0 ? .child : .parent, trees: [Hash(of: [1])],
        isNeighbour: numbers.below(8) > 0)
      var inputs: [LinkInput] = [.opened(fixture.hello)]
      var isClosed = false
      var places = LanePair(repeating: Cursor.start(of: 7))
      for step in 0..<40 {
        if inputs.isEmpty || (step > 0 && numbers.below(3) == 0) {
          inputs.append(try Self.random(&numbers, fixture, &places))
        }
        let effects = fixture.give(inputs.removeFirst())
        #expect(!isClosed || effects.isEmpty, "seed \(seed)")
        for effect in effects {
          if case .close = effect { isClosed = true }
          if let answer = try Self.answer(effect, &numbers, fixture) { inputs.append(answer) }
        }
        if fixture.link.isRepairing { repaired += 1 }
      }
      closed += isClosed ? 1 : 0
    }
    #expect(closed > 200 && repaired > 200)
  }

  /// What a store might answer.
  private static func answer(
    _ effect: LinkEffect, _ numbers: inout SeededNumbers, _ fixture: LinkFixture
  ) throws -> LinkInput? {
    let commits = [try LinkFixture.commit(UInt8(numbers.below(6)))]
    switch effect {
    case .learn: return .treesLearned(isNew: numbers.below(2) == 0)
    case .readTrees: return .treesRead([Shipment(chains: [], commits: [])])
    case .judgeCursors:
      let verdicts: [CursorVerdict] = [
        .resumes(at: 0), .resumes(at: 2), .mismatch, .resumes(at: 0),
        .contradictsOurs(incarnation: 3),
      ]
      return .cursorsJudged(
        LanePair(
          urgent: verdicts[numbers.below(numbers.below(20) == 0 ? 5 : 4)],
          bulk: verdicts[numbers.below(4)]))
    case .readOutbox(let lane, let from, _):
      let start = Cursor(incarnation: 3, position: from, running: .zero)
      return .outboxRead(
        OutgoingBatch(
          LinkFixture.batch(from: start, lane: lane, numbers.below(6) == 0 ? [] : commits)),
        chains: [:])
    case .take(let batch, let moves):
      return .taken(batch.lane, end: batch.end, movedCursor: moves, setAside: [])
    case .beginRepair:
      let keys = (0..<numbers.below(100)).map {
        SetKey(time: HybridTime(milliseconds: UInt64($0)), hash: Hash(of: [UInt8($0)]))
      }
      return .repairBegan(LinkFixture.heads(of: 3), NotedSet(keys))
    case .takeRepair(let shipment):
      return .repairTaken(
        shipment.commits.flatMap { $0.events.map(\.event.hash) }, setAside: [])
    case .send, .sendBatch, .sendRepair, .noteCursor, .noteAcknowledged, .finishRepair, .report,
      .openIncarnation, .close:
      return nil
    }
  }

  private static func random(
    _ numbers: inout SeededNumbers, _ fixture: LinkFixture, _ places: inout LanePair<Cursor>
  ) throws -> LinkInput {
    let lane: Lane = numbers.below(2) == 0 ? .urgent : .bulk
    let small = UInt64(numbers.below(4))
    let hashes = (0..<numbers.below(4)).map { _ in Hash(of: [UInt8(numbers.below(100))]) }
    let commits = try (0..<numbers.below(3)).map { try LinkFixture.commit(UInt8($0)) }
    switch numbers.below(16) {
    case 0, 1, 2:
      var hello = fixture.theirHello
      if numbers.below(6) == 0 { hello.trees = hashes }
      if numbers.below(6) == 0 { hello.incarnation = .max }
      if numbers.below(4) == 0 {
        hello.cursors = LanePair(
          urgent: .void,
          bulk: .at(Cursor(incarnation: 3, position: .max, running: Hash(of: [2]))))
      }
      return .received(.hello(hello))
    case 3, 4, 5:
      let batch = LinkFixture.batch(from: places[lane], lane: lane, commits)
      places[lane] = batch.end
      return .received(.batch(batch))
    case 6:
      return .received(
        .acknowledgement(
          Acknowledgement(
            lane: lane, position: numbers.below(10) == 0 ? .max : small, movesCursor: true)))
    case 7, 8:
      let position = numbers.below(3) == 0 ? numbers.next() | 1 << 63 : small
      let heads = LinkFixture.heads(of: 7, position: position)
      if position < 1 << 32 { places = heads.heads }
      return .received(.noted(heads))
    case 9:
      let keys = hashes.map { SetKey(time: HybridTime(milliseconds: small), hash: $0) }.sorted()
      let content: [RangeClaim.Content] = [
        .items(keys), .answer(keys), .fingerprint(Fingerprint(count: small, high: 1, low: 2)),
      ]
      return .received(
        .compare([
          RangeClaim(lower: .lowest, upper: keys.first, content: content[numbers.below(3)])
        ]))
    case 10: return .received(.compare([]))
    case 11: return .received(.want(numbers.below(2) == 0 ? [] : hashes))
    case 12: return .received(.repair(Shipment(chains: [], commits: commits)))
    case 13: return .received(.trees(Shipment(chains: [], commits: commits)))
    case 14: return .outboxGrew(lane, position: small * 3)
    default: return .tick
    }
  }
}
