package import Ledger
package import Regions

/// What an entity's folded events come to. Holders of the same events, rules files and closures have
/// the same bytes of it, whatever the order of arrival; nothing local enters.
package struct EntityState: Hashable, Sendable {
  /// Who founded the entity, and with what.
  package struct Founding: Hashable, Sendable {
    package let event: Hash
    package let kind: String
    package let region: RegionID
    package let tier: Tier
    package let time: HybridTime
    /// The founding event's body as it was written.
    package let body: [UInt8]
  }

  /// A slot's value and the event that gave it.
  package struct Slot: Hashable, Sendable {
    package let value: CanonicalValue
    package let event: Hash
    /// The event's own time.
    package let time: HybridTime
  }

  /// How many events of a sort there are, and the exclusive or of their hashes.
  package struct Tally: Hashable, Sendable {
    package private(set) var count: UInt64 = 0
    package private(set) var digest = Hash.zero

    package init() {}

    init(count: UInt64, digest: Hash) {
      self.count = count
      self.digest = digest
    }

    mutating func add(_ hash: Hash) {
      count += 1
      digest = digest ^ hash
    }
  }

  /// An event without effect.
  package struct Ineffective: Hashable, Sendable {
    package let event: Hash
    package let reason: Reason
  }

  /// The family's name; empty where the pinned rules know no such founding kind.
  package internal(set) var family: String
  /// The rules file that the entity is under; the zero hash where its founding names none.
  package internal(set) var rules: Hash
  package internal(set) var founding: Founding
  /// The slots that have a value, the stage slot among them.
  package private(set) var slots: [String: Slot] = [:]
  /// The value of the stage slot; `nil` where the founding has no effect.
  package private(set) var stage: StageValue?
  /// The facts that stand, by kind.
  package internal(set) var facts: [String: Tally] = [:]
  /// What was asked for, by the act that asks; empty where the rules have nothing answered.
  package internal(set) var requests: [String: Request] = [:]
  /// By ascending hash.
  package internal(set) var ineffective: [Ineffective] = []
  /// By slot, then loser.
  package internal(set) var conflicts: [Conflict] = []
  /// Whether the entity is closed while a fact concurrent with the close awaits a look
  /// ("closed, review needed", 已办结待复核).
  package internal(set) var needsReview = false
  /// Whether an event is of a kind that the pinned rules do not know: facts may be added, other acts
  /// wait for the upgrade.
  package internal(set) var isPartlyUnderstood = false
  /// All folded events.
  package internal(set) var events = Tally()

  init(family: String, rules: Hash, founding: Founding) {
    self.family = family
    self.rules = rules
    self.founding = founding
  }

  /// The value of a slot, if it has one.
  package subscript(slot name: String) -> CanonicalValue? { slots[name]?.value }

  /// How many conflicts nobody has decided.
  package var openConflictCount: Int { conflicts.count { $0.decision == nil } }

  /// How a pair of events stands by all folded events.
  func standing(of pair: Conflict) -> PairStanding {
    guard let conflict = conflicts.first(where: { $0.isSamePair(as: pair) }) else { return .none }
    return conflict.decision == nil ? .open : .decided
  }

  /// How what an act asks stands by all folded events.
  func standing(of act: String, answeredBy kind: String) -> RequestStanding {
    if facts[kind] != nil { return .answered }
    return requests[act].map { .open($0) } ?? .none
  }

  /// Gives a slot its value.
  ///
  /// - Returns: whether the slot had none.
  @discardableResult
  mutating func give(_ name: String, _ slot: Slot) -> Bool {
    // Every event is judged by the stage, so it is read once and kept.
    if name == Process.stageSlot { stage = StageValue(slot.value) }
    return slots.updateValue(slot, forKey: name) == nil
  }

  mutating func note(_ reason: Reason, for event: Hash) {
    var (low, high) = (0, ineffective.count)
    while low < high {
      let middle = (low + high) / 2
      if ineffective[middle].event < event { low = middle + 1 } else { high = middle }
    }
    ineffective.insert(Ineffective(event: event, reason: reason), at: low)
  }
}

extension EntityState.Founding {
  init(_ input: FoldInput) {
    self.init(
      event: input.event.hash, kind: input.event.kind, region: input.region, tier: input.tier,
      time: input.time, body: input.event.body)
  }
}
