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
    let time: UInt64
    let body: CanonicalValue?
    let isClosed: Bool
  }

  enum Verdict: Equatable {
    case stage(CanonicalValue, entering: String)
    case rules(Hash)
    case field(String, CanonicalValue)
    case fact
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

  private let items: [Hash: Item]
  private let processes: [Hash: Process]
  private let unknownKinds: Set<String>
  /// Parents that the city declared lost and that are not here with their ancestors: they count as
  /// not named.
  private let lost: Set<Hash>
  private var ancestors: [Hash: Set<Hash>] = [:]
  private var ties: [Hash: UInt64] = [:]
  private var verdicts: [Hash: Verdict] = [:]
  private var order: [Hash] = []
  private var founder: Item?
  private var family: Family?

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

  private static func lost(in body: CanonicalValue?) -> [Hash]? {
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

  private func isAncestor(_ a: Hash, _ b: Hash) -> Bool { ancestors[b]?.contains(a) ?? false }

  private func areConcurrent(_ a: Hash, _ b: Hash) -> Bool {
    a != b && !isAncestor(a, b) && !isAncestor(b, a)
  }

  // MARK: One event.

  private func verdict(on item: Item, pinned: Hash) -> Verdict {
    guard let founder else { return .waits }
    let above = ancestors[item.hash] ?? []
    if above.contains(where: { verdicts[$0] == .waits }) { return .waits }
    if item.hash == founder.hash { return founding(item, pinned) }
    guard above.contains(founder.hash) else {
      return .fails(item.isClosed ? "origin_closed" : "not_allowed", isUnknown: false)
    }
    if item.isClosed { return .fails("origin_closed", isUnknown: false) }
    if item.isFounding { return .fails("not_allowed", isUnknown: false) }
    if item.kind == "parent.lost", !unknownKinds.contains(item.kind) {
      guard item.tier == .city else { return .fails("not_authorised", isUnknown: false) }
      return Self.lost(in: item.body) == nil
        ? .fails("not_understood", isUnknown: false) : .declares
    }
    let before = settle(above, pinned: pinned, slotsOnly: true)
    guard let process = processes[before.rules] else {
      return before.rules == .zero ? .fails("not_understood", isUnknown: true) : .waits
    }
    if unknownKinds.contains(item.kind) { return .fails("not_understood", isUnknown: true) }
    if item.kind == "conflict.decided" {
      return decision(item, before.slots["stage"]?.value, settle(above, pinned: pinned))
    }
    if item.kind == "rules.moved" {
      guard admits(process.movers, item, before.slots["stage"]?.value) else {
        return .fails("not_authorised", isUnknown: false)
      }
      guard let rules = item.body?["rules"]?.bytes.flatMap({ Hash($0) }) else {
        return .fails("not_understood", isUnknown: false)
      }
      return processes[rules] == nil ? .waits : .rules(rules)
    }
    for candidate in process.families {
      for rule in candidate.kinds where rule.kind == item.kind {
        guard candidate.name == family?.name else { return .fails("not_allowed", isUnknown: false) }
        return apply(rule, candidate, item, before.slots["stage"]?.value)
      }
    }
    return .fails("not_understood", isUnknown: true)
  }

  /// A decision is allowed if just this pair is a conflict among its ancestors that none of them
  /// decided.
  private func decision(
    _ item: Item, _ stage: CanonicalValue?, _ before: Result
  ) -> Verdict {
    let anyPlace = Actors(places: [.handler, .giver, .founder])
    guard item.tier == .city || admits(anyPlace, item, stage) else {
      return .fails("not_authorised", isUnknown: false)
    }
    guard let slot = item.body?["slot"]?.text, let verdict = item.body?["verdict"]?.text,
      ["confirmed", "redone"].contains(verdict),
      let winner = item.body?["winner"]?.bytes.flatMap({ Hash($0) }),
      let loser = item.body?["loser"]?.bytes.flatMap({ Hash($0) })
    else { return .fails("not_understood", isUnknown: false) }
    let pair = Pair(slot: slot, winner: winner, loser: loser)
    guard let decided = before.conflicts[pair] else {
      return .fails("not_allowed", isUnknown: false)
    }
    return decided.isEmpty ? .decides(pair, verdict) : .fails("already_decided", isUnknown: false)
  }

  private func founding(_ item: Item, _ pinned: Hash) -> Verdict {
    guard !unknownKinds.contains(item.kind), let family,
      let rule = family.kinds.first(where: { $0.kind == item.kind })
    else {
      return .fails(item.isClosed ? "origin_closed" : "not_understood", isUnknown: true)
    }
    if item.isClosed { return .fails("origin_closed", isUnknown: false) }
    guard admits(rule.actors, item, nil) else { return .fails("not_authorised", isUnknown: false) }
    guard case .found(let handover) = rule.effect,
      let value = stage(family.stages[0].key, handover, item, before: nil)
    else { return .fails("not_understood", isUnknown: false) }
    return .stage(value, entering: family.stages[0].key)
  }

  private func apply(
    _ rule: KindRule, _ family: Family, _ item: Item, _ stage: CanonicalValue?
  ) -> Verdict {
    guard admits(rule.actors, item, stage) else {
      return .fails("not_authorised", isUnknown: false)
    }
    let malformed = Verdict.fails("not_understood", isUnknown: false)
    switch rule.effect {
    case .found: return .fails("not_allowed", isUnknown: false)
    case .fact: return .fact
    case .whole(let slot): return item.body.map { .field(slot, $0) } ?? malformed
    case .field:
      guard let name = item.body?["field"]?.text, let value = item.body?["value"],
        let field = family.fields.first(where: { $0.name == name }), field.accepts(value)
      else { return malformed }
      return .field(name, value)
    case .move(let from, let to, let handover):
      guard let stage, let key = stage["stage"]?.text, from.contains(key) else {
        return .fails("not_allowed", isUnknown: false)
      }
      return self.stage(to, handover, item, before: stage).map { .stage($0, entering: to) }
        ?? malformed
    }
  }

  private func admits(_ actors: Actors, _ item: Item, _ stage: CanonicalValue?) -> Bool {
    guard actors.tiers.contains(item.tier),
      actors.roles.contains("*") || actors.roles.contains(item.role)
    else { return false }
    if actors.places.isEmpty { return true }
    let name = CanonicalValue.text(item.region.rawValue)
    return actors.places.contains { place in
      switch place {
      case .handler: stage?["handler"]?.array?.contains(name) ?? false
      case .giver: stage?["giver"] == name
      case .founder: item.region == founder?.region
      }
    }
  }

  /// The value of the stage slot after a move.
  private func stage(
    _ key: String, _ handover: Handover, _ item: Item, before: CanonicalValue?
  ) -> CanonicalValue? {
    var entries: [String: CanonicalValue] = ["stage": .text(key)]
    let here = CanonicalValue.text(item.region.rawValue)
    switch (handover, before) {
    case (.named, _):
      guard let named = item.body?["to"]?.array, !named.isEmpty,
        named.allSatisfy({ $0.text.flatMap { RegionID($0) } != nil })
      else { return nil }
      if let department = item.body?["department"] {
        guard department.text != nil else { return nil }
        entries["department"] = department
      }
      if let due = item.body?["due"] {
        guard due.integer != nil else { return nil }
        entries["due"] = due
      }
      entries["handler"] = .array(named)
      entries["giver"] = here
    case (.keeps, let before?):
      for name in ["handler", "giver", "department", "due"] { entries[name] = before[name] }
    case (.giver, let before?):
      entries["handler"] = before["giver"].map { .array([$0]) }
      entries["giver"] = here
    case (.actor, _), (_, nil):
      entries["handler"] = .array([here])
      entries["giver"] = here
    }
    return .map(entries)
  }

  // MARK: A set of events.

  private func precedes(_ a: Hash, _ b: Hash) -> Bool {
    func rank(_ hash: Hash) -> Int {
      guard let item = items[hash] else { return 4 }
      if family?.founderRanksFirst == true, item.region == founder?.region { return 0 }
      return Int(item.tier.rawValue) + 1
    }
    let (x, y) = (rank(a), rank(b))
    if x != y { return x < y }
    let (s, t) = (ties[a] ?? 0, ties[b] ?? 0)
    return s != t ? s < t : a < b
  }

  private func settle(_ hashes: Set<Hash>, pinned: Hash, slotsOnly: Bool = false) -> Result {
    var result = Result(rules: pinned)
    var candidates: [String: [Hash]] = [:]
    var decisions: [Pair: [Hash]] = [:]
    for hash in hashes {
      switch verdicts[hash] {
      case .stage: candidates["stage", default: []].append(hash)
      case .rules: candidates["rules", default: []].append(hash)
      case .field(let slot, _): candidates[slot, default: []].append(hash)
      case .decides(let pair, _): decisions[pair, default: []].append(hash)
      case .fact: result.facts[items[hash]?.kind ?? "", default: 0] += 1
      case .fails(let reason, let isUnknown):
        result.ineffective[hash] = reason
        if isUnknown { result.isPartlyUnderstood = true }
      case .declares, .waits, nil: break
      }
    }
    for (slot, hashes) in candidates where !slotsOnly || slot == "stage" || slot == "rules" {
      var standing: [Hash] = []
      for hash in hashes.sorted(by: precedes) {
        if let rival = standing.first(where: { areConcurrent($0, hash) }) {
          result.ineffective[hash] = "superseded"
          result.conflicts[Pair(slot: slot, winner: rival, loser: hash)] = ""
        } else {
          standing.append(hash)
        }
      }
      let last = standing.max { a, b in
        let (x, y) = (ancestors[a]?.count ?? 0, ancestors[b]?.count ?? 0)
        return x != y ? x < y : a < b
      }
      guard let last else { continue }
      switch verdicts[last] {
      case .stage(let value, _), .field(_, let value):
        result.slots[slot] = Slot(event: last, value: value)
      case .rules(let rules): result.rules = rules
      default: break
      }
    }
    for (pair, hashes) in decisions where !slotsOnly {
      let inOrder = hashes.sorted(by: precedes)
      for late in inOrder.dropFirst() { result.ineffective[late] = "already_decided" }
      if result.conflicts[pair] != nil, case .decides(_, let verdict) = verdicts[inOrder[0]] {
        result.conflicts[pair] = Self.decision(inOrder[0], verdict)
      }
    }
    guard !slotsOnly, let close = result.slots["stage"]?.event,
      case .stage(_, let key) = verdicts[close]
    else { return result }
    let rules = settle(ancestors[close] ?? [], pinned: pinned, slotsOnly: true).rules
    let stage = processes[rules]?.families.first { $0.name == family?.name }?.stage(key)
    result.needsReview =
      stage?.isClosing == true
      && hashes.contains { verdicts[$0] == .fact && areConcurrent(close, $0) }
    return result
  }
}

extension KindRule {
  fileprivate var isFounding: Bool { if case .found = effect { true } else { false } }
}
