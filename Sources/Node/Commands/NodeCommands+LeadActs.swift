import Casework
import Ledger
import Regions
import Store

extension NodeCommands {
  private func lane(_ isUrgent: Bool) -> Lane { isUrgent ? .urgent : .bulk }

  private func leadID(_ reference: String) throws -> EntityID {
    try core.store.read { try lead(reference, in: $0).id }
  }

  /// Hands a lead to regions (分办); the lead unit comes first. The regions join its audience.
  ///
  /// - Throws: `CommandError` of exit 65 for a region that the tree does not know, of exit 77 where
  ///   the process forbids the act.
  package func dispatchLead(
    _ arguments: LeadDispatchArguments, by person: ActingPerson
  ) async throws -> ActAnswer {
    let (id, places) = try core.store.read {
      (try lead(arguments.lead, in: $0).id, try Places($0))
    }
    if arguments.byRule { return try await dispatchByRule(arguments, id, by: person) }
    let regions = try regions(arguments.to, places)
    if let department = arguments.department, let unit = places.directory.entry(regions[0])?.region
    {
      try check(department, of: unit)
    }
    let act = Act.dispatch(
      to: regions, department: arguments.department,
      dueMilliseconds: try time(arguments.due, field: "--due"), note: arguments.note)
    return try await perform(
      act, on: id, by: person, lane: lane(arguments.urgent), audience: regions)
  }

  private func dispatchByRule(
    _ arguments: LeadDispatchArguments, _ id: EntityID, by person: ActingPerson
  ) async throws -> ActAnswer {
    guard arguments.to.isEmpty, arguments.department == nil else { throw Self.ruleNamesUnits }
    let proposal = try decidedProposal(for: arguments.lead)
    let act = Act.dispatch(
      to: proposal.regions, department: proposal.answer.department, rule: proposal.answer.rule,
      dueMilliseconds: try time(arguments.due, field: "--due"), note: arguments.note)
    return try await perform(
      act, on: id, by: person, lane: lane(arguments.urgent), audience: proposal.regions)
  }

  /// Said where units are given beside the rule that names them.
  static let ruleNamesUnits = CommandError.field(
    "--by-rule", zh: "单位和部门由职责清单定出,请去掉 --to 和 --department",
    en: "the duty list names unit and department; leave out --to and --department")

  func check(_ department: String, of unit: Topology.Region) throws {
    guard !unit.departments.isEmpty, !unit.departments.contains(where: { $0.key == department })
    else { return }
    let listed = unit.departments.map { "\($0.key) \($0.name)" }.joined(separator: ", ")
    throw CommandError.field(
      "--department", zh: "\(unit.id) 没有部门“\(department)”,可用:\(listed)",
      en: "\(unit.id) has no department '\(department)'; use one of \(listed)")
  }

  /// Sets a field of a lead (补正).
  package func describeLead(
    _ arguments: LeadDescribeArguments, by person: ActingPerson
  ) async throws -> ActAnswer {
    let (entity, places, library) = try core.store.read {
      (try lead(arguments.lead, in: $0), try Places($0), try $0.library)
    }
    let state = try foldedState(of: entity)
    let fields = library[state.rules]?.family(named: state.family)?.fields ?? []
    guard let field = fields.first(where: { $0.name == arguments.field }) else {
      let listed = fields.map(\.name).joined(separator: ", ")
      throw CommandError.field(
        "--field", zh: "线索没有“\(arguments.field)”这一项,可用:\(listed)",
        en: "a lead has no field '\(arguments.field)'; use one of \(listed)")
    }
    let value =
      try arguments.value.map { try self.value($0, of: field, named: "--value", places) } ?? .null
    return try await perform(
      .describe(field.name, value), on: entity.id, by: person, lane: lane(arguments.urgent))
  }

  /// Carries out an act that needs no more than a text.
  ///
  /// - Throws: `CommandError` of exit 65 where the act demands a text and there is none.
  package func act(
    _ act: LeadAct, _ arguments: LeadActArguments, by person: ActingPerson
  ) async throws -> ActAnswer {
    let note = arguments.text.flatMap { Self.trimmed($0) }
    let written: Act =
      switch act {
      case .withdraw: .withdraw(note: note)
      case .sign: .sign(note: note)
      case .sendBack: .sendBack(reason: try required(note, field: "--reason"))
      case .inspect: .inspect(finding: try required(note, field: "--finding"))
      case .progress: .progress(try required(note, field: "--text"))
      case .close: .close(result: try required(note, field: "--result"))
      case .reopen: .reopen(reason: try required(note, field: "--reason"))
      }
    return try await perform(
      written, on: leadID(arguments.lead), by: person, lane: lane(arguments.urgent))
  }
}
