import Identity
import Ledger
import Node
import Regions
import Replication
import Store
import Testing

/// Bounds of `node.yaml` on their way to the store.
@Suite(.timeLimit(.minutes(10))) struct BoundsTests {
  @Test func `a batch has no more commits than the settings allow`() async throws {
    let city = try CommandsCity()
    let home = try city.node("lake0").home
    var bounds = NodeConfiguration.Bounds.standard
    bounds.batchCommits = 2
    let core = try NodeCore.open(
      home: home, software: "test", logger: CommandsCity.logger, clocks: city.clocks,
      bounds: bounds)
    let node = CommandsNode(core: core, home: home)
    for _ in 1...5 { _ = try await node.report() }
    let east = try #require(RegionID("east"))
    let heads = try core.store.read { try $0.outboxHeads(of: east) }
    var (position, counts): (UInt64, [Int]) = (0, [])
    while position < heads[.bulk] {
      let (batch, _) = try core.store.read {
        try $0.batch(for: east, lane: .bulk, from: position, maximumBytes: 1 << 20)
      }
      counts.append(batch.commits.count)
      position = batch.endPosition
    }
    #expect(counts == [2, 2, 2], "the node's own beginning and five leads")
  }
}
