import Casework
import Ledger
import Regions
import Replication
import Testing

@testable import Store

/// What urgent events take along, however many of them there are.
@Suite(.timeLimit(.minutes(2))) struct TakeAlongTests {
  /// Asking the store for each of them anew would take many times the suite's limit.
  @Test func `thousands of urgent events take their ancestors along once, and nobody else`() throws
  {
    let city = try HandTurnedCity(seed: 812, .twoDistricts())
    try city.settle()
    let commit = try city.author(.h, [city.leadDraft(audience: [.d1, .d2])])
    let lead = try city.entity(of: commit)
    let founding = try #require(commit.entries[0].event).hash
    try city.act(.progress("甲"), on: lead, at: .h)
    let commits = 16
    try city.write(city[.h]) { transaction in
      for _ in 0..<commits {
        let urgent = try transaction.author(actor: "officer", role: "officer", lane: .urgent) {
          for _ in 0..<LedgerBounds.commitEvents {
            let salt = city.numbers.bytes(16)
            $0.add(
              Act.inspect(finding: "乙").draft(entity: lead, heads: [founding], salt: salt))
          }
        }
        city.oracle.note(urgent, isHostile: false)
      }
    }
    for region in [RegionID.d1, .d2] {
      let urgent = try city[.h].store.read { try $0.outbox(of: region, .urgent) }
      #expect(urgent.first == founding)
      #expect(urgent.count == commits * LedgerBounds.commitEvents + 1)
      #expect(Set(urgent).count == urgent.count)
    }
  }

  @Test func `each event of a chain goes along with the first urgent one upon it`() throws {
    let city = try HandTurnedCity(seed: 813, .twoDistricts())
    try city.settle()
    let commit = try city.author(.h, [city.leadDraft(audience: [.d1])])
    let lead = try city.entity(of: commit)
    var last = try #require(commit.entries[0].event).hash
    var expected = [last]
    try city.write(city[.h]) { transaction in
      for lane in [Lane.bulk, .urgent, .bulk, .bulk, .urgent] {
        let one = try transaction.author(actor: "officer", role: "officer", lane: lane) {
          let salt = city.numbers.bytes(16)
          $0.add(Act.progress("甲").draft(entity: lead, heads: [last], salt: salt))
        }
        city.oracle.note(one, isHostile: false)
        last = try #require(one.entries[0].event).hash
        expected.append(last)
      }
    }
    #expect(try city[.h].store.read { try $0.outbox(of: .d1, .urgent) } == expected)
    try city.settle()
    try city.checkConverged(alive: city.alive)
  }
}
