import Ledger
import Regions
import Replication
import Testing

/// One end of a link under test, with the answers that a store would give.
struct LinkFixture {
  var link: Link
  let peer: RegionID
  var hello: Hello
  var now: UInt64 = 1_000

  init(_ side: Link.Side = .child, trees: [Hash] = [], isNeighbour: Bool = true) throws {
    peer = try #require(RegionID("peer"))
    let here = try #require(RegionID("here"))
    link = Link(side: side, peer: peer, isNeighbour: isNeighbour, trees: trees)
    hello = Hello(
      protocolVersions: 1...1, region: here, incarnation: 3, software: "test", trees: trees,
      cursors: LanePair(repeating: .fresh))
  }

  var theirHello: Hello {
    var theirs = hello
    theirs.region = peer
    theirs.incarnation = 7
    return theirs
  }

  mutating func give(_ input: LinkInput) -> [LinkEffect] {
    now += 5
    return link.handle(input, at: now)
  }

  mutating func receive(_ frame: Frame) -> [LinkEffect] { give(.received(frame)) }

  /// Brings the link to where data flows.
  mutating func stream(
    verdicts: LanePair<CursorVerdict> = LanePair(repeating: .resumes(at: 0))
  ) {
    _ = give(.opened(hello))
    _ = receive(.hello(theirHello))
    _ = give(.cursorsJudged(verdicts))
  }

  /// Brings the link into a repair whose sets both sides have noted.
  ///
  /// - Parameter count: how many events the peer says that it noted.
  mutating func repair(noting keys: [SetKey], theirs: LanePair<Cursor>, count: UInt64 = 1_000) {
    stream()
    _ = receive(.noted(NotedHeads(heads: theirs, count: count)))
    _ = give(.repairBegan(Self.heads(of: 3), NotedSet(keys)))
  }

  static func heads(of incarnation: UInt32, position: UInt64 = 1) -> NotedHeads {
    let cursor = Cursor(
      incarnation: incarnation, position: position, running: Hash.zero.appending(Hash(of: [1])))
    return NotedHeads(heads: LanePair(repeating: cursor), count: 0)
  }

  /// A commit whose signature is nobody's: links do not look at it.
  static func commit(_ number: UInt8) throws -> Commit {
    let stamp = Stamp(
      origin: Origin(region: try #require(RegionID("t1")), incarnation: 1), sequence: 1,
      time: HybridTime(milliseconds: UInt64(number) + 1), actor: "a", role: "a", tier: .township,
      key: try #require(KeyName([UInt8](repeating: 1, count: 16))), lane: .bulk)
    let draft = EventDraft(
      entity: nil, kind: "lead.reported", parents: [], audience: [],
      salt: [UInt8](repeating: number, count: 16), body: [number])
    return try Commit(
      stampBytes: stamp.encoded, previous: .zero, parts: [.event(draft.encoded)],
      signature: [UInt8](repeating: 0, count: 64))
  }

  static func batch(from start: Cursor, lane: Lane = .bulk, _ commits: [Commit]) -> Batch {
    Batch(lane: lane, start: start, chains: [], items: commits.map { .commit($0) })
  }
}

extension [LinkEffect] {
  /// The goodbye that was sent, if the link closed with one.
  var goodbye: Goodbye? {
    var sent: Goodbye?
    var isClosed = false
    for effect in self {
      if case .send(.goodbye(let goodbye)) = effect { sent = goodbye }
      if case .close = effect { isClosed = true }
    }
    return isClosed ? sent : nil
  }

  var frames: [Frame] {
    compactMap { if case .send(let frame) = $0 { frame } else { nil } }
  }
}
