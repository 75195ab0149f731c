import Casework
import Ledger
import Regions
import Store

extension NodeCommands {
  /// Confirms the provisional winner of an open conflict.
  ///
  /// - Throws: `CommandError` of exit 65 where several conflicts are meant, of exit 77 where the
  ///   conflict is decided or gone or this office may not decide it.
  package func confirmConflict(
    _ arguments: ConflictDecideArguments, by person: ActingPerson
  ) async throws -> ActAnswer {
    try await decide(arguments, .confirmed, by: person)
  }

  /// Issues the superseded change of an open conflict anew, in one commit with the decision. It names
  /// again the regions that the superseded event named, and takes a lead's items along to them.
  ///
  /// - Throws: as `confirmConflict`; of exit 77 also where the process does not allow the change now, where
  ///   items to rectify are in its way, and for an account, whose changes have commands of their own.
  package func redoConflict(
    _ arguments: ConflictDecideArguments, by person: ActingPerson
  ) async throws -> ActAnswer {
    try await decide(arguments, .redone, by: person)
  }

  private func decide(
    _ arguments: ConflictDecideArguments, _ verdict: Decision.Verdict, by person: ActingPerson
  ) async throws -> ActAnswer {
    let reference = try ConflictReference(arguments.conflict)
    let winner = try arguments.winner.map {
      try ConflictReference.digits($0, field: "--winner")
    }
    let id = try core.store.read { try entity(reference, in: $0).id }
    return try await core.writer.write { [self] transaction in
      let entity = try heldEntity(id, in: transaction)
      let state = try actableState(of: entity)
      let pair = try chosen(
        of: state.conflicts.filter { conflict in
          reference.names(conflict) && (arguments.slot == nil || conflict.slot == arguments.slot)
            && (winner == nil || conflict.winner.description.hasPrefix(winner ?? ""))
        }, on: id)
      let rules = core.store.rules
      let actor = actor(person)
      try permit(rules.refusal(ofDeciding: pair, on: state, by: actor))
      try permitAccount(state, verdict, by: person, in: transaction.reader)
      let salts = (core.salt(), core.salt())
      let decision = Act.decide(pair, verdict)
      var drafts = [decision.draft(entity: id, heads: entity.heads, salt: salts.0)]
      if verdict == .redone {
        guard let event = try transaction.reader.event(pair.loser, of: id) else {
          throw CommandError.refused(.conflictGone)
        }
        let act = Act(kind: event.kind, body: try CanonicalValue(decoding: event.body))
        try permit(rules.refusal(of: act.kind, on: state, by: actor))
        // It was judged where it was written; the rules or what it names may be others by now.
        try permit(rules.refusal(of: act.kind, saying: act.body, on: state))
        try checkIncident(of: act, on: id, in: transaction.reader)
        drafts.append(
          EventDraft(
            again: event, heads: entity.heads, salt: salts.1, audience: event.audience))
        // The items of an order that lost stand already.
        drafts += try itemsFollowing(act, on: entity, state, by: person, in: transaction)
      }
      let commit = try transaction.author(
        actor: person.account, role: person.role, lane: arguments.urgent ? .urgent : .bulk
      ) { commit in
        for draft in drafts { commit.add(draft) }
      }
      let after = try transaction.entity(id)?.state
      try checkDecided(pair, in: after)
      try checkEffective(commit, on: id, in: after)
      return answer(of: commit, kind: decision.kind, id: id, state: after)
    }
  }

  /// Whether the decision counts where it was made; it does not if more heads are open than an event
  /// names parents. The throw undoes it.
  private func checkDecided(_ pair: Conflict, in state: EntityState?) throws {
    let conflict = state?.conflicts.first { $0.isSamePair(as: pair) }
    guard conflict?.decision == nil else { return }
    throw CommandError(
      .notPermitted, .refused,
      zh: "该事项并行的变更过多,决定不能一次涵盖;请先补充一条记录(如办理进展),再作处理",
      en: "more changes stand side by side than one decision can follow; add a fact first, such as "
        + "progress, then decide")
  }

  /// Whether what was written of the entity counts there. The throw undoes it.
  private func checkEffective(
    _ commit: Commit, on id: EntityID, in state: EntityState?
  ) throws {
    let written = Set(commit.events.map(\.event).filter { $0.entity == id }.map(\.hash))
    guard let failed = state?.ineffective.first(where: { written.contains($0.event) }) else {
      return
    }
    throw CommandError(
      .notPermitted, .refused,
      zh: "该变更现在重办不会生效(\(failed.reason.rawValue)),本次未写入任何内容;请维持现有结果,再按现行流程另行办理",
      en:
        "the change would have no effect now (\(failed.reason.rawValue)) and nothing was written: confirm "
        + "what stands, then act by the process in force")
  }

  /// Holds decisions on an account to what its own commands ask: administrators at or above its region
  /// alone confirm, and nobody issues a password or roles of somebody else's anew.
  private func permitAccount(
    _ state: EntityState, _ verdict: Decision.Verdict, by person: ActingPerson,
    in reader: StoreReader
  ) throws {
    guard let account = Account(state) else { return }
    guard verdict == .confirmed else {
      throw CommandError(
        .notPermitted, .refused,
        zh: "账号的变更不在此重办;请维持现有结果,再用 account password、account roles 或 account revoke 办理",
        en:
          "changes of an account are not redone here: confirm what stands, then use account password, "
          + "account roles or account revoke")
    }
    try permitAdministration(person)
    _ = try administered(account.name.description, in: reader)
  }

  /// The most conflicts that an ambiguous name lists.
  private static let listedConflicts = 8

  /// The one open conflict among those that are meant.
  private func chosen(of meant: [Conflict], on entity: EntityID) throws -> Conflict {
    let open = meant.filter { $0.decision == nil }
    guard let first = open.first else {
      throw CommandError.refused(meant.isEmpty ? .conflictGone : .conflictDecided)
    }
    guard open.count == 1 else {
      let listed = open.prefix(Self.listedConflicts).map {
        ConflictReference.id(of: $0, on: entity) + " (\($0.slot))"
      }.joined(separator: ", ")
      throw CommandError(
        .ambiguous, .badData, zh: "该事项有 \(open.count) 处未决冲突,请写明其一:\(listed)",
        en: "there are \(open.count) open conflicts; name one of \(listed)")
    }
    return first
  }
}
