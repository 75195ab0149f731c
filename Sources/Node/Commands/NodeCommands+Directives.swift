import Casework
import Ledger
import Regions
import Store

extension NodeCommands {
  /// Issues a directive (指令下发) and opens a receipt line for each recipient, the directive first;
  /// beyond a commit's bound the lines go on in further commits of the same transaction.
  ///
  /// - Throws: `CommandError` of exit 65 for a recipient that the tree does not know or that does not
  ///   stand below this node, of exit 77 where this tier may not issue.
  package func issueDirective(
    _ arguments: DirectiveIssueArguments, by person: ActingPerson
  ) async throws -> DirectiveIssueAnswer {
    let places = try places()
    let issue = DirectiveIssue(
      title: try required(arguments.title, field: "--title"), text: arguments.text ?? "",
      dueMilliseconds: try time(arguments.due, field: "--due"))
    try checkMay(issue, person)
    let recipients = try recipients(arguments, places)
    return try await core.writer.write { [self] transaction in
      let rules = try rules(for: "directive", in: transaction.reader)
      let receiptRules = try self.rules(for: "receipt", in: transaction.reader)
      var directive: EntityID?
      var commits: [String] = []
      var rest = recipients[...]
      while directive == nil || !rest.isEmpty {
        let commit = try transaction.author(
          actor: person.account, role: person.role, lane: .urgent
        ) { draft in
          let id =
            directive
            ?? draft.add(
              issue.draft(
                rules: rules, salt: core.salt(), audience: [core.region] + recipients))
          directive = id
          let part = rest.prefix(LedgerBounds.commitEvents - draft.count)
          rest = rest.dropFirst(part.count)
          for recipient in part {
            draft.add(
              ReceiptOpening(
                directive: id, recipient: recipient, department: arguments.department,
                dueMilliseconds: issue.dueMilliseconds
              ).draft(rules: receiptRules, salt: core.salt(), audience: [recipient, core.region]))
          }
        }
        commits.append(commit.hash.description)
      }
      guard let directive else { preconditionFailure("the first commit founded it") }
      return DirectiveIssueAnswer(
        id: directive.description, recipients: recipients.map(\.rawValue), commits: commits)
    }
  }

  /// Told before anything else: who may not issue need not name recipients.
  private func checkMay(_ issue: DirectiveIssue, _ person: ActingPerson) throws {
    let rules = try core.store.read { try self.rules(for: "directive", in: $0) }
    let founding = issue.draft(rules: rules, salt: core.salt(), audience: [])
    try permit(
      core.store.rules.refusal(
        ofFounding: founding.kind, by: rules,
        saying: try CanonicalValue(decoding: founding.body), by: actor(person)))
  }

  private func recipients(
    _ arguments: DirectiveIssueArguments, _ places: Places
  ) throws -> [RegionID] {
    guard arguments.toAll != !arguments.to.isEmpty else {
      throw CommandError.field(
        "--to / --to-all", zh: "请写明接收区域,或用 --to-all 下发全部下级,二者取一",
        en: "name the recipients, or all below with --to-all, not both")
    }
    let below = (places.tree?.subtree(of: core.region) ?? []).filter { $0 != core.region }
    var found = Set(below)
    if !arguments.toAll {
      found = []
      for text in arguments.to {
        let region = try region(text, field: "--to", places)
        guard below.contains(region) else {
          throw CommandError.field(
            "--to", zh: "\(region) 不是本区域 \(core.region) 的下级",
            en: "\(region) does not stand below \(core.region)")
        }
        found.insert(region)
      }
    }
    guard !found.isEmpty else {
      throw CommandError.field("--to-all", zh: "本区域没有下级", en: "there is no region below")
    }
    guard found.count < LedgerBounds.audienceAdded else {
      throw CommandError.field(
        "--to-all", zh: "接收区域超过 \(LedgerBounds.audienceAdded - 1) 个,请分批下发",
        en: "more than \(LedgerBounds.audienceAdded - 1) recipients; issue it in parts")
    }
    return found.sorted()
  }

  /// Lists directives, those accepted last first.
  package func listDirectives(_ arguments: DirectiveListArguments) throws -> [DirectiveSummary] {
    let limit = try limit(arguments.limit)
    return try core.store.read { reader in
      let before = try arguments.before.map { try directive($0, in: reader).id }
      return try reader.directives(before: before, limit: limit).compactMap { entity in
        summary(of: entity, receipts: try reader.receiptStages(of: entity.id))
      }
    }
  }

  /// Shows a directive with its receipt lines.
  package func showDirective(_ arguments: DirectiveActArguments) throws -> DirectiveDetail {
    try core.store.read { reader in
      let places = try Places(reader)
      var frozen = try FrozenCopies(at: core.region, reader)
      let entity = try directive(arguments.directive, in: reader)
      let state = try foldedState(of: entity)
      guard
        let summary = summary(of: entity, receipts: try reader.receiptStages(of: entity.id))
      else { preconditionFailure("a directive was found") }
      return DirectiveDetail(
        directive: summary, text: Directive(state)?.text,
        audience: entity.audience.map(\.rawValue),
        receipts: try reader.receiptLines(of: entity.id).compactMap { line in
          receipt(
            of: line, try reader.timeline(of: line.id), places,
            frozenSince: frozen.since(line.audience))
        },
        timeline: lines(of: try reader.timeline(of: entity.id), state))
    }
  }
}
