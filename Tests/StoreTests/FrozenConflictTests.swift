import Casework
import Ledger
import Regions
import Testing

@testable import Store

/// Conflicts of a copy that nothing comes to any more.
@Suite struct FrozenConflictTests {
  @Test func `a conflict counts as open where its decision will come, and not in a frozen copy`()
    throws
  {
    let city = try HandTurnedCity(seed: 815, .twoDistricts())
    try city.settle()
    let lead = try city.report(at: .t1, audience: [.t1])
    try city.settle()
    try city.act(.describe("title", .text("甲")), on: lead, at: .h)
    try city.act(.describe("title", .text("乙")), on: lead, at: .d1)
    try city.settle()
    func open(_ region: RegionID) throws -> Int64 {
      try city[region].store.read { try $0.figures() }.openConflicts
    }
    for region in [RegionID.h, .d1, .t1] { #expect(try open(region) == 1, "\(region)") }
    try city.move(.t1, under: .d2)
    try city.settle()
    for region in [RegionID.h, .d2, .t1] { #expect(try open(region) == 1, "\(region)") }
    #expect(try open(.d1) == 0)
    #expect(try city[.d1].entity(lead)?.state?.openConflictCount == 1)
    let conflict = try #require(try city[.t1].entity(lead)?.state?.conflicts.first)
    try city.act(.decide(conflict, .confirmed), on: lead, at: .t1)
    try city.settle()
    for region in [RegionID.h, .d2, .t1] { #expect(try open(region) == 0, "\(region)") }
    try city.checkConverged(alive: city.alive)
  }
}
