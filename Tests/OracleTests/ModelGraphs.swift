import Casework
import Ledger
import Regions
import Testing

/// Numbers that follow from a seed alone (xorshift64*).
struct ModelNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func next() -> UInt64 {
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    return state &* 0x2545_F491_4F6C_DD1D
  }

  mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8(truncatingIfNeeded: next() >> 32) }
  }
}

/// The model's small process in this implementation's terms.
enum ModelProcess {
  /// Act, the stages it is allowed in, the stage it leads to: the model's MOVES turned round.
  static let moves: [(act: String, from: [String], to: String)] = [
    ("dispatch", ["new", "dispatched", "signed", "done"], "dispatched"), ("void", ["new"], "void"),
    ("sign", ["dispatched"], "signed"), ("return", ["dispatched", "signed"], "new"),
    ("finish", ["signed"], "done"), ("close", ["done"], "closed"), ("reopen", ["closed"], "new"),
  ]

  static func make() throws -> Process {
    let stages = ["new", "dispatched", "signed", "done", "closed", "void"].map {
      Stage($0, $0, $0, isClosing: $0 == "closed")
    }
    var kinds = [KindRule("found", "", "", .found(.actor)), KindRule("set", "", "", .field)]
    kinds += moves.map { KindRule($0.act, "", "", .move(from: $0.from, to: $0.to, .keeps)) }
    kinds += ["photo", "note"].map { KindRule($0, "", "", .fact) }
    let family = Family(
      name: "model", chinese: "", english: "", stages: stages,
      fields: [Field("place", .text), Field("type", .text)], kinds: kinds)
    return try Process(families: [family], movers: Actors(tiers: []))
  }
}

/// An event as the model reads it.
struct ModelEvent: Encodable {
  let hash: String
  let kind: String
  let parents: [String]
  let tier: String
  let time: Int
  let value: String
}

/// A random history in both languages.
struct ModelGraph {
  private(set) var inputs: [FoldInput] = []
  private(set) var events: [ModelEvent] = []
  private var numbers: ModelNumbers
  private let rules: Hash
  private let region: RegionID

  /// Offices act on the heads they see; visibility is random, so branches appear and join. Every
  /// third graph then loses events, so that others wait for them.
  init(seed: UInt64, folder: Folder, rules: Hash) throws {
    self.numbers = ModelNumbers(seed: seed)
    self.rules = rules
    self.region = try #require(RegionID("office"))
    let tiers: [Tier] = [.city, .district, .township, .township]
    try write(
      "found", value: "", tier: tiers[Int.random(in: 0..<4, using: &numbers)], on: [], at: 100)
    var seen = [[Int]](repeating: [0], count: tiers.count)
    for _ in 0..<Int.random(in: 2...24, using: &numbers) {
      let office = Int.random(in: 0..<tiers.count, using: &numbers)
      if Bool.random(using: &numbers) {
        let other = seen[Int.random(in: 0..<tiers.count, using: &numbers)]
        seen[office] = Set(seen[office] + other).sorted()
      }
      let known = seen[office].map { inputs[$0] }
      let result = folder.fold(known)
      let heads = known.filter { result.heads.contains($0.event.hash) }
      let latest = known.map { Int($0.time.rawValue) }.max() ?? 100
      let time = max(1, latest + Int.random(in: -50..<50, using: &numbers))
      let conflicts = result.state?.conflicts ?? []
      if !conflicts.isEmpty, Int.random(in: 0..<8, using: &numbers) == 0 {
        let pair = conflicts[Int.random(in: 0..<conflicts.count, using: &numbers)]
        try write(decisionOn: pair, tier: tiers[office], on: heads, at: time)
      } else {
        let (kind, value) = choose(stage: result.state?.stage?.stage)
        try write(kind, value: value, tier: tiers[office], on: heads, at: time)
      }
      seen[office].append(inputs.count - 1)
    }
    if seed.isMultiple(of: 3) { loseSome() }
  }

  private mutating func choose(stage: String?) -> (kind: String, value: String) {
    let acts = ModelProcess.moves.filter { move in stage.map { move.from.contains($0) } ?? false }
    switch Int.random(in: 0..<20, using: &numbers) {
    case 0..<6 where !acts.isEmpty:
      // Only histories that come forward reach a close, and with it the review flag.
      let forward = acts.first { ["sign", "finish", "close"].contains($0.act) } ?? acts[0]
      return (forward.act, "")
    case 0..<10 where !acts.isEmpty:
      return (acts[Int.random(in: 0..<acts.count, using: &numbers)].act, "")
    case 0..<13:
      return (Bool.random(using: &numbers) ? "set:place" : "set:type", "\(numbers.next() % 9)")
    case 13..<16: return (Bool.random(using: &numbers) ? "photo" : "note", "")
    case 16: return ("weigh", "")
    case 17: return ("found", "")
    default:
      return (ModelProcess.moves[Int.random(in: 0..<7, using: &numbers)].act, "")
    }
  }

  /// The model knows no decisions, and so must find that they change nothing.
  private mutating func write(
    decisionOn pair: Conflict, tier: Tier, on parents: [FoldInput], at time: Int
  ) throws {
    let act = Act.decide(pair, .confirmed)
    try write(
      act.kind, value: "", tier: tier, on: parents, at: time, modelKind: "weigh", body: act.body)
  }

  private mutating func write(
    _ kind: String, value: String, tier: Tier, on parents: [FoldInput], at time: Int
  ) throws {
    var body: [String: CanonicalValue] = [:]
    var ours = kind
    if kind.hasPrefix("set:") {
      ours = "set"
      body = ["field": .text(String(kind.dropFirst(4))), "value": .text(value)]
    } else if parents.isEmpty {
      body = ["rules": .bytes(rules.bytes)]
    }
    try write(
      ours, value: value, tier: tier, on: parents, at: time, modelKind: kind, body: .map(body))
  }

  private mutating func write(
    _ kind: String, value: String, tier: Tier, on parents: [FoldInput], at time: Int,
    modelKind: String, body: CanonicalValue
  ) throws {
    let draft = EventDraft(
      entity: inputs.first?.event.entity, kind: kind, parents: parents.map(\.event.hash),
      audience: [], salt: numbers.bytes(16), body: body.encoded)
    let event = try Event(
      bytes: draft.encoded, stampHash: Hash(of: numbers.bytes(8)), milliseconds: 0)
    inputs.append(
      FoldInput(
        event: event, time: HybridTime(rawValue: UInt64(time)), tier: tier, role: "officer",
        region: region))
    events.append(
      ModelEvent(
        hash: event.hash.description, kind: modelKind, parents: event.parents.map(\.description),
        tier: tier.name, time: time, value: value))
  }

  private mutating func loseSome() {
    var kept: [Int] = [0]
    for index in inputs.indices.dropFirst()
    where !Int.random(in: 0..<6, using: &numbers).isMultiple(of: 6) {
      kept.append(index)
    }
    (inputs, events) = (kept.map { inputs[$0] }, kept.map { events[$0] })
  }
}
