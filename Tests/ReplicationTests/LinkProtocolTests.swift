import Ledger
import Regions
import Replication
import Testing

/// What a peer may not do: each ends the session with a goodbye that says so.
@Suite struct LinkProtocolTests {
  static func dataFrames() throws -> [Frame] {
    let commit = try LinkFixture.commit(1)
    return [
      .batch(LinkFixture.batch(from: .start(of: 7), [commit])),
      .acknowledgement(Acknowledgement(lane: .bulk, position: 0, movesCursor: true)),
      .noted(LinkFixture.heads(of: 7)), .compare([]), .want([]),
      .repair(Shipment(chains: [], commits: [commit])), .setAside([]),
    ]
  }

  @Test func `data before the hello is a violation`() throws {
    for frame in try Self.dataFrames() {
      var fixture = try LinkFixture()
      _ = fixture.give(.opened(fixture.hello))
      #expect(fixture.receive(frame).goodbye?.reason == .violation, "\(frame)")
    }
  }

  @Test func `a second hello is a violation, while cursors are judged and later`() throws {
    var fixture = try LinkFixture()
    _ = fixture.give(.opened(fixture.hello))
    _ = fixture.receive(.hello(fixture.theirHello))
    var streaming = fixture
    #expect(fixture.receive(.hello(fixture.theirHello)).goodbye?.reason == .violation)
    _ = streaming.give(.cursorsJudged(LanePair(repeating: .resumes(at: 0))))
    #expect(streaming.receive(.hello(streaming.theirHello)).goodbye?.reason == .violation)
  }

  @Test func `a hello of another region than the certificate's is a violation`() throws {
    var fixture = try LinkFixture()
    _ = fixture.give(.opened(fixture.hello))
    #expect(fixture.receive(.hello(fixture.hello)).goodbye?.reason == .violation)
  }

  @Test func `without a protocol number in common both hear why`() throws {
    for range in [UInt32(2)...4, 0...0] {
      var fixture = try LinkFixture()
      _ = fixture.give(.opened(fixture.hello))
      var theirs = fixture.theirHello
      theirs.protocolVersions = range
      #expect(fixture.receive(.hello(theirs)).goodbye?.reason == .protocolVersion)
    }
  }

  @Test func `the highest common protocol number is spoken`() throws {
    var fixture = try LinkFixture()
    _ = fixture.give(.opened(fixture.hello))
    var theirs = fixture.theirHello
    theirs.protocolVersions = 0...9
    _ = fixture.receive(.hello(theirs))
    #expect(fixture.link.protocolVersion == 1)
  }

  @Test func `an acknowledgement of what was never sent is a violation`() throws {
    var fixture = try LinkFixture()
    fixture.stream()
    let good = Acknowledgement(lane: .bulk, position: 0, movesCursor: true)
    #expect(fixture.receive(.acknowledgement(good)).isEmpty)
    let bad = Acknowledgement(lane: .bulk, position: 1, movesCursor: true)
    #expect(fixture.receive(.acknowledgement(bad)).goodbye?.reason == .violation)
  }

  @Test func `a batch that does not begin where the last one ended is a violation`() throws {
    let commits = try (0..<4).map { try LinkFixture.commit(UInt8($0)) }
    let first = LinkFixture.batch(from: .start(of: 7), [commits[0]])
    let wrong: [Cursor] = [
      .start(of: 7), Cursor(incarnation: 7, position: 2, running: first.end.running),
      Cursor(incarnation: 7, position: 1, running: Hash(of: [9])),
      Cursor(incarnation: 8, position: 1, running: first.end.running),
    ]
    for start in wrong {
      var fixture = try LinkFixture()
      fixture.stream()
      #expect(fixture.receive(.batch(first)).goodbye == nil)
      let batch = LinkFixture.batch(from: start, [commits[1]])
      #expect(fixture.receive(.batch(batch)).goodbye?.reason == .violation)
    }
    // An event altered on its way changes the end, so that the next batch does not fit.
    var fixture = try LinkFixture()
    fixture.stream()
    let altered = LinkFixture.batch(from: .start(of: 7), [commits[2]])
    _ = fixture.receive(.batch(altered))
    let next = LinkFixture.batch(from: first.end, [commits[3]])
    #expect(fixture.receive(.batch(next)).goodbye?.reason == .violation)
  }

  @Test func `frames of a repair without a repair are violations`() throws {
    let commit = try LinkFixture.commit(1)
    let frames: [Frame] = [
      .compare([]), .want([]), .want([Hash(of: [1])]),
      .repair(Shipment(chains: [], commits: [commit])),
    ]
    for frame in frames {
      var fixture = try LinkFixture()
      fixture.stream()
      #expect(fixture.receive(frame).goodbye?.reason == .violation, "\(frame)")
    }
  }

  @Test func `in a repair, what breaks its order is a violation`() throws {
    let key = SetKey(time: HybridTime(milliseconds: 5), hash: Hash(of: [5]))
    let theirs = LinkFixture.heads(of: 7).heads
    let frames: [Frame] = [
      .noted(LinkFixture.heads(of: 7)), .want([Hash(of: [6])]), .want([key.hash, Hash(of: [6])]),
      .repair(Shipment(chains: [], commits: [try LinkFixture.commit(1)])),
      .batch(LinkFixture.batch(from: .start(of: 7), [try LinkFixture.commit(2)])),
    ]
    for side in [Link.Side.child, .parent] {
      for frame in frames {
        var fixture = try LinkFixture(side)
        fixture.repair(noting: [key], theirs: theirs)
        #expect(fixture.receive(frame).goodbye?.reason == .violation, "\(side): \(frame)")
      }
      var fixture = try LinkFixture(side)
      fixture.repair(noting: [key], theirs: theirs)
      guard case .sendRepair(let keys)? = fixture.receive(.want([key.hash])).first else {
        Issue.record("a noted event is not sent")
        continue
      }
      #expect(keys == [key])
      let again = fixture.receive(.want([key.hash]))
      #expect(again.goodbye?.reason == .violation, "an event is answered once")
    }
  }

  @Test func `a session repairs once; a second repair is a violation`() throws {
    var fixture = try LinkFixture(.parent)
    fixture.repair(noting: [], theirs: LinkFixture.heads(of: 7).heads)
    // The child's last frame of claims, then its word that it wants nothing.
    let effects = fixture.receive(.compare([]))
    #expect(effects.contains { if case .finishRepair = $0 { true } else { false } })
    _ = fixture.receive(.want([]))
    #expect(!fixture.link.isRepairing)
    #expect(fixture.receive(.noted(LinkFixture.heads(of: 7))).goodbye?.reason == .violation)
  }

  @Test func `noted heads of another incarnation or out of range are violations`() throws {
    for heads in [
      LinkFixture.heads(of: 8), LinkFixture.heads(of: 7, position: .max),
      LinkFixture.heads(of: 7, position: 1 << 63),
    ] {
      var fixture = try LinkFixture()
      fixture.stream()
      #expect(fixture.receive(.noted(heads)).goodbye?.reason == .violation, "\(heads)")
    }
  }

  @Test func `a cursor that contradicts our outbox opens an incarnation and ends the session`()
    throws
  {
    var fixture = try LinkFixture()
    _ = fixture.give(.opened(fixture.hello))
    _ = fixture.receive(.hello(fixture.theirHello))
    let effects = fixture.give(
      .cursorsJudged(LanePair(urgent: .resumes(at: 0), bulk: .contradictsOurs(incarnation: 4))))
    #expect(effects.goodbye?.reason == .newIncarnation)
    guard case .openIncarnation(leaving: 3, claimed: 4)? = effects.first else {
      Issue.record("no incarnation is opened")
      return
    }
  }

  @Test func `a place that the peer names is noted as where it stands, the beginning too`() throws {
    var fixture = try LinkFixture()
    _ = fixture.give(.opened(fixture.hello))
    _ = fixture.receive(.hello(fixture.theirHello))
    let effects = fixture.give(
      .cursorsJudged(LanePair(urgent: .resumes(at: 0), bulk: .resumes(at: 12))))
    let noted = effects.compactMap { effect -> UInt64? in
      guard case .noteCursor(_, let position) = effect else { return nil }
      return position
    }
    #expect(noted == [0, 12])
  }

  @Test func `nothing comes out of a link that has closed`() throws {
    var fixture = try LinkFixture()
    fixture.stream()
    _ = fixture.give(.stop(Goodbye(reason: .stopping, message: "")))
    for frame in try Self.dataFrames() + [.ping, .hello(fixture.theirHello)] {
      #expect(fixture.receive(frame).isEmpty)
    }
    #expect(fixture.give(.tick).isEmpty)
    #expect(fixture.give(.outboxGrew(.bulk, position: 9)).isEmpty)
  }

  @Test func `silence brings a sign of life, and after long a close`() throws {
    var fixture = try LinkFixture()
    fixture.stream()
    let start = fixture.now
    #expect(fixture.link.handle(.tick, at: start + 9_000).isEmpty)
    #expect(fixture.link.handle(.tick, at: start + 10_100).frames == [.ping])
    #expect(fixture.link.handle(.tick, at: start + 10_200).isEmpty)
    _ = fixture.link.handle(.received(.ping), at: start + 40_000)
    #expect(fixture.link.handle(.tick, at: start + 80_000).frames == [.ping])
    #expect(fixture.link.handle(.tick, at: start + 85_100).goodbye != nil)
  }

  @Test func `bytes of a frame that takes long to arrive break the silence`() throws {
    var fixture = try LinkFixture()
    fixture.stream()
    let start = fixture.now
    for second in stride(from: UInt64(0), to: 300, by: 40) {
      #expect(fixture.link.handle(.heard, at: start + second * 1_000).isEmpty)
      #expect(fixture.link.handle(.tick, at: start + second * 1_000 + 39_000).goodbye == nil)
    }
    #expect(fixture.link.handle(.tick, at: start + 326_000).goodbye != nil)
  }

  @Test func `a greeting that brings bytes and no end is given up`() throws {
    var fixture = try LinkFixture()
    _ = fixture.give(.opened(fixture.hello))
    let start = fixture.now
    for second in stride(from: UInt64(0), to: 180, by: 20) {
      _ = fixture.link.handle(.heard, at: start + second * 1_000)
      #expect(fixture.link.handle(.tick, at: start + second * 1_000).goodbye == nil)
    }
    _ = fixture.link.handle(.heard, at: start + 180_000)
    #expect(fixture.link.handle(.tick, at: start + 180_000).goodbye != nil)
  }

  @Test func `half a window is acknowledged while the other half is under way`() throws {
    var fixture = try LinkFixture()
    fixture.stream()
    var effects = fixture.give(.outboxGrew(.bulk, position: 1_000))
    var (asked, start) = (0, Cursor.start(of: 3))
    // Nothing is known yet, and still several batches go before the first acknowledgement.
    while case .readOutbox(.bulk, _, let most)? = effects.last, asked < 100 {
      #expect(most <= 4 * 1024)
      asked += 1
      let batch = LinkFixture.batch(from: start, try (1...20).map { try LinkFixture.commit($0) })
      start = batch.end
      effects = fixture.give(.outboxRead(OutgoingBatch(batch), chains: [:]))
    }
    #expect((3...8).contains(asked), "\(asked) batches")
  }

  @Test func `urgent entries are read before bulk ones that wait as well`() throws {
    var fixture = try LinkFixture()
    fixture.stream()
    guard case .readOutbox(.bulk, from: 0, _)? = fixture.give(.outboxGrew(.bulk, position: 3)).first
    else {
      Issue.record("bulk is not read")
      return
    }
    #expect(fixture.give(.outboxGrew(.urgent, position: 1)).isEmpty)
    let batch = LinkFixture.batch(from: .start(of: 3), [try LinkFixture.commit(1)])
    let after = fixture.give(.outboxRead(OutgoingBatch(batch), chains: [:]))
    #expect(
      after.contains { if case .readOutbox(.urgent, from: 0, _) = $0 { true } else { false } })
  }
}
