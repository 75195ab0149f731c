package import Casework
package import Ledger
package import Regions

/// The whole story of an entity: its events in the order of ``StoryOrder``, and who knew of them.
package struct Story: Sendable {
  package let entries: [StoryEntry]
  /// The offices that the story asks about, in ascending order: this node, those that wrote or
  /// exchanged an event, and those of the audience that are named.
  package let offices: [RegionID]
  /// How many further regions of the audience were left out, since they are beyond the bound.
  package let officesLeftOut: Int
  /// The conflicts, decided or not.
  package let conflicts: [Conflict]
  /// The parents and rules files that are named and not here.
  package let missing: [Need]

  /// The most offices that a story asks about, unless more of them wrote or exchanged an event.
  package static let mostOffices = 64
}

/// One event of a story.
package struct StoryEntry: Sendable {
  package let entry: TimelineEntry
  /// The neighbour that sent it first; `nil` where this node wrote it.
  package let from: RegionID?
  /// What stands after it, by its ancestors alone; `nil` where it is not folded.
  package let step: FoldStep?
  /// What it does to the clocks of the case, where it has effect.
  package let clock: ClockEffect?
  /// The parents that are not here.
  package let missingParents: [Hash]
  /// The offices that are known to have held it; of others nothing is known.
  package let known: [RegionID: Knowledge]
}

/// That an office held an event, at the latest at that time.
package struct Knowledge: Hashable, Sendable {
  /// What proves it.
  package enum Basis: Hashable, Sendable {
    /// The office wrote the event, or a later one that names it among its ancestors; by the office's
    /// own clock, under its signature.
    case wrote(Hash)
    /// This node accepted it; by this node's clock.
    case accepted
    /// The neighbour sent it here; by this node's clock, unsigned.
    case sent
    /// The neighbour acknowledged our outbox beyond it; by this node's clock, unsigned.
    case acknowledged
  }

  package let sinceMilliseconds: UInt64
  package let basis: Basis

  /// Of two proofs the one of the earlier time; of one time the signed one, then that of the lesser
  /// name.
  static func earlier(_ a: Knowledge, _ b: Knowledge) -> Knowledge {
    if a.sinceMilliseconds != b.sinceMilliseconds {
      return a.sinceMilliseconds < b.sinceMilliseconds ? a : b
    }
    return a.basis.rank <= b.basis.rank ? a : b
  }
}

extension Knowledge.Basis {
  /// In the order of their weight; events by their hashes.
  fileprivate var rank: (Int, Hash) {
    switch self {
    case .wrote(let event): (0, event)
    case .accepted: (1, .zero)
    case .sent: (2, .zero)
    case .acknowledged: (3, .zero)
    }
  }
}
