import Casework
import Crypto
import Ledger
import Regions
import Testing

@testable import Store

/// Warnings at a node whose program changes.
extension WarningTests {
  @Test func `a program that lacks the rules for a while misses no warning`() throws {
    let (hub, process) = (RegionID.h, try Self.process())
    var numbers = SeededNumbers(seed: 709)
    let authority = TestAuthority()
    let key = try P256.Signing.PrivateKey(from: &numbers)
    let chain = authority.issue(key.publicKey, hub, .city)
    let signer = CommitSigner(privateKey: key)
    var store = try Store.inMemory(
      for: NodeIdentity(deployment: "test", region: hub, tier: .city),
      library: ProcessLibrary([.firstCut, process]), judge: authority, signer: signer)
    let number = try #require(LeadNumber(region: 1, incarnation: 1, serial: 7))
    let report = LeadReport(
      number: number, channel: "phone", reportedAtMilliseconds: 0, title: "扬尘", text: "夜间")
    let founded = 1_700_000_000_000 as UInt64
    _ = try store.write(now: founded) { transaction in
      transaction.openIncarnation(StartCounter(starts: 1, incarnation: 1))
      try transaction.learn(chain)
      return try transaction.author(actor: "officer", role: "officer", lane: .bulk) { commit in
        commit.add(report.draft(rules: process.hash, salt: numbers.bytes(16), audience: [hub]))
      }
    }
    func swept(hours: UInt64) throws -> Int {
      let (sweep, _) = try store.write(now: founded + hours * Self.hour) { transaction in
        try transaction.sweepWarnings { numbers.bytes(16) }
      }
      return sweep.warnings
    }
    func restart(_ processes: [Process]) throws {
      store = try Store.inMemory(
        copying: store.image(), library: ProcessLibrary(processes), judge: authority,
        signer: signer)
    }
    #expect(try swept(hours: 1) == 0)
    try restart([.firstCut])
    #expect(try swept(hours: 3) == 0)
    #expect(try swept(hours: 4) == 0)
    try restart([.firstCut, process])
    #expect(try swept(hours: 6) == 3)
    #expect(try swept(hours: 7) == 0)
  }
}
