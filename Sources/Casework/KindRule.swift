package import Ledger
package import Regions

/// What a kind of event does and who may write it.
package struct KindRule: Hashable, Sendable {
  package let kind: String
  package let chinese: String
  package let english: String
  package let effect: Effect
  package let actors: Actors
  /// What the body must or may hold. An event whose body falls short of it is not understood.
  package let demands: [Demand]
  /// The stages at which a field may be set or a fact added; none means any. The acting node refuses
  /// others; the fold does not ask, for facts always stand.
  package let stages: [String]
  /// What an event of the kind does to the clocks of its entity.
  package let clock: ClockEffect?
  /// The act to be done in its place, once this one was done since the founding (只办一次); `nil` where
  /// it may be done again. For moves alone.
  package let successor: String?

  package init(
    _ kind: String, _ chinese: String, _ english: String, _ effect: Effect,
    by actors: Actors = .anyone, demands: [Demand] = [], stages: [String] = [],
    clock: ClockEffect? = nil, successor: String? = nil
  ) {
    self.kind = kind
    self.chinese = chinese
    self.english = english
    self.effect = effect
    self.actors = actors
    self.demands = demands
    self.stages = stages
    self.clock = clock
    self.successor = successor
  }

  /// The stages at which the act may be done: those that a move leads from, else ``stages``. None means
  /// any.
  package var permittedStages: [String] {
    if case .move(let from, _, _) = effect { from } else { stages }
  }

  /// Whether the act was done since the founding and may not be done again, by the stage slot's value.
  package func isSpent(at stage: StageValue?) -> Bool {
    successor != nil && stage?.spent.contains(kind) == true
  }

  /// The first demand that a body does not meet.
  package func unmet(by body: CanonicalValue) -> Demand? { demands.first { !$0.isMet(by: body) } }
}

/// What an act does to the clocks of its entity (时限). Clocks are read, never folded.
package enum ClockEffect: String, CaseIterable, Sendable {
  /// Stops them (中止) until an event resumes them.
  case suspends
  /// Lets them run again (恢复).
  case resumes
  /// Moves the deadline of the stage on by the number of calendar days under `days` (延期).
  case extends

  /// The entry of the body that says by how many calendar days.
  package static let days = "days"
}

/// The effect of an event that is allowed.
package enum Effect: Hashable, Sendable {
  /// Founds the entity, in the family's first stage.
  case found(Handover)
  /// Moves it to another stage, from one of those named.
  case move(from: [String], to: String, Handover)
  /// Sets the field that the body names: `{field, value}`.
  case field
  /// Sets a slot of its own, whose value is the whole body.
  case whole(slot: String)
  /// Adds a fact, which always stands. One concurrent with a close calls for a review.
  case fact
  /// Adds a note that always stands and calls for no review, such as a warning.
  case note
}

/// Who handles the entity after an event of the stage slot.
package enum Handover: String, CaseIterable, Sendable {
  /// As before.
  case keeps
  /// The regions that the body names under `to`, the lead unit (主办) first.
  case named
  /// The region that handed it over last.
  case giver
  /// The region that acts.
  case actor
  /// As before, but due when the body says under `due`; without it nothing is ordered.
  case ordered
}

/// Who may do something. Every condition must hold.
package struct Actors: Hashable, Sendable {
  /// A relation of the acting region to the entity, by the state of the event's own ancestors.
  package enum Place: String, CaseIterable, Sendable {
    case handler, giver, founder
  }

  /// Ascending.
  package let tiers: [Tier]
  /// Role words in ascending order; `*` stands for every role.
  package let roles: [String]
  /// Any one of them suffices; none means that the place does not matter.
  package let places: [Place]
  /// Whether it must be another person than the one who brought the entity into its stage: the rule
  /// of two (双人审批). It needs a stage that keeps its actor.
  package let isAnother: Bool
  /// The act whose request this answers, and who stands above those who asked; `nil` for an act that
  /// answers none. The city stands above every case, so the places do not bind it here.
  package let above: Above?

  package init(
    tiers: [Tier] = Tier.allCases, roles: [String] = ["*"], places: [Place] = [],
    isAnother: Bool = false, above: Above? = nil
  ) {
    self.tiers = Set(tiers).sorted()
    self.roles = Set(roles).sorted(by: bytesAscend)
    self.places = Set(places).sorted { $0.rawValue < $1.rawValue }
    self.isAnother = isAnother
    self.above = above
  }

  package static let anyone = Actors()

  /// Whether the role is among those named.
  package func admits(role: String) -> Bool { roles.contains("*") || roles.contains(role) }
}
