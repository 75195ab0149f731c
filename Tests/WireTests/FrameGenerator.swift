import Crypto
import Ledger
import Regions
import Replication
import Wire

/// A repeatable source of randomness (xorshift*), so that a failing run can be run again.
struct Dice: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed | 1 }

  mutating func next() -> UInt64 {
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    return state &* 0x2545_F491_4F6C_DD1D
  }
}

/// Random frames of every kind, within every bound and often at it.
struct FrameGenerator {
  var dice: Dice
  private let signer = CommitSigner(privateKey: P256.Signing.PrivateKey())

  init(seed: UInt64) { dice = Dice(seed: seed) }

  /// The number of kinds of frames.
  static let kinds = 11

  mutating func frame(kind: Int) throws -> Frame {
    switch kind {
    case 0: return .hello(hello())
    case 1: return .trees(try shipment())
    case 2: return .batch(try batch())
    case 3:
      return .acknowledgement(
        Acknowledgement(lane: lane(), position: position(), movesCursor: coin()))
    case 4:
      return .noted(
        NotedHeads(heads: LanePair(urgent: cursor(), bulk: cursor()), count: position()))
    case 5: return .compare(many(0...6) { $0.claim() })
    case 6: return .want(many(0...40) { $0.hash() })
    case 7: return .repair(try shipment())
    case 8: return .setAside(many(0...5) { $0.notice() })
    case 9: return .ping
    default:
      let reasons = Goodbye.Reason.allCases
      return .goodbye(
        Goodbye(
          reason: reasons[Int.random(in: 0..<reasons.count, using: &dice)], message: text(),
          retryAfterSeconds: coin() ? nil : UInt32.random(in: 0...UInt32.max, using: &dice)))
    }
  }

  mutating func coin() -> Bool { Bool.random(using: &dice) }

  mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8.random(in: 0...255, using: &dice) }
  }

  mutating func hash() -> Hash { Hash(of: bytes(8)) }

  mutating func many<Value>(
    _ counts: ClosedRange<Int>, _ make: (inout FrameGenerator) throws -> Value
  ) rethrows -> [Value] {
    let count = Int.random(in: counts, using: &dice)
    return try (0..<count).map { _ in try make(&self) }
  }

  private mutating func lane() -> Lane { coin() ? .urgent : .bulk }

  private mutating func position() -> UInt64 {
    coin() ? WireBounds.position : UInt64.random(in: 0...1_000, using: &dice)
  }

  private mutating func incarnation() -> UInt32 {
    coin() ? UInt32.max : UInt32.random(in: 1...9, using: &dice)
  }

  private mutating func region() -> RegionID {
    let names = ["haizhou-qu", "a", "0", String(repeating: "z", count: RegionID.maximumLength)]
    return names.randomElement(using: &dice).flatMap { RegionID($0) } ?? .everyone
  }

  private mutating func text() -> String {
    ["", "噪音扰民，待派", "e\u{301}", String(repeating: "一", count: 341)]
      .randomElement(using: &dice) ?? ""
  }

  private mutating func cursor() -> Cursor {
    Cursor(incarnation: incarnation(), position: position(), running: coin() ? .zero : hash())
  }

  private mutating func held() -> HeldCursor {
    switch Int.random(in: 0...2, using: &dice) {
    case 0: .fresh
    case 1: .void
    default: .at(cursor())
    }
  }

  private mutating func hello() -> Hello {
    let lowest = UInt32.random(in: 1...3, using: &dice)
    return Hello(
      protocolVersions: lowest...(coin() ? UInt32.max : lowest), region: region(),
      incarnation: incarnation(), software: "liandong 0.1（联动）", trees: many(0...5) { $0.hash() },
      cursors: LanePair(urgent: held(), bulk: held()))
  }

  private mutating func chain() -> CertificateChain {
    many(1...ReplicationBounds.chainCertificates) { generator in
      generator.bytes(
        generator.coin() ? 1 : Int.random(in: 2...900, using: &generator.dice))
    }
  }

  private mutating func shipment() throws -> Shipment {
    Shipment(chains: many(0...2) { $0.chain() }, commits: try many(0...4) { try $0.commit() })
  }

  private mutating func batch() throws -> Batch {
    Batch(
      lane: lane(), start: cursor(), chains: many(0...2) { $0.chain() },
      items: try many(0...6) { generator in
        generator.coin() ? .mark(generator.hash()) : .commit(try generator.commit())
      })
  }

  private mutating func key() -> SetKey {
    SetKey(
      time: HybridTime(
        rawValue: coin() ? WireBounds.signed : UInt64.random(in: 0...9, using: &dice)),
      hash: hash())
  }

  private mutating func claim() -> RangeClaim {
    let ends = [key(), key()].sorted()
    let content: RangeClaim.Content
    switch Int.random(in: 0...2, using: &dice) {
    case 0:
      content = .fingerprint(Fingerprint(count: position(), high: dice.next(), low: dice.next()))
    case 1: content = .items(many(0...ReplicationBounds.itemsPerClaim) { $0.key() })
    default: content = .answer(many(0...3) { $0.key() })
    }
    return RangeClaim(
      lower: coin() ? .lowest : ends[0], upper: coin() ? nil : ends[1], content: content)
  }

  private mutating func notice() -> SetAsideNotice {
    SetAsideNotice(
      commit: hash(), origin: Origin(region: region(), incarnation: incarnation()),
      sequence: coin() ? WireBounds.signed : 1, reason: text())
  }

  /// A commit of up to 7 events, whole or with some withheld, also all of them.
  mutating func commit(events: ClosedRange<Int> = 1...7, bodyBytes: Int = 60) throws -> Commit {
    let sequence = UInt64.random(in: 1...3, using: &dice)
    let drafts = many(events) { generator in
      EventDraft(
        entity: nil, kind: "lead.reported", parents: [], audience: [generator.region()],
        salt: generator.bytes(16), body: generator.bytes(bodyBytes))
    }
    let stamp = Stamp(
      origin: Origin(region: region(), incarnation: incarnation()), sequence: sequence,
      time: HybridTime(milliseconds: 1_795_420_800_000), actor: "wang", role: "clerk",
      tier: .township, key: signer.key, lane: lane())
    var draft = CommitDraft(stamp: stamp)
    for event in drafts { draft.add(event) }
    let whole = try signer.seal(draft, previous: sequence == 1 ? .zero : hash())
    guard coin() else { return whole }
    let parts = whole.entries.map { entry -> Commit.Part in
      guard let event = entry.event, coin() else { return .withheld(entry.hash) }
      return .event(event.bytes)
    }
    return try Commit(
      stampBytes: whole.stampBytes, previous: whole.previous, parts: parts,
      signature: whole.signature)
  }

  /// A batch of single-event commits: the hot path.
  mutating func hotBatch(commits: Int, bodyBytes: Int) throws -> Frame {
    let start = cursor()
    let items = try (0..<commits).map { _ in
      Batch.Item.commit(try commit(events: 1...1, bodyBytes: bodyBytes))
    }
    return .batch(Batch(lane: .bulk, start: start, chains: [], items: items))
  }
}
