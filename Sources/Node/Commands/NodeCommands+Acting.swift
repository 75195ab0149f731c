import Casework
import Ledger
import Regions
import Store

/// What an act wrote.
package struct ActAnswer: Codable, Hashable, Sendable {
  /// The entity's id.
  package let id: String
  /// A lead's number.
  package let number: String?
  /// The event's kind.
  package let kind: String
  /// The commit's hash.
  package let commit: String
  /// The commit's place in this node's chain.
  package let seq: UInt64
  /// The stage after the act; absent for an entity without one.
  package let stage: String?
  /// The stage's name in the language of the request.
  package let stageName: String?
  /// What the same commit wrote on the entity besides, in order; absent where that is nothing.
  package let also: [FurtherAct]?
}

/// An act that was written along with the one that a person asked for.
package struct FurtherAct: Codable, Hashable, Sendable {
  package let kind: String
  /// The kind's name in the language of the request.
  package let name: String
}

extension NodeCommands {
  /// Writes one act on an entity: permission, draft and commit in one transaction.
  ///
  /// - Parameters:
  ///   - audience: regions to add.
  /// - Throws: `CommandError` of exit 77 with the refusal's reason and cure.
  func perform(
    _ act: Act, on id: EntityID, by person: ActingPerson, lane: Lane, audience: [RegionID] = []
  ) async throws -> ActAnswer {
    try await core.writer.write { [self] transaction in
      let commit = try write(
        act, on: id, by: person, lane: lane, audience: audience, in: transaction)
      let after = try transaction.entity(id)?.state
      return answer(of: commit, kind: act.kind, id: id, state: after)
    }
  }

  /// Writes one act on an entity in a commit of its own, within a transaction, and along with it what
  /// must follow from it: see `consequence(of:on:by:)` and `itemDrafts(along:on:_:by:in:)`.
  ///
  /// - Throws: as ``perform(_:on:by:lane:audience:)``.
  func write(
    _ act: Act, on id: EntityID, by person: ActingPerson, lane: Lane, audience: [RegionID] = [],
    in transaction: StoreTransaction
  ) throws -> Commit {
    let entity = try heldEntity(id, in: transaction)
    let state = try actableState(of: entity)
    let folder = transaction.rules
    try permit(folder.refusal(of: act.kind, on: state, by: actor(person)))
    try permit(folder.refusal(of: act.kind, saying: act.body, on: state))
    let following = try consequence(of: act, on: state, by: person)
    let items = try itemDrafts(along: act, on: entity, state, by: person, in: transaction)
    return try transaction.author(actor: person.account, role: person.role, lane: lane) { draft in
      draft.add(
        act.draft(entity: id, heads: entity.heads, salt: core.salt(), audience: audience))
      if let following, let last = draft.lastHash {
        draft.add(following.draft(entity: id, heads: [last], salt: core.salt()))
      }
      for item in items { draft.add(item) }
    }
  }

  /// An entity as it stands within a transaction.
  ///
  /// - Throws: `CommandError` where nothing of it is held.
  func heldEntity(_ id: EntityID, in transaction: StoreTransaction) throws -> StoredEntity {
    guard let entity = try transaction.entity(id) else {
      throw CommandError(.notFound, .badData, zh: "本节点没有 \(id)", en: "this node holds no \(id)")
    }
    return entity
  }

  func actor(_ person: ActingPerson) -> Actor {
    Actor(tier: core.tier, role: person.role, region: core.region, account: person.account)
  }

  /// - Throws: `CommandError` of exit 77 with the refusal's reason and cure, if there is one.
  func permit(_ refusal: Refusal?) throws {
    if let refusal { throw CommandError.refused(refusal) }
  }

  func answer(of commit: Commit, kind: String, id: EntityID, state: EntityState?) -> ActAnswer {
    let stage = state?.stage?.stage
    let further = commit.events.map(\.event).filter { $0.entity == id }.dropFirst().map {
      FurtherAct(kind: $0.kind, name: kindName($0.kind, state))
    }
    return ActAnswer(
      id: id.description, number: state.flatMap { Lead($0) }?.number, kind: kind,
      commit: commit.hash.description, seq: commit.stamp.sequence, stage: stage,
      stageName: state.flatMap { stageName($0) }, also: further.isEmpty ? nil : further)
  }

  /// The name of an entity's stage in the language of the request.
  func stageName(_ state: EntityState) -> String? {
    state.stage.map { stageName($0.stage, state) }
  }

  /// The name of a stage of the entity's process; its key where that is not here.
  func stageName(_ key: String, _ state: EntityState?) -> String {
    let stage = state.flatMap {
      core.store.rules.library[$0.rules]?.family(named: $0.family)?.stage(key)
    }
    return stage.map { language == .zh ? $0.chinese : $0.english } ?? key
  }

  /// The name of a kind of event in the language of the request.
  func kindName(_ kind: String, _ state: EntityState?) -> String {
    let rule = state.flatMap { core.store.rules.library[$0.rules]?.rule(for: kind)?.rule }
    guard let names = rule.map({ ($0.chinese, $0.english) }) ?? Process.builtInKinds[kind] else {
      return kind
    }
    return language == .zh ? names.0 : names.1
  }
}

extension CommandError {
  /// An act that the process, the actor's place or the course of things forbids.
  static func refused(_ refusal: Refusal) -> CommandError {
    let code: Code =
      switch refusal.code {
      case .conflictGone: .conflictGone
      case .conflictDecided: .conflictDecided
      default: .notPermitted
      }
    return CommandError(
      code, .refused, zh: refusal.chinese, en: "\(refusal.english) (\(refusal.code.word))")
  }
}
