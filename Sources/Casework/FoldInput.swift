package import Ledger
package import Regions

/// What the fold needs to know of one held event: itself, and of its commit's stamp the parts that
/// bear on state.
package struct FoldInput: Hashable, Sendable {
  package let event: Event
  package let time: HybridTime
  package let tier: Tier
  package let role: String
  /// The region whose node wrote the event.
  package let region: RegionID
  /// The account that acted, for the rule of two.
  package let account: String
  /// Whether a closure by the hub leaves the event outside its origin's good history.
  package let isOriginClosed: Bool

  package init(
    event: Event, time: HybridTime, tier: Tier, role: String, region: RegionID,
    account: String = "", isOriginClosed: Bool = false
  ) {
    self.event = event
    self.time = time
    self.tier = tier
    self.role = role
    self.region = region
    self.account = account
    self.isOriginClosed = isOriginClosed
  }

  /// Takes time, tier, role, region and account from the stamp of the event's commit.
  package init(event: Event, stamp: Stamp, isOriginClosed: Bool = false) {
    self.init(
      event: event, time: stamp.time, tier: stamp.tier, role: stamp.role,
      region: stamp.origin.region, account: stamp.actor, isOriginClosed: isOriginClosed)
  }
}

/// Why an event has no effect. The words are part of the state's bytes and never change.
package enum Reason: String, CaseIterable, Sendable {
  /// A concurrent event of higher order stands in its slot.
  case superseded
  /// The stage that stands among its ancestors does not permit it.
  case notAllowed = "not_allowed"
  /// The stamped tier, role or region may not do this.
  case notAuthorised = "not_authorised"
  /// A closure excludes it.
  case originClosed = "origin_closed"
  /// The pinned rules know no such kind, or the body is not what the kind demands.
  case notUnderstood = "not_understood"
  /// Another decision on the same conflict counts.
  case alreadyDecided = "already_decided"
}

/// What became of a folded event.
package enum Outcome: Hashable, Sendable {
  case effective
  case ineffective(Reason)
}

/// Something that must arrive before an event can be folded.
package enum Need: Hashable, Sendable, Comparable {
  /// An event of the same entity.
  case event(Hash)
  /// A rules file.
  case rules(Hash)

  package static func < (a: Need, b: Need) -> Bool {
    switch (a, b) {
    case (.event(let x), .event(let y)), (.rules(let x), .rules(let y)): x < y
    case (.event, .rules): true
    case (.rules, .event): false
    }
  }
}

/// A held event that is not folded yet.
package struct Waiting: Hashable, Sendable {
  package let event: Hash
  /// What it waits for itself: parents that are missing or wait as well, or a rules file. Ascending.
  package let needs: [Need]
}

/// What a fold found.
package struct FoldResult: Sendable {
  /// The state; `nil` while the founding event is missing or waits. Where `isTangled`, that of the
  /// founding event.
  package let state: EntityState?
  /// What became of each folded event.
  package let outcomes: [Hash: Outcome]
  /// By which rule each superseded event lost, by its hash.
  package let mergeRules: [Hash: MergeRule]
  /// The folded events that no folded event names as a parent, ascending.
  package let heads: [Hash]
  /// The held events that are not folded, by ascending hash. Local: never part of the state.
  package let waiting: [Waiting]
  /// What is not here and would let waiting events fold, ascending.
  package let missing: [Need]
  /// Whether the graph exceeds `FoldBounds.ancestorBits`, so that nothing but the founding event was
  /// folded.
  package let isTangled: Bool

  /// The same of the founding event of an entity that is beyond the bound.
  var beyondBound: FoldResult {
    FoldResult(
      state: state, outcomes: outcomes, mergeRules: mergeRules, heads: heads, waiting: waiting,
      missing: missing, isTangled: true)
  }
}

/// What stands after one folded event, by the event and its ancestors alone: what its author brought
/// about, whatever others did meanwhile.
package struct FoldStep: Hashable, Sendable {
  /// The stage's key; `nil` where none stands.
  package let stage: String?
  /// Whether the event itself gave the stage, so that the stage's clock begins with it.
  package let entersStage: Bool
}

/// The fold's limits.
package enum FoldBounds {
  /// The most bits of ancestor sets, runs of the graph times events: 8 MiB. No honest entity comes
  /// near it: a straight history has one run, and 8,192 events that all branch still pass.
  package static let ancestorBits = 1 << 26
}
