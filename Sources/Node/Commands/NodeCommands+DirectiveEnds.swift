import Casework
import Ledger
import Regions
import Store

extension NodeCommands {
  /// Takes a directive back (指令撤销), and ends the receipt lines that are under way with it.
  package func cancelDirective(
    _ arguments: DirectiveActArguments, by person: ActingPerson
  ) async throws -> ActAnswer {
    let reason = try required(arguments.text, field: "--reason")
    let id = try core.store.read { try directive(arguments.directive, in: $0).id }
    return try await core.writer.write { [self] transaction in
      let act = Act.cancelDirective(reason: reason)
      let commit = try write(act, on: id, by: person, lane: .urgent, in: transaction)
      _ = try endLines(of: id, by: .cancelReceipt(), person, in: transaction)
      return try answer(of: commit, kind: act.kind, id: id, in: transaction)
    }
  }

  /// Puts another directive of this office in the place of one (指令替代), and ends the receipt lines
  /// that are under way with it.
  ///
  /// - Throws: `CommandError` of exit 65 where the other one is the same or not this office's, of exit
  ///   77 where the process forbids it.
  package func supersedeDirective(
    _ arguments: DirectiveActArguments, by person: ActingPerson
  ) async throws -> ActAnswer {
    let named = try required(arguments.successor, field: "--by")
    let reason = arguments.text.flatMap { Self.trimmed($0) }
    let (former, successor) = try core.store.read { reader in
      let successor = try directive(named, in: reader)
      let former = try directive(arguments.directive, in: reader).id
      guard successor.id != former,
        try foldedState(of: successor).founding.region == core.region
      else {
        throw CommandError.field(
          "--by", zh: "应为本单位下发的另一件指令", en: "must be another directive of this office")
      }
      return (former, successor.id)
    }
    return try await core.writer.write { [self] transaction in
      let commits = try supersede(former, by: successor, reason, person, in: transaction)
      return try answer(
        of: commits[0], kind: Act.supersedeDirective(by: successor).kind, id: former,
        in: transaction)
    }
  }

  /// - Returns: the commits, the directive's own first.
  func supersede(
    _ former: EntityID, by successor: EntityID, _ reason: String?, _ person: ActingPerson,
    in transaction: StoreTransaction
  ) throws -> [Commit] {
    let act = Act.supersedeDirective(by: successor, reason: reason)
    let first = try write(act, on: former, by: person, lane: .urgent, in: transaction)
    return try [first]
      + endLines(
        of: former, by: .supersedeReceipt(by: successor), person, in: transaction)
  }

  /// Ends the issuer's lines of a directive at which its process allows it; what a recipient declared
  /// done stays as it is.
  private func endLines(
    of directive: EntityID, by act: Act, _ person: ActingPerson, in transaction: StoreTransaction
  ) throws -> [Commit] {
    var open: [StoredEntity] = []
    for line in try transaction.reader.receiptLines(of: directive) {
      guard let state = line.state, state.founding.region == core.region,
        transaction.rules.refusal(of: act.kind, on: state, by: actor(person)) == nil
      else { continue }
      open.append(line)
    }
    var commits: [Commit] = []
    var rest = open[...]
    while !rest.isEmpty {
      let part = rest.prefix(LedgerBounds.commitEvents)
      rest = rest.dropFirst(part.count)
      commits.append(
        try transaction.author(actor: person.account, role: person.role, lane: .urgent) { draft in
          for line in part {
            draft.add(act.draft(entity: line.id, heads: line.heads, salt: core.salt()))
          }
        })
    }
    return commits
  }

  private func answer(
    of commit: Commit, kind: String, id: EntityID, in transaction: StoreTransaction
  ) throws -> ActAnswer {
    answer(of: commit, kind: kind, id: id, state: try transaction.entity(id)?.state)
  }
}
