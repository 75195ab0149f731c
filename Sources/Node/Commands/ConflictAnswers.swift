import Casework
import Ledger
import Regions
import Store

/// A conflict as a person decides on it: both versions and what let one of them stand.
package struct ConflictAnswer: Codable, Hashable, Sendable {
  /// The entity's id, a slash and the hash of the superseded event.
  package let id: String
  package let entity: String
  package let family: String
  /// A lead's number.
  package let number: String?
  /// A lead's or directive's title.
  package let title: String?
  package let slot: String
  /// The version that stands, provisionally while the conflict is open.
  package let winner: TimelineLine
  /// The version that is superseded.
  package let loser: TimelineLine
  /// What decided between the two: `founder`, `rank`, `time` or `hash`.
  package let rule: String?
  /// The office that is to decide: the lead unit, else the founding region.
  package let owner: String
  package let open: Bool
  package let decision: DecisionAnswer?
}

/// What was decided on a conflict, and by whom.
package struct DecisionAnswer: Codable, Hashable, Sendable {
  /// `confirmed` or `redone`.
  package let verdict: String
  package let event: TimelineLine
}

extension EntityState {
  /// The office that is to decide on the entity's conflicts.
  var conflictOwner: RegionID { stage?.handler.first ?? founding.region }

  fileprivate var title: String? { Lead(self)?.title ?? Directive(self)?.title }
}

extension NodeCommands {
  /// Describes conflicts of one entity. Cost: one fold.
  func answers(
    on conflicts: [Conflict], of entity: StoredEntity, in reader: StoreReader
  ) throws -> [ConflictAnswer] {
    let state = try foldedState(of: entity)
    let timeline = try reader.timeline(of: entity.id)
    var entries: [Hash: TimelineEntry] = [:]
    for entry in timeline { entries[entry.event.hash] = entry }
    func line(_ event: Hash) -> TimelineLine? {
      entries[event].map { lines(of: [$0], state)[0] }
    }
    return conflicts.compactMap { conflict in
      // A state names only what was folded, and what was folded is held.
      guard let winner = line(conflict.winner), let loser = line(conflict.loser) else { return nil }
      return ConflictAnswer(
        id: ConflictReference.id(of: conflict, on: entity.id), entity: entity.id.description,
        family: state.family, number: Lead(state)?.number, title: state.title,
        slot: conflict.slot, winner: winner, loser: loser,
        rule: entries[conflict.loser]?.mergeRule?.rawValue, owner: state.conflictOwner.rawValue,
        open: conflict.decision == nil,
        decision: conflict.decision.flatMap { decision in
          line(decision.event).map {
            DecisionAnswer(verdict: decision.verdict.rawValue, event: $0)
          }
        })
    }
  }
}
