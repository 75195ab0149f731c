import Casework
import Ledger
import Regions
import Store

/// What issuing a directive wrote.
package struct DirectiveIssueAnswer: Codable, Hashable, Sendable {
  package let id: String
  /// The recipients in ascending order.
  package let recipients: [String]
  /// The hashes of the commits, the directive's own first.
  package let commits: [String]
}

/// A directive in a list.
package struct DirectiveSummary: Codable, Hashable, Sendable {
  package let id: String
  package let title: String?
  package let stage: String?
  package let stageName: String?
  package let issuer: String
  package let issuedAt: String
  package let due: String?
  /// How many receipt lines that are held here stand at each stage, by its key.
  package let receipts: [String: Int]
  package let waiting: Bool
  package let partlyUnderstood: Bool
  package let conflicts: Int
}

/// One recipient's receipt line.
package struct ReceiptSummary: Codable, Hashable, Sendable {
  package let id: String
  package let recipient: String?
  package let recipientName: String?
  package let department: String?
  package let stage: String?
  package let stageName: String?
  package let stageSince: String?
  package let due: String?
  package let feedbacks: UInt64
  package let waiting: Bool
  /// RFC 3339: this copy is frozen as of then; absent for a living one, as of a lead.
  package let frozenSince: String?
  package let timeline: [TimelineLine]
}

/// A directive with its receipt lines and history.
package struct DirectiveDetail: Codable, Hashable, Sendable {
  package let directive: DirectiveSummary
  package let text: String?
  package let audience: [String]
  package let receipts: [ReceiptSummary]
  package let timeline: [TimelineLine]
}

extension NodeCommands {
  func summary(of entity: StoredEntity, receipts: [String: Int]) -> DirectiveSummary? {
    guard let state = entity.state, let directive = Directive(state) else { return nil }
    let header = directive.header
    return DirectiveSummary(
      id: entity.id.description, title: directive.title, stage: header.stage,
      stageName: stageName(state), issuer: header.foundedBy.rawValue,
      issuedAt: CommandTime.text(header.foundedAtMilliseconds),
      due: directive.dueMilliseconds.map { CommandTime.text($0) }, receipts: receipts,
      waiting: entity.isWaiting, partlyUnderstood: header.isPartlyUnderstood,
      conflicts: header.conflictCount)
  }

  func receipt(
    of entity: StoredEntity, _ timeline: [TimelineEntry], _ places: Places,
    frozenSince: String?
  ) -> ReceiptSummary? {
    guard let state = entity.state, let line = ReceiptLine(state) else { return nil }
    let day = CommandTime.day(core.wallMilliseconds())
    let name = day.flatMap { day in
      line.recipient.flatMap { places.directory.name(of: $0, on: day) }
    }
    return ReceiptSummary(
      id: entity.id.description, recipient: line.recipient?.rawValue, recipientName: name,
      department: line.header.department, stage: line.header.stage, stageName: stageName(state),
      stageSince: line.header.stageSinceMilliseconds.map { CommandTime.text($0) },
      due: line.header.dueMilliseconds.map { CommandTime.text($0) }, feedbacks: line.feedbacks,
      waiting: entity.isWaiting, frozenSince: frozenSince,
      timeline: lines(of: timeline, state))
  }
}
