import Casework
import Ledger
import Store

/// A lead that is linked with another: the incident of a report, or a report of an incident.
package struct LinkedLead: Codable, Hashable, Sendable {
  package let id: String
  /// Absent where it is not held here.
  package let number: String?
  package let title: String?
  package let stage: String?
  /// Whether its handling is over.
  package let ended: Bool
}

/// An incident with the number of its reports: schema `liandong.incident/1`.
package struct IncidentAnswer: Codable, Hashable, Sendable {
  package let schema: String
  package let incident: LinkedLead
  package let reports: Int
}

extension NodeCommands {
  /// Lists the incidents (事件) with how many reports are linked to each, the most reported first.
  package func listIncidents(_ arguments: IncidentListArguments) throws -> [IncidentAnswer] {
    let limit = try limit(arguments.limit)
    return try core.store.read { reader in
      try reader.incidents(limit: limit).map { incident, reports in
        IncidentAnswer(
          schema: "liandong.incident/1", incident: try linked(incident, in: reader),
          reports: reports)
      }
    }
  }

  /// The reports of a lead that is an incident.
  func reports(of lead: EntityID, in reader: StoreReader) throws -> [LinkedLead] {
    try reader.reports(of: lead, limit: LeadFilter.maximumLimit).map { linked($0) }
  }

  /// A lead that may not be held here.
  func linked(_ id: EntityID, in reader: StoreReader) throws -> LinkedLead {
    guard let entity = try reader.entity(id) else {
      return LinkedLead(
        id: id.description, number: nil, title: nil, stage: nil, ended: false)
    }
    return linked(entity)
  }

  private func linked(_ entity: StoredEntity) -> LinkedLead {
    let lead = entity.state.flatMap { Lead($0) }
    return LinkedLead(
      id: entity.id.description, number: lead?.number, title: lead?.title,
      stage: lead?.header.stage, ended: entity.state.map { isEnded($0) } ?? false)
  }

  /// Whether an entity's stage is one at which its handling is over.
  func isEnded(_ state: EntityState) -> Bool {
    let family = core.store.rules.library[state.rules]?.family(named: state.family)
    return state.stage.flatMap { family?.stage($0.stage) }?.isEnd ?? false
  }

  /// Has an act that links a report name the incident by its whole id.
  ///
  /// - Throws: `CommandError` of exit 65 where no such lead is held, and of exit 77 where it is the report
  ///   itself or linked to an incident, or where reports are linked to the one that would be linked.
  func nameIncident(
    of arguments: inout LeadKindArguments, for rule: KindRule, on report: EntityID
  ) throws {
    guard rule.kind == IncidentLink.linkedKind,
      let named = arguments.values[IncidentLink.entry].flatMap({ Self.trimmed($0) })
    else { return }
    arguments.values[IncidentLink.entry] = try core.store.read { reader in
      let incident = try lead(named, in: reader).id
      try checkLink(of: report, to: incident, named: named, in: reader)
      return incident.description
    }
  }

  /// Whether an act that links a report to an incident by the whole id may be written.
  ///
  /// - Throws: `CommandError` of exit 77 as ``nameIncident(of:for:on:)``.
  func checkIncident(of act: Act, on report: EntityID, in reader: StoreReader) throws {
    guard act.kind == IncidentLink.linkedKind, let named = act.body[IncidentLink.entry]?.text,
      let incident = EntityID(text: named)
    else { return }
    try checkLink(of: report, to: incident, named: named, in: reader)
  }

  private func checkLink(
    of report: EntityID, to incident: EntityID, named: String, in reader: StoreReader
  ) throws {
    let above = try reader.incident(of: incident)
    let hasReports = try reader.reports(of: report, limit: 1).isEmpty == false
    guard incident != report, above == nil, !hasReports else {
      let (zh, en) =
        incident == report
        ? ("线索不能并入自身", "a lead cannot be its own incident")
        : above.map {
          (
            "“\(named)”本身已并入事件 \($0),请并入该事件",
            "'\(named)' is linked to incident \($0): link to that one"
          )
        } ?? ("该线索名下已有并入的线索,请先逐件脱离", "reports are linked to this lead: separate them first")
      throw CommandError(.notPermitted, .refused, zh: zh, en: en)
    }
  }
}
