import Casework
import Ledger
import Regions
import Store

extension NodeCommands {
  /// Carries out any act of a lead's process: what its body may hold follows from the process alone.
  ///
  /// - Throws: `CommandError` of exit 65 for an act that the process does not have, a value that is
  ///   not of its shape or a name that the act does not take; of exit 77 with the refusal's reason
  ///   where the process forbids the act or demands more.
  package func actOnLead(
    _ arguments: LeadKindArguments, by person: ActingPerson
  ) async throws -> ActAnswer {
    try await act(arguments, by: person) { try lead(arguments.lead, in: $0) }
  }

  /// Carries out any act of the process of the entity that is found.
  func act(
    _ arguments: LeadKindArguments, by person: ActingPerson,
    on find: @Sendable (StoreReader) throws -> StoredEntity
  ) async throws -> ActAnswer {
    let (entity, places, library) = try core.store.read { reader in
      (try find(reader), try Places(reader), try reader.library)
    }
    let state = try foldedState(of: entity)
    let rule = try self.rule(arguments.act, of: state, in: library)
    guard rule.effect != .field else {
      throw CommandError.field(
        "ACT", zh: "“\(rule.chinese)”请用 lead describe", en: "\(rule.kind): use lead describe")
    }
    let pieces =
      rule.demands.contains { $0.field.shape == .hashes } ? try evidence(of: entity.id) : []
    var arguments = arguments
    if arguments.byRule { try nameUnits(of: &arguments, for: rule) }
    try goAbove(&arguments, for: rule, of: state, in: library, places)
    try nameIncident(of: &arguments, for: rule, on: entity.id)
    try checkSource(arguments, for: rule, of: state)
    let (body, audience) = try body(arguments, for: rule, places, pieces)
    return try await perform(
      Act(kind: rule.kind, body: body), on: entity.id, by: person,
      lane: arguments.urgent ? .urgent : .bulk, audience: audience)
  }

  /// Has the duty list name units, department and rule of an act that hands the lead over by rule.
  private func nameUnits(of arguments: inout LeadKindArguments, for rule: KindRule) throws {
    guard arguments.to.isEmpty, arguments.department == nil else { throw Self.ruleNamesUnits }
    guard rule.demands.contains(where: { $0.field.name == "rule" }) else {
      throw CommandError.field(
        "--by-rule", zh: "“\(rule.chinese)”不记分办规则,请以 --to 写明单位",
        en: "\(rule.kind) keeps no rule; name the units with --to")
    }
    let proposal = try decidedProposal(for: arguments.lead)
    arguments.to = proposal.regions.map(\.rawValue)
    arguments.department = proposal.answer.department
    arguments.values["rule"] = proposal.answer.rule
  }

  /// Refuses an act that may name the id at the source and does not, where the channel demands one.
  private func checkSource(
    _ arguments: LeadKindArguments, for rule: KindRule, of state: EntityState
  ) throws {
    guard rule.demands.contains(where: { $0.field.name == "source_id" }),
      arguments.values["source_id"].flatMap({ Self.trimmed($0) }) == nil,
      let key = Lead(state)?.channel
    else { return }
    let now = Int64(clamping: core.wallMilliseconds())
    let channel = try core.store.read { try $0.duties() }.inForce(at: now)?.list.channel(key)
    guard let channel, channel.demandsSourceID else { return }
    throw CommandError.field(
      "source_id", zh: "渠道“\(channel.chinese)”的线索须有来源单号,请以 --set source_id= 填写",
      en: "leads of \(channel.english) need the id at the source; give it with --set source_id=")
  }

  private func rule(
    _ word: String, of state: EntityState, in library: ProcessLibrary
  ) throws -> KindRule {
    let family = library[state.rules]?.family(named: state.family)
    guard let rule = family?.rule(named: word) else {
      let kinds = family?.kinds ?? []
      let listed = kinds.map { "\($0.kind) \($0.chinese)" }.joined(separator: ", ")
      throw CommandError.field(
        "ACT", zh: "该事项的流程没有“\(word)”这一操作,可用:\(listed)",
        en: "the process has no act '\(word)'; use one of \(listed)")
    }
    return rule
  }

  /// What an act's body says, and the regions that it adds to the audience.
  ///
  /// - Parameter pieces: the evidence that it may name.
  /// - Throws: `CommandError` of exit 65 for what the act does not take, or a value of another shape.
  func body(
    _ arguments: LeadKindArguments, for rule: KindRule, _ places: Places, _ pieces: [Piece]
  ) throws -> (CanonicalValue, audience: [RegionID]) {
    var entries: [String: CanonicalValue] = [:]
    for (name, text) in arguments.values.sorted(by: { $0.key < $1.key }) {
      guard let demand = rule.demands.first(where: { $0.field.name == name }) else {
        let names = rule.demands.map { "\($0.field.name) \($0.chinese)" }
        let listed = names.isEmpty ? "-" : names.joined(separator: ", ")
        throw CommandError.field(
          "--set", zh: "“\(rule.chinese)”没有“\(name)”这一项,可用:\(listed)",
          en: "\(rule.kind) takes no '\(name)'; it takes \(listed)")
      }
      entries[name] =
        demand.field.shape == .hashes
        ? .array(
          try Self.words(text).map { .bytes(try piece($0, among: pieces, named: name).event.bytes) }
        )
        : try value(text, of: demand.field, named: name, places)
    }
    if let items = arguments.items, rule.kind == ItemKind.order {
      entries[ItemKind.list] = .array(items.map { .text($0) })
    }
    var audience: [RegionID] = []
    guard case .move(_, _, let handover) = rule.effect else {
      try refuseUnused(arguments, rule, mayOrder: false, mayName: false)
      return (.map(entries), audience)
    }
    try refuseUnused(
      arguments, rule, mayOrder: handover == .named || handover == .ordered,
      mayName: handover == .named)
    if let due = arguments.due {
      entries["due"] = try time(due, field: "--due").map { .integer($0) }
    }
    if handover == .named {
      audience = try regions(arguments.to, places)
      entries["to"] = .array(audience.map { .text($0.rawValue) })
      if let department = arguments.department {
        if let unit = places.directory.entry(audience[0])?.region {
          try check(department, of: unit)
        }
        entries["department"] = .text(department)
      }
    }
    return (.map(entries), audience)
  }

  /// What an act cannot use is told, not dropped.
  private func refuseUnused(
    _ arguments: LeadKindArguments, _ rule: KindRule, mayOrder: Bool, mayName: Bool
  ) throws {
    let unused: String? =
      if !mayName, !arguments.to.isEmpty {
        "--to"
      } else if !mayName, arguments.department != nil {
        "--department"
      } else if !mayOrder, arguments.due != nil {
        "--due"
      } else {
        nil
      }
    guard let unused else { return }
    throw CommandError.field(
      unused, zh: "“\(rule.chinese)”不用这一项,请去掉", en: "\(rule.kind) does not use it; leave it out")
  }

  /// The regions that people name, each once, in their order.
  func regions(_ texts: [String], _ places: Places) throws -> [RegionID] {
    guard !texts.isEmpty else {
      throw CommandError.field("--to", zh: "请写明承办区域", en: "name the region that handles it")
    }
    var regions: [RegionID] = []
    for text in texts {
      let region = try region(text, field: "--to", places)
      if !regions.contains(region) { regions.append(region) }
    }
    return regions
  }
}
