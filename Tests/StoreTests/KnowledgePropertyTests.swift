import Casework
import Ledger
import Regions
import Replication
import Testing

@testable import Store

/// Random cities in which somebody beside the stores writes down who held what since when.
@Suite struct KnowledgePropertyTests {
  /// Since when each office held each event, as seen from outside.
  private struct Truth {
    private(set) var since: [RegionID: [Hash: UInt64]] = [:]

    mutating func note(_ city: HandTurnedCity, _ region: RegionID) throws {
      for hash in try city[region].held where since[region]?[hash] == nil {
        since[region, default: [:]][hash] = city.now
      }
    }
  }

  @Test(arguments: 0..<12 as Range<UInt64>)
  func `no story says that an office knew before it did`(seed: UInt64) throws {
    let city = try HandTurnedCity(seed: 7_100 + seed, .twoDistricts())
    try city.settle()
    let scratch = try ScratchFolder()
    var truth = Truth()
    var leads: [EntityID] = []
    var copies: [RegionID: StoreCopy] = [:]
    let offices = [RegionID.h, .d1, .t1, .t2]
    func run(_ steps: Int) throws {
      for _ in 0..<steps {
        guard let step = city.steps.randomElement(using: &city.numbers) else { return }
        city.now += 1
        try city.take(step)
        if case .commit(let region, _) = step { try truth.note(city, region) }
      }
    }
    for round in 0..<24 {
      let office = offices[round % offices.count]
      let lane: Lane = Bool.random(using: &city.numbers) ? .urgent : .bulk
      if let lead = leads.randomElement(using: &city.numbers), try isFolded(lead, office, city) {
        try city.act(.progress("进展"), on: lead, at: office, lane: lane)
      } else {
        leads.append(try city.report(at: office, lane: lane, audience: [.t1]))
      }
      try truth.note(city, office)
      switch round {
      case 5, 9: copies[office] = try city.backup(office, in: scratch)
      case 14, 19:
        if let (region, copy) = copies.min(by: { $0.key < $1.key }) {
          copies[region] = nil
          try city.restore(region, from: copy, unnoticed: round == 19, in: scratch)
        }
      default: break
      }
      for child in [RegionID.d1, .t1, .t2] where Bool.random(using: &city.numbers) {
        try city.dial(child)
      }
      try run(Int.random(in: 0...120, using: &city.numbers))
    }
    for _ in 0..<4 { try city.settle() }
    for region in city.regions { try truth.note(city, region) }
    var proofs: [String: Int] = [:]
    for region in city.regions {
      for lead in leads {
        guard let story = try city[region].store.read({ try $0.story(of: lead) }) else { continue }
        for entry in story.entries {
          for (office, knowledge) in entry.known {
            let held = try #require(
              truth.since[office]?[entry.entry.event.hash], "seed \(seed): \(office) never held it")
            #expect(
              held <= knowledge.sinceMilliseconds + 1,
              "seed \(seed): \(region) tells of \(office) by \(knowledge)")
            proofs["\(knowledge.basis)".prefix(5).description, default: 0] += 1
          }
        }
      }
    }
    #expect(proofs.count == 4, "every kind of proof occurs: \(proofs)")
  }

  private func isFolded(
    _ lead: EntityID, _ region: RegionID, _ city: HandTurnedCity
  ) throws -> Bool {
    guard let held = try city[region].entity(lead) else { return false }
    return !held.waits && !held.heads.isEmpty
  }
}
