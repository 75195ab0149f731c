import Casework
import Ledger
import Regions
import Store

/// What `supervision list` takes.
package struct SupervisionListArguments: Codable, Hashable, Sendable {
  /// Those about this lead alone.
  package var lead: String?
  /// Leaves out those that are concluded.
  package var open = false
  package var limit: Int?

  package init() {}
}

/// A supervision case (监督案件) in a list.
package struct SupervisionSummary: Codable, Hashable, Sendable {
  package let id: String
  package let stage: String?
  package let stageName: String?
  /// The lead's id and number.
  package let lead: String?
  package let number: String?
  /// The item to rectify that was warned of; absent where the lead itself was.
  package let item: String?
  /// The office under supervision.
  package let unit: String?
  package let level: String?
  package let subject: String?
  package let procedure: String?
  package let openedBy: String
  package let openedAt: String
  /// Who is to act now.
  package let handler: [String]
  package let due: String?
}

/// A supervision case with its history.
package struct SupervisionDetail: Codable, Hashable, Sendable {
  package let supervision: SupervisionSummary
  package let clocks: [ClockAnswer]
  package let timeline: [TimelineLine]
}

extension NodeCommands {
  /// Lists supervision cases, those accepted last first.
  package func listSupervisions(
    _ arguments: SupervisionListArguments
  ) throws -> [SupervisionSummary] {
    let limit = try limit(arguments.limit)
    let held = try core.store.read { reader in
      let id = try arguments.lead.map { try lead($0, in: reader).id }
      return try reader.supervisions(of: id, onlyOpen: arguments.open, limit: limit)
    }
    return held.compactMap { summary(ofSupervision: $0) }
  }

  /// Shows a supervision case, found by its id or the beginning of it.
  package func showSupervision(_ reference: String) throws -> SupervisionDetail {
    try core.store.read { reader in
      let entity = try supervision(reference, in: reader)
      let state = try foldedState(of: entity)
      guard let summary = summary(ofSupervision: entity) else {
        preconditionFailure("a supervision case was found")
      }
      return SupervisionDetail(
        supervision: summary, clocks: try clocks(of: entity, in: reader),
        timeline: lines(of: try reader.timeline(of: entity.id), state))
    }
  }

  /// Carries out an act of a supervision case's process; see `actOnLead(_:by:)`.
  package func actOnSupervision(
    _ arguments: LeadKindArguments, by person: ActingPerson
  ) async throws -> ActAnswer {
    try await act(arguments, by: person) { try supervision(arguments.lead, in: $0) }
  }

  private func summary(ofSupervision entity: StoredEntity) -> SupervisionSummary? {
    guard let state = entity.state, let supervision = Supervision(state) else { return nil }
    let header = supervision.header
    return SupervisionSummary(
      id: entity.id.description, stage: header.stage, stageName: stageName(state),
      lead: supervision.lead?.description, number: supervision.number,
      item: supervision.item?.description,
      unit: supervision.unit?.rawValue, level: supervision.level?.rawValue,
      subject: supervision.subject?.rawValue, procedure: supervision.rule?.rawValue,
      openedBy: header.foundedBy.rawValue,
      openedAt: CommandTime.text(header.foundedAtMilliseconds),
      handler: header.handler.map(\.rawValue),
      due: header.dueMilliseconds.map { CommandTime.text($0) })
  }
}
