import Ledger
import Testing

/// The hybrid clock and the start counter.
@Suite struct ClockTests {
  @Test func `times of a node only grow, whatever wall clocks and neighbours say`() {
    for seed in UInt64(1)...50 {
      var numbers = SeededNumbers(seed: seed)
      var clock = HybridClock()
      var wall: UInt64 = 1_700_000_000_000
      var last = HybridTime(rawValue: 0)
      var accepted = HybridTime(rawValue: 0)
      for _ in 0..<300 {
        // The wall clock stands, creeps, jumps and steps back.
        switch numbers.below(6) {
        case 0: wall += UInt64(numbers.below(5_000_000))
        case 1: wall -= UInt64(numbers.below(4_000_000))
        case 2: wall += 1
        default: break
        }
        if numbers.below(2) == 0 {
          let time = clock.tick(wallMilliseconds: wall)
          #expect(time > last && time > accepted, "seed \(seed)")
          #expect(time.milliseconds >= wall, "seed \(seed)")
          last = time
        } else {
          let remote = HybridTime(
            milliseconds: wall - 1_200_000 + UInt64(numbers.below(2_400_000)),
            counter: UInt16(truncatingIfNeeded: numbers.next()))
          let before = clock.last
          let found = clock.observe(remote, wallMilliseconds: wall)
          if remote.milliseconds <= wall + 600_000 {
            #expect(found == .accepted)
            accepted = max(accepted, remote)
            #expect(clock.last == max(before, remote))
          } else {
            #expect(found == .ahead(milliseconds: remote.milliseconds - wall))
            #expect(clock.last == before)
          }
        }
      }
    }
  }

  @Test func `ten minutes ahead is still taken into account, a millisecond more is not`() {
    var clock = HybridClock()
    let wall: UInt64 = 1_700_000_000_000
    #expect(
      clock.observe(HybridTime(milliseconds: wall + 600_001), wallMilliseconds: wall)
        == .ahead(milliseconds: 600_001))
    #expect(clock.last.rawValue == 0)
    #expect(
      clock.observe(HybridTime(milliseconds: wall + 600_000), wallMilliseconds: wall) == .accepted)
    #expect(clock.tick(wallMilliseconds: wall).milliseconds == wall + 600_000)
  }

  @Test func `a full counter carries into the milliseconds`() {
    var clock = HybridClock(last: HybridTime(milliseconds: 50, counter: .max))
    let time = clock.tick(wallMilliseconds: 3)
    #expect(time == HybridTime(milliseconds: 51, counter: 0))
  }

  struct StartCase: Sendable {
    let name: String
    let beside: StartCounter?
    let inside: StartCounter?
    let starts: UInt64
    let incarnation: UInt32
    let opensNew: Bool
  }

  static let table: [StartCase] = [
    StartCase(
      name: "a new node", beside: nil, inside: nil, starts: 1, incarnation: 1, opensNew: true),
    StartCase(
      name: "the same store again", beside: .init(starts: 4, incarnation: 2),
      inside: .init(starts: 4, incarnation: 2), starts: 5, incarnation: 2, opensNew: false),
    StartCase(
      name: "a store from a backup", beside: .init(starts: 9, incarnation: 2),
      inside: .init(starts: 4, incarnation: 2), starts: 10, incarnation: 3, opensNew: true),
    StartCase(
      name: "a backup of an earlier incarnation", beside: .init(starts: 9, incarnation: 3),
      inside: .init(starts: 4, incarnation: 1), starts: 10, incarnation: 4, opensNew: true),
    StartCase(
      name: "the counter is lost", beside: nil, inside: .init(starts: 4, incarnation: 2), starts: 5,
      incarnation: 3, opensNew: true),
    StartCase(
      name: "the counter was put back", beside: .init(starts: 3, incarnation: 2),
      inside: .init(starts: 4, incarnation: 2), starts: 5, incarnation: 3, opensNew: true),
    StartCase(
      name: "an empty store in place of the old", beside: .init(starts: 7, incarnation: 2),
      inside: nil, starts: 8, incarnation: 3, opensNew: true),
    StartCase(
      name: "a crash between the two writes", beside: .init(starts: 5, incarnation: 2),
      inside: .init(starts: 4, incarnation: 2), starts: 6, incarnation: 3, opensNew: true),
  ]

  @Test(arguments: table)
  func `a start opens a new incarnation unless the store is the one last open`(
    start: StartCase
  ) {
    let decision = StartCounter.decide(beside: start.beside, inside: start.inside)
    #expect(decision.opensNewIncarnation == start.opensNew, "\(start.name)")
    #expect(
      decision.counter == StartCounter(starts: start.starts, incarnation: start.incarnation),
      "\(start.name)")
  }
}
