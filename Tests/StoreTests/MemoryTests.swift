import Casework
import Ledger
import Testing

@testable import Store

/// What a store lets go of while nobody uses it.
@Suite struct MemoryTests {
  @Test func `a store that gave its memory back goes on as before`() throws {
    let city = try HandTurnedCity(seed: 81, .oneChain())
    try city.settle()
    let lead = try city.report(at: .t1)
    try city.settle()
    let store = city[.d1].store
    func remembered() throws -> Int { try city.write(city[.d1]) { $0.entities.count } }
    #expect(try remembered() > 0)
    let uses = store.useCount
    store.releaseMemory()
    #expect(store.useCount == uses, "giving memory back is no use that keeps it from doing so")
    #expect(try remembered() == 0)
    #expect(store.useCount > uses)
    try city.act(.progress("p"), on: lead, at: .d1)
    try city.settle()
    #expect(try city[.t1].store.read { try $0.timeline(of: lead).count } == 2)
    try city.checkStores()
  }
}
