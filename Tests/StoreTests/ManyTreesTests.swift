import Ledger
import Regions
import Replication
import Testing

@testable import Store

/// A city whose tree was changed very often.
@Suite struct ManyTreesTests {
  private func publish(_ count: Int, padding: Int, in city: HandTurnedCity) throws {
    let tree = try #require(try city[.h].newestTree)
    let body = CanonicalValue.map([
      "regions": tree.canonical, "rules": .bytes(HandTurnedCity.rules.bytes),
      "padding": .bytes([UInt8](repeating: 0, count: padding)),
    ])
    let size = max(1, LedgerBounds.commitBytes / 2 / (padding + 512))
    for first in stride(from: 0, to: count, by: size) {
      let drafts = (first..<min(first + size, count)).map { _ in
        EventDraft(
          entity: nil, kind: SignedTree.kind, parents: [], audience: [.everyone],
          salt: city.numbers.bytes(16), body: body.encoded)
      }
      let commit = try city.author(.h, drafts)
      city.oracle.note(tree, in: commit)
    }
  }

  @Test func `a hello names the newest trees, as many as it may`() throws {
    let city = try HandTurnedCity(seed: 50, .oneChain())
    try publish(ReplicationBounds.trees + 10, padding: 0, in: city)
    let (known, hello) = try city[.h].store.read {
      (try $0.signedTrees().names, try $0.hello(to: .d1, software: "test"))
    }
    #expect(known.count > ReplicationBounds.trees)
    #expect(hello.trees == known.suffix(ReplicationBounds.trees))
  }

  @Test func `trees that fill several frames all reach a node that knows none`() throws {
    let city = try HandTurnedCity(seed: 51, .oneChain())
    try publish(40, padding: 10_000, in: city)
    let known = try city[.h].store.read { try $0.signedTrees().names }
    let frames = try city[.h].store.read { try $0.trees(known) }
    #expect(frames.count > 1)
    for frame in frames {
      #expect(Frame.trees(frame).approximateBytes < ReplicationBounds.messageBytes / 4)
    }
    #expect(frames.flatMap { $0.commits.flatMap(\.events) }.count == known.count)
    try city.settle(rounds: 20)
    for region in [RegionID.d1, .t1] {
      #expect(try city[region].store.read { try $0.signedTrees().names } == known)
    }
  }
}
