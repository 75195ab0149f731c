import Casework
import Ledger
import Regions
import Store

/// What issuing a directive wrote.
package struct DirectiveIssueAnswer: Codable, Hashable, Sendable {
  package let id: String
  /// The recipients in ascending order, each `REGION` or `REGION:DEPARTMENT`.
  package let recipients: [String]
  /// The hashes of the commits, the directive's own first.
  package let commits: [String]
  /// The linked leads that recipients do not hold.
  package let unreadable: [UnreadableLead]
}

/// A linked lead that is out of recipients' scope.
package struct UnreadableLead: Codable, Hashable, Sendable {
  package let id: String
  package let number: String?
  /// The regions that do not hold it.
  package let recipients: [String]
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
  package let conflicts: Int
  /// RFC 3339: this copy is frozen as of then; absent for a living one, as of a lead.
  package let frozenSince: String?
  /// The stages that it came to, in order.
  package let states: [ReceiptState]
  package let clocks: [ClockAnswer]
  package let warnings: [WarningAnswer]
  package let timeline: [TimelineLine]
}

/// One stay of a receipt line in a stage.
package struct ReceiptState: Codable, Hashable, Sendable {
  package let stage: String
  package let stageName: String
  /// RFC 3339, by the author's clock.
  package let at: String
  /// The account that brought it there, its role and its region.
  package let by: String
  package let role: String
  package let region: String
}

/// A lead that a directive is about.
package struct DirectiveLead: Codable, Hashable, Sendable {
  package let id: String
  package let number: String?
  package let title: String?
  package let stage: String?
  package let stageName: String?
  /// Whether this node holds it; nothing but its id is known otherwise.
  package let held: Bool
}

/// A directive with its receipt lines and history.
package struct DirectiveDetail: Codable, Hashable, Sendable {
  package let directive: DirectiveSummary
  package let text: String?
  /// The directive that was put in its place.
  package let successor: String?
  package let leads: [DirectiveLead]
  package let attachments: [EvidenceAnswer]
  package let audience: [String]
  package let receipts: [ReceiptSummary]
  package let timeline: [TimelineLine]
}

extension NodeCommands {
  /// - Parameter lines: those of the directive's own issuer.
  func summary(of entity: StoredEntity, lines: [StoredEntity]) -> DirectiveSummary? {
    guard let state = entity.state, let directive = Directive(state) else { return nil }
    let header = directive.header
    let stages = lines.map { $0.state?.stage?.stage ?? "" }
    return DirectiveSummary(
      id: entity.id.description, title: directive.title, stage: header.stage,
      stageName: stageName(state), issuer: header.foundedBy.rawValue,
      issuedAt: CommandTime.text(header.foundedAtMilliseconds),
      due: directive.dueMilliseconds.map { CommandTime.text($0) },
      receipts: Dictionary(stages.map { ($0, 1) }, uniquingKeysWith: +),
      waiting: entity.isWaiting, partlyUnderstood: header.isPartlyUnderstood,
      conflicts: header.conflictCount)
  }

  func receipt(
    of entity: StoredEntity, _ places: Places, frozenSince: String?, in reader: StoreReader
  ) throws -> ReceiptSummary? {
    guard let state = entity.state, let line = ReceiptLine(state) else { return nil }
    let timeline = try reader.timeline(of: entity.id)
    let day = CommandTime.day(core.wallMilliseconds())
    let name = day.flatMap { day in
      line.recipient.flatMap { places.directory.name(of: $0, on: day) }
    }
    return ReceiptSummary(
      id: entity.id.description, recipient: line.recipient?.rawValue, recipientName: name,
      department: line.header.department, stage: line.header.stage, stageName: stageName(state),
      stageSince: line.header.stageSinceMilliseconds.map { CommandTime.text($0) },
      due: line.header.dueMilliseconds.map { CommandTime.text($0) }, feedbacks: line.feedbacks,
      waiting: entity.isWaiting, conflicts: line.header.conflictCount, frozenSince: frozenSince,
      states: states(timeline, state), clocks: try clocks(of: entity, in: reader),
      warnings: try warnings(
        WarningFilter(entity: entity.id, limit: Self.usualPage), in: reader),
      timeline: lines(of: timeline, state))
  }

  private func states(_ timeline: [TimelineEntry], _ state: EntityState) -> [ReceiptState] {
    let family = core.store.rules.library[state.rules]?.family(named: state.family)
    return timeline.compactMap { entry in
      guard entry.effect == .effective, let stage = family?.stage(enteredBy: entry.event.kind)
      else { return nil }
      let stamp = entry.stamp
      return ReceiptState(
        stage: stage, stageName: stageName(stage, state),
        at: CommandTime.text(stamp.time.milliseconds), by: stamp.actor, role: stamp.role,
        region: stamp.origin.region.rawValue)
    }
  }
}
