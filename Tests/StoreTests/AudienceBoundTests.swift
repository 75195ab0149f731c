import Casework
import Ledger
import Regions
import Replication
import Testing

@testable import Store

/// Audiences that a hostile node makes as large as it can.
@Suite struct AudienceBoundTests {
  private func regions(_ count: Int, from start: Int) throws -> [RegionID] {
    try (start..<start + count).map { try #require(RegionID("x\($0)")) }
  }

  private func audienceBytes(_ node: CityNode) throws -> Int64 {
    try node.store.read { reader in
      try reader.connection.first(
        "SELECT SUM(length(regions)) FROM audiences", read: { $0.integer(0) }) ?? 0
    }
  }

  @Test func `an audience that grows step by step keeps one list, and ends as everyone`() throws {
    let city = try HandTurnedCity(seed: 95, .oneChain())
    try city.settle()
    let lead = try city.report(at: .t1)
    for step in 0..<40 {
      try city.act(
        .progress("\(step)"), on: lead, at: .t1, audience: regions(110, from: step * 110))
    }
    try city.settle()
    for region in city.regions {
      let audience = try city[region].entity(lead)?.audience
      #expect(audience == [.everyone], "\(region)")
      #expect(try audienceBytes(city[region]) < 10_000, "\(region)")
    }
    try city.write(city[.d1]) { _ = try $0.rebuild { _ in } }
    #expect(try city[.d1].entity(lead)?.audience == [.everyone])
    try city.checkStores()
  }

  @Test func `a list that is one entity's own is replaced, and the same after a rebuild`() throws {
    let city = try HandTurnedCity(seed: 96, .oneChain())
    try city.settle()
    let leads = try [city.report(at: .t1), city.report(at: .t1)]
    for lead in leads {
      for step in 0..<10 {
        try city.act(
          .progress("\(step)"), on: lead, at: .t1, audience: regions(100, from: step * 100))
      }
    }
    try city.settle()
    #expect(try audienceBytes(city[.d1]) < 2 * 1_000 * 6 + 2_000)
    try city.write(city[.d1]) { _ = try $0.rebuild { _ in } }
    for lead in leads { #expect(try city[.d1].entity(lead)?.audience.count == 1_001) }
    try city.checkStores()
  }
}
