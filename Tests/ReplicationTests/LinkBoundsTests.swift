import Ledger
import Replication
import Testing

/// What a certified peer that misbehaves can make a link do.
@Suite struct LinkBoundsTests {
  private static func keys(_ range: Range<Int>) -> [SetKey] {
    range.map {
      SetKey(
        time: HybridTime(milliseconds: UInt64($0)), hash: Hash(of: Array("\($0)".utf8)))
    }
  }

  @Test func `a peer that lists more events than it noted breaks the protocol`() throws {
    for (count, isGood) in [(3, true), (4, false)] {
      var fixture = try LinkFixture(.child)
      fixture.repair(noting: [], theirs: LinkFixture.heads(of: 7).heads, count: 3)
      let answer = RangeClaim(
        lower: .lowest, upper: nil, content: .answer(Self.keys(0..<count)))
      let effects = fixture.receive(.compare([answer]))
      #expect((effects.goodbye?.reason == .violation) != isGood, "\(count)")
    }
  }

  @Test func `a comparison whose answers only grow ends`() throws {
    var fixture = try LinkFixture(.child)
    fixture.repair(noting: Self.keys(0..<2_000), theirs: LinkFixture.heads(of: 7).heads)
    let lie = RangeClaim(
      lower: .lowest, upper: nil, content: .fingerprint(Fingerprint(count: 1, high: 1, low: 1)))
    for round in 0..<100 {
      let effects = fixture.receive(.compare(Array(repeating: lie, count: 256)))
      if effects.goodbye != nil {
        #expect(effects.goodbye?.reason == .violation)
        #expect(round < 20)
        return
      }
    }
    Issue.record("the comparison goes on for ever")
  }

  @Test func `trees beyond those that a hello can name are neither sent nor awaited`() throws {
    let most = ReplicationBounds.trees
    let all = (0..<most + 3).map { Hash(of: Array("\($0)".utf8)) }
    var fixture = try LinkFixture(.parent, trees: all)
    fixture.hello.trees = all.suffix(most)
    _ = fixture.give(.opened(fixture.hello))
    var theirs = fixture.theirHello
    // The peer lacks the newest; the oldest that it names is one that we do not name.
    theirs.trees = Array(all.dropLast().suffix(most))
    let effects = fixture.receive(.hello(theirs))
    guard case .readTrees(let sent)? = effects.first else {
      Issue.record("no tree is sent")
      return
    }
    #expect(sent == [all[most + 2]])
    #expect(effects.contains { if case .judgeCursors = $0 { true } else { false } })
  }

  @Test func `a node that names few trees is sent all others, in several frames`() throws {
    let most = ReplicationBounds.trees
    let all = (0..<most + 3).map { Hash(of: Array("\($0)".utf8)) }
    var fixture = try LinkFixture(.parent, trees: all)
    fixture.hello.trees = all.suffix(most)
    _ = fixture.give(.opened(fixture.hello))
    var theirs = fixture.theirHello
    theirs.trees = [all[5]]
    guard case .readTrees(let sent)? = fixture.receive(.hello(theirs)).first else {
      Issue.record("no tree is sent")
      return
    }
    #expect(sent.count == most + 2)
    let shipments = try (0..<3).map { number in
      Shipment(chains: [], commits: [try LinkFixture.commit(UInt8(number))])
    }
    #expect(fixture.give(.treesRead(shipments)).frames == shipments.map { .trees($0) })
  }

  @Test func `a link that learns waits for the trees that the peer named, frame by frame`() throws {
    let commits = try (0..<2).map { try LinkFixture.commit(UInt8($0)) }
    let named = commits.flatMap { $0.events.map(\.event.hash) }
    var fixture = try LinkFixture(.child)
    _ = fixture.give(.opened(fixture.hello))
    var theirs = fixture.theirHello
    theirs.trees = named
    _ = fixture.receive(.hello(theirs))
    for (place, commit) in commits.enumerated() {
      _ = fixture.receive(.trees(Shipment(chains: [], commits: [commit])))
      let effects = fixture.give(.treesLearned(isNew: place == 1))
      #expect((effects.goodbye?.retryAfterSeconds == 0) == (place == 1))
    }
  }
}
