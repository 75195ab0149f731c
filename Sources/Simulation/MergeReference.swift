import Casework
import Ledger
import Regions

/// The merge as the design's sentences say it: every event is judged by the fold of its own
/// ancestors, computed from nothing. Slow, and it shares no code with the fold that it checks; of
/// Casework it reads the process alone, which is data.
struct MergeReference {
  struct Item {
    let hash: Hash
    let kind: String
    let parents: [Hash]
    let isFounding: Bool
    let tier: Tier
    let role: String
    let region: RegionID
    let account: String
    let time: UInt64
    let body: CanonicalValue?
    let isClosed: Bool
  }

  enum Verdict: Equatable {
    case stage(CanonicalValue, entering: String)
    case rules(Hash)
    case field(String, CanonicalValue)
    case fact
    case note
    /// Answers what another act asked.
    case answer
    case decides(Pair, String)
    case declares
    case fails(String, isUnknown: Bool)
    case waits
  }

  /// Two rivals of a slot.
  struct Pair: Hashable {
    let slot: String
    let winner: Hash
    let loser: Hash
  }

  struct Slot: Equatable {
    let event: Hash
    let value: CanonicalValue
  }

  /// What a set of events comes to.
  struct Result {
    var slots: [String: Slot] = [:]
    var facts: [String: Int] = [:]
    var ineffective: [Hash: String] = [:]
    /// Who decided, and how; an empty word where nobody has.
    var conflicts: [Pair: String] = [:]
    var needsReview = false
    var isPartlyUnderstood = false
    var rules: Hash
    var heads: Set<Hash> = []
    var waiting: Set<Hash> = []
  }

  let items: [Hash: Item]
  let processes: [Hash: Process]
  let unknownKinds: Set<String>
  /// Parents that the city declared lost and that are not here with their ancestors: they count as
  /// not named.
  let lost: Set<Hash>
  private(set) var ancestors: [Hash: Set<Hash>] = [:]
  private(set) var ties: [Hash: UInt64] = [:]
  private(set) var verdicts: [Hash: Verdict] = [:]
  private(set) var order: [Hash] = []
  private(set) var founder: Item?
  /// What the fold came to.
  private(set) var settled: Result?
  private(set) var family: Family?

  /// - Parameter unknownKinds: what the program whose fold is checked does not know.
  init(_ items: [Item], processes: [Process], unknownKinds: Set<String>) {
    self.unknownKinds = unknownKinds
    let declarations = items.filter {
      $0.kind == "parent.lost" && $0.tier == .city && !$0.isClosed
        && !unknownKinds.contains($0.kind)
    }
    let declared = Set(declarations.flatMap { Self.lost(in: $0.body) ?? [] })
    lost = items.contains(where: \.isFounding) ? Self.unplaced(declared, items) : []
    self.items = Dictionary(items.map { ($0.hash, $0) }, uniquingKeysWith: { first, _ in first })
    self.processes = Dictionary(
      processes.map { ($0.hash, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Those of the declared hashes of which no round over the events finds all parents placed or
  /// declared.
  private static func unplaced(_ declared: Set<Hash>, _ items: [Item]) -> Set<Hash> {
    var placed: Set<Hash> = []
    var before = -1
    while placed.count > before {
      before = placed.count
      for item in items
      where item.parents.allSatisfy({ placed.contains($0) || declared.contains($0) }) {
        placed.insert(item.hash)
      }
    }
    return declared.subtracting(placed)
  }

  static func lost(in body: CanonicalValue?) -> [Hash]? {
    guard let named = body?["lost"]?.array, (1...32).contains(named.count) else { return nil }
    let hashes = named.compactMap { $0.bytes.flatMap { Hash($0) } }
    return hashes.count == named.count ? hashes : nil
  }

  /// How a decision is written down for comparison.
  static func decision(_ event: Hash, _ verdict: String) -> String { "\(verdict) \(event.short)" }

  /// - Returns: `nil` while nothing can be folded.
  mutating func fold() -> Result? {
    layOut()
    founder = items.values.filter(\.isFounding).min { $0.hash < $1.hash }
    guard let founder else { return nil }
    let pinned = founder.body?["rules"]?.bytes.flatMap { Hash($0) } ?? .zero
    if pinned != .zero, processes[pinned] == nil { return nil }
    family = processes[pinned]?.families.first { family in
      family.kinds.contains { $0.kind == founder.kind && $0.isFounding }
    }
    for hash in order { verdicts[hash] = items[hash].map { verdict(on: $0, pinned: pinned) } }
    let folded = Set(order.filter { verdicts[$0] != .waits })
    var result = settle(folded, pinned: pinned)
    result.waiting = Set(items.keys).subtracting(folded)
    let named = folded.reduce(into: Set<Hash>()) { $0.formUnion(items[$1]?.parents ?? []) }
    result.heads = folded.subtracting(named)
    settled = result
    return result
  }

  /// Ancestors and tie times, parents first; what lacks an ancestor is left out.
  private mutating func layOut() {
    var rest = items.values.sorted { $0.hash < $1.hash }
    var hasMoved = true
    while hasMoved {
      hasMoved = false
      var later: [Item] = []
      for item in rest {
        guard item.parents.allSatisfy({ ancestors[$0] != nil || lost.contains($0) }) else {
          later.append(item)
          continue
        }
        ancestors[item.hash] = item.parents.filter { !lost.contains($0) }
          .reduce(into: Set<Hash>()) {
            $0.formUnion(ancestors[$1] ?? [])
            $0.insert($1)
          }
        ties[item.hash] = item.parents.reduce(item.time) { max($0, ties[$1] ?? 0) }
        order.append(item.hash)
        hasMoved = true
      }
      rest = later
    }
  }

  func isAncestor(_ a: Hash, _ b: Hash) -> Bool { ancestors[b]?.contains(a) ?? false }

  func areConcurrent(_ a: Hash, _ b: Hash) -> Bool {
    a != b && !isAncestor(a, b) && !isAncestor(b, a)
  }
}

extension KindRule {
  var isFounding: Bool { if case .found = effect { true } else { false } }
}
