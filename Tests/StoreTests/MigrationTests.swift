import Casework
import Ledger
import Regions
import Replication
import Testing

@testable import Store

/// Stores of an earlier layout.
@Suite struct MigrationTests {
  @Test func `a store of the first layout is brought to the newest and stays sound`() throws {
    let scratch = try ScratchFolder()
    let city = try HandTurnedCity(seed: 97, .twoDistricts())
    let lead = try city.report(at: .d1)
    let other = try city.report(at: .t2)
    try city.settle()
    try city.act(.dispatch(to: [.t1]), on: lead, at: .d1, audience: [.t1])
    try city.settle()
    let file = scratch.fresh()
    try city[.d1].store.backup(to: file)
    let folder = try scratch.folder(withStore: file, named: Store.fileName)
    func open() throws -> Store {
      try Store.open(
        in: folder, library: .shipped, judge: city.authority, signer: nil)
    }
    let before = try open()
    try FirstLayout.restore(before)
    try before.close()
    #expect {
      try Store.inspect(in: folder, library: ProcessLibrary()) { try $0.figures() }
    } throws: {
      ($0 as? StoreError)?.code == .refused
    }
    for _ in 0..<2 {
      let store = try open()
      let report = try store.read { try $0.verify(judge: city.authority) { _ in } }
      #expect(report.isGood, "\(report.failures)")
      var filter = LeadFilter(limit: 9)
      filter.handler = .t1
      #expect(try store.read { try $0.leads(filter) }.map(\.id) == [lead])
      filter = LeadFilter(limit: 9)
      filter.region = .t2
      #expect(try store.read { try $0.leads(filter) }.map(\.id) == [other])
      try store.close()
    }
  }
}
