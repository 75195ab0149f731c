import Casework
import Ledger
import Regions
import Testing

@testable import Store

/// Pages of leads against a look at each lead.
@Suite struct LeadListTests {
  @Test(arguments: [71, 72] as [UInt64])
  func `every filter lists what a look at each lead finds`(seed: UInt64) throws {
    let city = try HandTurnedCity(seed: seed, .twoDistricts())
    try city.settle()
    var leads: [EntityID] = []
    for number in 0..<36 {
      let lead = try city.report(at: .d1)
      leads.append(lead)
      let units = city.numbers.pick([[RegionID.t1], [.t2], [.t1, .t2], []])
      guard !units.isEmpty else { continue }
      try city.act(.dispatch(to: units), on: lead, at: .d1, audience: units)
      if number.isMultiple(of: 3) { try city.act(.withdraw(), on: lead, at: .d1) }
      if number.isMultiple(of: 5) {
        try city.act(.describe("region", .text(RegionID.t2.rawValue)), on: lead, at: .d1)
      }
    }
    let all = try city[.d1].store.read { reader in
      try leads.compactMap { try reader.entity($0)?.state.flatMap { Lead($0) }.map { $0 } }
    }
    #expect(all.count == leads.count)
    let places: [RegionID?] = [nil, .d1, .t1, .t2, .h]
    let stages: [String?] = [nil] + Set(all.compactMap(\.header.stage)).sorted() + ["void"]
    var pages = 0
    for (region, handler) in places.flatMap({ region in places.map { (region, $0) } }) {
      for stage in stages {
        let expected = zip(leads, all).reversed().filter { _, lead in
          let handles = handler.map { lead.header.handler.contains($0) } ?? true
          let isNear = region.map {
            lead.region == $0 || lead.header.foundedBy == $0 || lead.header.handler.contains($0)
          }
          return handles && isNear ?? true && (stage.map { lead.header.stage == $0 } ?? true)
        }.map(\.0)
        // However the walk goes, and however long the pages are.
        for walked in [0, 4, StoreReader.walkedLeads] {
          var filter = LeadFilter(limit: 5)
          (filter.region, filter.handler, filter.stage) = (region, handler, stage)
          var found: [EntityID] = []
          while true {
            let page = try city[.d1].store.read {
              try $0.leads(filter, walkingAtMost: walked).map(\.id)
            }
            found += page
            pages += 1
            guard page.count == filter.limit else { break }
            filter.before = page.last
          }
          #expect(found == expected)
        }
      }
    }
    #expect(pages > 3 * places.count * places.count * stages.count)
    try city.checkStores()
  }

  @Test func `no list walks through all leads`() throws {
    let city = try HandTurnedCity(seed: 73, .oneChain())
    let queries: [(StaticString, index: String)] = [
      (StoreReader.leadsAtStage, "leads_by_stage"), (StoreReader.stageCount, "leads_by_stage"),
      (StoreReader.leadsOfRegion, "lead_places_by_region"),
      (StoreReader.regionCount, "lead_places_by_region"),
      (StoreReader.leadsOfHandler, "lead_places_handled"),
      (StoreReader.handlerCount, "lead_places_handled"),
      (StoreReader.leadsAtStageOfRegion, "leads_by_stage"),
    ]
    for (query, index) in queries {
      let plan = try city.write(city[.d1]) { try $0.connection.plan(of: query) }
      #expect(plan.contains { $0.contains(index) }, "\(plan)")
      #expect(plan.allSatisfy { !$0.contains("TEMP B-TREE") }, "\(plan)")
    }
  }
}
