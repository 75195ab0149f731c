import Testing
@testable import Simulation

@Suite struct AgendaTests {
  @Test func `what was planned happens by time, then by order of planning`() {
    var numbers = SeededNumbers(seed: 3)
    var agenda = Agenda()
    var planned: [(at: UInt64, session: Int)] = []
    for session in 0..<500 {
      let at = numbers.below(40)
      planned.append((at, session))
      agenda.plan(.tick(session: session, at: 0), at: at)
    }
    var happened: [Int] = []
    while let (at, happening) = agenda.next(notAfter: 29) {
      guard case .tick(let session, _) = happening else { continue }
      #expect(planned[session].at == at)
      happened.append(session)
    }
    let expected = planned.filter { $0.at <= 29 }
      .sorted { ($0.at, $0.session) < ($1.at, $1.session) }.map(\.session)
    #expect(happened == expected)
    #expect(agenda.count == planned.count { $0.at > 29 })
  }

  @Test func `waits have about their mean, on every machine the same`() {
    var numbers = SeededNumbers(seed: 1)
    let waits = (0..<20_000).map { _ in numbers.wait(mean: 600_000) }
    let mean = waits.reduce(0, +) / UInt64(waits.count)
    #expect((570_000...630_000).contains(mean))
    // The generator is SplitMix64, whose first number of seed 1 is 0x910A2DEC89025CC1.
    var fresh = SeededNumbers(seed: 1)
    #expect((0..<3).map { _ in fresh.next() % 1_000 } == [465, 519, 590])
  }
}
