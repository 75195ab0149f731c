import Casework
import Ledger
import Regions
import Store

extension NodeCommands {
  /// The most regions that an event's audience takes, the issuer's own among them.
  static let mostRecipients = LedgerBounds.audienceAdded

  /// Issues a directive (指令下发) and opens a receipt line for each recipient, the directive first;
  /// beyond a commit's bound the lines go on in further commits of the same transaction, as do
  /// attachments and what ends the directive that it supersedes.
  ///
  /// - Throws: `CommandError` of exit 65 for a recipient that the tree does not know or that does not
  ///   stand below this node, a lead that is not held, or a file that is not taken; of exit 77 where
  ///   this tier may not issue, or where the other directive cannot be superseded.
  package func issueDirective(
    _ arguments: DirectiveIssueArguments, by person: ActingPerson
  ) async throws -> DirectiveIssueAnswer {
    var issue = DirectiveIssue(
      title: try required(arguments.title, field: "--title"), text: arguments.text ?? "",
      dueMilliseconds: try time(arguments.due, field: "--due"))
    try checkMay(issue, person)
    let (recipients, leads, unreadable, former) = try core.store.read { reader in
      let places = try Places(reader)
      let recipients = try self.recipients(arguments, places, reader)
      let leads = try linkedLeads(arguments.leads, reader)
      return (
        recipients, leads.map(\.id),
        leads.compactMap { self.unreadable($0, by: recipients, places) },
        try arguments.supersedes.map { try directive($0, in: reader).id }
      )
    }
    issue.leads = leads
    let attachments = try await takeIn(arguments.attachments)
    return try await core.writer.write { [self, issue] transaction in
      var (id, commits) = try author(issue, to: recipients, by: person, in: transaction)
      for body in attachments {
        let act = Act(kind: Process.evidenceKind(of: "directive"), body: body)
        commits.append(try write(act, on: id, by: person, lane: .urgent, in: transaction))
      }
      if let former { commits += try supersede(former, by: id, nil, person, in: transaction) }
      return DirectiveIssueAnswer(
        id: id.description, recipients: recipients.map(\.word),
        commits: commits.map(\.hash.description), unreadable: unreadable)
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

  private func author(
    _ issue: DirectiveIssue, to recipients: [DirectiveRecipient], by person: ActingPerson,
    in transaction: StoreTransaction
  ) throws -> (EntityID, [Commit]) {
    let rules = try rules(for: "directive", in: transaction.reader)
    let receiptRules = try self.rules(for: "receipt", in: transaction.reader)
    let audience = [core.region] + Set(recipients.map(\.region)).sorted()
    var directive: EntityID?
    var commits: [Commit] = []
    var rest = recipients[...]
    while directive == nil || !rest.isEmpty {
      let commit = try transaction.author(
        actor: person.account, role: person.role, lane: .urgent
      ) { draft in
        let id =
          directive
          ?? draft.add(issue.draft(rules: rules, salt: core.salt(), audience: audience))
        directive = id
        let part = rest.prefix(LedgerBounds.commitEvents - draft.count)
        rest = rest.dropFirst(part.count)
        for recipient in part {
          let opening = ReceiptOpening(
            directive: id, recipient: recipient.region, department: recipient.department,
            dueMilliseconds: issue.dueMilliseconds)
          draft.add(
            opening.draft(
              rules: receiptRules, salt: core.salt(), audience: [recipient.region, core.region]))
        }
      }
      commits.append(commit)
    }
    guard let directive else { preconditionFailure("the first commit founded it") }
    return (directive, commits)
  }

  // MARK: Leads and files.

  private func linkedLeads(_ references: [String], _ reader: StoreReader) throws -> [StoredEntity] {
    guard references.count <= DirectiveBounds.leads else {
      throw CommandError.field(
        "--lead", zh: "关联线索不得超过 \(DirectiveBounds.leads) 件",
        en: "a directive names at most \(DirectiveBounds.leads) leads")
    }
    var found: [StoredEntity] = []
    for reference in references {
      let lead = try lead(reference, in: reader)
      _ = try foldedState(of: lead)
      if !found.contains(where: { $0.id == lead.id }) { found.append(lead) }
    }
    return found
  }

  /// The recipients whose nodes do not hold a lead, so that its number tells them nothing; `nil` where
  /// all do.
  private func unreadable(
    _ lead: StoredEntity, by recipients: [DirectiveRecipient], _ places: Places
  ) -> UnreadableLead? {
    let without = Set(recipients.map(\.region)).filter { region in
      !lead.audience.contains {
        $0 == .everyone || places.tree?.isAtOrAbove(region, $0) == true
      }
    }
    guard !without.isEmpty else { return nil }
    return UnreadableLead(
      id: lead.id.description, number: lead.state.flatMap { Lead($0) }?.number,
      recipients: without.sorted().map(\.rawValue))
  }

  /// Takes attachments in before anything is written.
  ///
  /// - Returns: the bodies of the events that name them.
  private func takeIn(_ paths: [String]) async throws -> [CanonicalValue] {
    guard paths.count <= DirectiveBounds.attachments else {
      throw CommandError.field(
        "--attach", zh: "附件不得超过 \(DirectiveBounds.attachments) 个",
        en: "a directive takes at most \(DirectiveBounds.attachments) files")
    }
    guard !paths.isEmpty else { return [] }
    let folder = try folder()
    return try await offload { [self] cancellation in
      try paths.map { try takeIn($0, note: nil, to: folder, cancellation) }
    }
  }
}
