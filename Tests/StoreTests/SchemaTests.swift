import Casework
import Ledger
import Regions
import Replication
import Testing

@testable import Store

/// Stores that an earlier version of the program wrote.
@Suite struct SchemaTests {
  @Test func `a store of the first layout is brought forward and knows that it was replaced`()
    throws
  {
    for isReplaced in [false, true] {
      let city = try HandTurnedCity(seed: 60, .oneChain())
      try city.settle()
      let scratch = try ScratchFolder()
      let copy = try city.backup(.t1, in: scratch)
      let lost = try city.author(.t1, [city.leadDraft()])
      let folder = try scratch.folder(withStore: copy.file, named: Store.fileName)
      func open() throws -> Store {
        try Store.open(
          in: folder, library: .shipped, judge: city.authority,
          signer: city[.t1].signer)
      }
      let old = try open()
      _ = try old.write(now: city.now) { transaction in
        guard isReplaced else { return }
        _ = try transaction.take(Shipment(chains: [], commits: [lost]), from: .d1)
      }
      try FirstLayout.restore(old)
      try old.close()
      let new = try open()
      #expect(try new.read { try $0.identity() }.isReplaced == isReplaced)
      #expect(try new.read { try $0.verify(judge: city.authority) { _ in } }.isGood)
      try new.close()
    }
  }
}
