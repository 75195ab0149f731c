package import Ledger

/// Two concurrent events of one slot, of which one stands provisionally.
package struct Conflict: Hashable, Sendable, Comparable {
  package let slot: String
  /// The event that stands.
  package let winner: Hash
  /// The event that is superseded.
  package let loser: Hash
  /// What a person decided; `nil` while the conflict is open.
  package internal(set) var decision: Decision?

  package init(slot: String, winner: Hash, loser: Hash, decision: Decision? = nil) {
    self.slot = slot
    self.winner = winner
    self.loser = loser
    self.decision = decision
  }

  /// Whether the other names the same two events in the same slot, decided or not.
  package func isSamePair(as other: Conflict) -> Bool {
    loser == other.loser && winner == other.winner && slot == other.slot
  }

  /// By slot, then loser, then winner.
  package static func < (a: Conflict, b: Conflict) -> Bool {
    if a.slot != b.slot { return bytesAscend(a.slot, b.slot) }
    return a.loser != b.loser ? a.loser < b.loser : a.winner < b.winner
  }
}

/// A person's decision on a conflict.
package struct Decision: Hashable, Sendable {
  /// What a decision says. The words are part of bodies and of the state's bytes and never change.
  package enum Verdict: String, CaseIterable, Sendable {
    /// The provisional winner stays.
    case confirmed
    /// The losing change is issued anew on top.
    case redone
  }

  /// The event that decided.
  package let event: Hash
  package let verdict: Verdict

  package init(event: Hash, verdict: Verdict) {
    self.event = event
    self.verdict = verdict
  }
}

/// How two events stand to each other among an event's ancestors.
enum PairStanding {
  /// They are no conflict.
  case none
  /// They are a conflict that no ancestor decided.
  case open
  case decided
}
