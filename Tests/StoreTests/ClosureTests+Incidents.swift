import Casework
import Ledger
import Regions
import Testing

@testable import Store

/// What a closure takes back of the links between reports and incidents.
extension ClosureTests {
  private static func process() throws -> Process {
    try Process(
      families: [
        Family(
          name: "lead", chinese: "线索", english: "lead",
          stages: [Stage("open", "待办", "open"), Stage("merged", "并入", "merged")],
          kinds: [
            KindRule("lead.reported", "上报", "reported", .found(.actor)),
            KindRule(
              IncidentLink.linkedKind, "并入", "merged",
              .move(from: ["open"], to: "merged", .keeps)),
          ])
      ], movers: Actors(tiers: [.city]))
  }

  @Test func `a report whose link was barred is linked to nothing`() throws {
    let city = try HandTurnedCity(seed: 211, .oneChain())
    try city.settle()
    let lead = try city.report(under: Self.process(), at: .t1)
    let body = CanonicalValue.map([IncidentLink.entry: .text(lead.description)])
    let heads = try #require(city[.t1].entity(lead)?.heads)
    let merge = Act(kind: IncidentLink.linkedKind, body: body)
      .draft(entity: lead, heads: heads, salt: city.numbers.bytes(16))
    let commit = try city.author(.t1, [merge])
    try city.settle()
    for region in city.regions {
      #expect(try city[region].store.read { try $0.incident(of: lead) } == lead, "\(region)")
    }
    try close(city, except: [commit.hash])
    try city.settle()
    for region in city.regions {
      #expect(try city[region].store.read { try $0.incident(of: lead) } == nil, "\(region)")
    }
    try city.checkStores()
  }
}
