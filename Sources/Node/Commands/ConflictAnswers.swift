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
  /// The entries of the two bodies that differ, by name.
  package let differences: [ConflictDifference]
  /// What decided between the two: `founder`, `rank`, `time` or `hash`.
  package let rule: String?
  /// The office that is to decide: the lead unit, else the founding region.
  package let owner: String
  package let open: Bool
  package let decision: DecisionAnswer?
  /// RFC 3339: this copy is frozen as of then, so that nothing decided elsewhere comes here; absent for a
  /// living one.
  package let frozenSince: String?
}

/// An entry of which the two versions of a conflict say different things.
package struct ConflictDifference: Codable, Hashable, Sendable {
  package let entry: String
  /// What each says; absent where it says nothing that people may read.
  package let winner: String?
  package let loser: String?

  /// - Returns: by name; without those of which neither may be read.
  fileprivate static func all(_ winner: Event, _ loser: Event) -> [ConflictDifference] {
    let bodies = [winner, loser].map { try? CanonicalValue(decoding: $0.body) }
    let names = Set(bodies.flatMap { $0?.entryNames ?? [] }).sorted()
    return names.compactMap { name in
      let values = bodies.map { $0?[name] }
      guard values[0] != values[1] else { return nil }
      let words = values.map { $0.flatMap { NodeCommands.words(for: $0) } }
      guard words[0] != nil || words[1] != nil else { return nil }
      return ConflictDifference(entry: name, winner: words[0], loser: words[1])
    }
  }
}

extension CanonicalValue {
  fileprivate var entryNames: [String] {
    guard case .map(let entries) = self else { return [] }
    return Array(entries.keys)
  }
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
    var frozen = try FrozenCopies(at: core.region, reader)
    let frozenSince = frozen.since(entity.audience)
    var entries: [Hash: TimelineEntry] = [:]
    for entry in timeline { entries[entry.event.hash] = entry }
    func line(_ entry: TimelineEntry) -> TimelineLine { lines(of: [entry], state)[0] }
    return conflicts.compactMap { conflict in
      // A state names only what was folded, and what was folded is held.
      guard let winner = entries[conflict.winner], let loser = entries[conflict.loser] else {
        return nil
      }
      return ConflictAnswer(
        id: ConflictReference.id(of: conflict, on: entity.id), entity: entity.id.description,
        family: state.family, number: Lead(state)?.number, title: state.title,
        slot: conflict.slot, winner: line(winner), loser: line(loser),
        differences: ConflictDifference.all(winner.event, loser.event),
        rule: loser.mergeRule?.rawValue, owner: state.conflictOwner.rawValue,
        open: conflict.decision == nil,
        decision: conflict.decision.flatMap { decision in
          entries[decision.event].map {
            DecisionAnswer(verdict: decision.verdict.rawValue, event: line($0))
          }
        }, frozenSince: frozenSince)
    }
  }
}
