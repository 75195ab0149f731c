import Casework
import Intake
import Ledger
import Regions
import Store

extension NodeCommands {
  /// Takes in a lead (线索上报). The reporter's name and contact are sealed in an entity of their
  /// own, in the same commit.
  ///
  /// - Throws: `CommandError` of exit 65 that names the field; of exit 78 where the ledger does not
  ///   describe this region yet.
  package func reportLead(
    _ arguments: LeadReportArguments, by person: ActingPerson
  ) async throws -> ActAnswer {
    let places = try places()
    let content = keyed(try LeadContent(arguments, self, places))
    try core.store.read { try check(channel: content.channel, in: $0) }
    let number = try regionNumber(places)
    return try await core.writer.write { [self] transaction in
      var id: EntityID?
      try keepKeys(of: [content])
      let rules = try Rules(self, transaction.reader)
      let commit = try transaction.author(
        actor: person.account, role: person.role, lane: arguments.urgent ? .urgent : .bulk
      ) { draft in
        let number = try nextNumber(of: number, in: transaction)
        id = try add(content, numbered: number, by: rules, of: person, to: &draft)
      }
      guard let id else { preconditionFailure("the commit founded the lead") }
      return answer(
        of: commit, kind: "lead.reported", id: id, state: try transaction.entity(id)?.state)
    }
  }

  /// The permanent number of this node's region.
  func regionNumber(_ places: Places) throws -> Int {
    guard let number = places.directory.number(of: core.region) else {
      throw CommandError(
        .notReady, .configuration,
        zh: "台账中尚无本区域 \(core.region) 的登记(编号未知);请重新下发节点目录,或连接上级后再试",
        en: "the ledger does not describe \(core.region) yet, so its number is unknown; provision "
          + "the folder again, or let the node link to its parent")
    }
    return number
  }

  /// The next lead number of this incarnation.
  func nextNumber(of region: Int, in transaction: StoreTransaction) throws -> LeadNumber {
    let serial = transaction.nextLeadSerial()
    guard
      let number = Int(exactly: serial).flatMap({
        LeadNumber(
          region: region, incarnation: Int(transaction.origin.incarnation), serial: $0)
      })
    else {
      throw CommandError(
        .exhausted, .refused, zh: "本节点的线索编号已用完,请联系市级平台",
        en: "this node's lead numbers are used up; ask the hub for a new incarnation")
    }
    return number
  }

  /// The rules that new leads and contacts pin.
  struct Rules {
    let lead: Hash
    let contact: Hash

    init(_ commands: NodeCommands, _ reader: StoreReader) throws {
      lead = try commands.rules(for: "lead", in: reader)
      contact = try commands.rules(for: "contact", in: reader)
    }
  }

  /// Adds a lead and, where there is one, its sealed contact to a commit.
  ///
  /// - Throws: `CommandError` of exit 77 where the process in force forbids it.
  func add(
    _ content: LeadContent, numbered number: LeadNumber, by rules: Rules,
    of person: ActingPerson, to draft: inout CommitDraft
  ) throws -> EntityID {
    let lead = draft.add(try founding(of: content, numbered: number, by: rules, of: person))
    if let seal = try seal(of: content, on: lead, by: rules) { draft.add(seal) }
    return lead
  }

  /// What founds a lead.
  ///
  /// - Throws: `CommandError` of exit 77 where the process in force forbids it.
  func founding(
    of content: LeadContent, numbered number: LeadNumber, by rules: Rules, of person: ActingPerson
  ) throws -> EventDraft {
    let founding = content.report(number).draft(
      rules: rules.lead, salt: core.salt(), audience: [core.region])
    try permit(
      core.store.rules.refusal(
        ofFounding: founding.kind, by: rules.lead,
        saying: try CanonicalValue(decoding: founding.body), by: actor(person)))
    return founding
  }

  /// What founds a lead's sealed contact; `nil` where it has none.
  func seal(of content: LeadContent, on lead: EntityID, by rules: Rules) throws -> EventDraft? {
    guard let key = content.contactKey else { return nil }
    let ciphertext = try ContactSealer.seal(
      content.contact, of: lead, with: key, nonce: core.randomBytes(ContactSealer.nonceBytes))
    return ContactSeal(lead: lead, ciphertext: ciphertext, keyName: key.name(by: core.region))
      .draft(
        rules: rules.contact, salt: core.salt(), audience: [core.region])
  }

  /// The content with a new key for its contact, if it has one.
  func keyed(_ content: LeadContent) -> LeadContent {
    var content = content
    if !content.contact.isEmpty {
      content.contactKey = ContactKey(core.randomBytes(ContactKey.byteCount))
    }
    return content
  }

  /// Puts the keys on the disk, before the leads are. Doing it twice does it once; a key whose commit
  /// fails opens nothing.
  func keepKeys(of contents: some Sequence<LeadContent>) throws {
    try core.contactKeys.add(
      contents.compactMap { $0.contactKey.map { ($0.name(by: core.region), $0) } })
  }

  /// Lists leads, those accepted last first.
  package func listLeads(_ arguments: LeadListArguments) throws -> [LeadSummary] {
    try core.store.read { reader in
      let places = try Places(reader)
      let limit = try limit(arguments.limit)
      var filter = LeadFilter(limit: limit)
      filter.stage = try arguments.stage.map { try stage($0) }
      filter.region = try arguments.region.map { try region($0, field: "--region", places) }
      filter.handler = try arguments.handler.map { try region($0, field: "--handler", places) }
      if arguments.mine { filter.handler = core.region }
      filter.before = try arguments.before.map { try lead($0, in: reader).id }
      var frozen = try FrozenCopies(at: core.region, reader)
      return try reader.leads(filter).compactMap { lead in
        summary(
          of: lead, frozenSince: frozen.since(lead.audience),
          clocks: try self.clocks(of: lead, in: reader),
          items: try self.itemCounts(of: lead.id, in: reader))
      }
    }
  }

  static let usualPage = 50

  private func stage(_ word: String) throws -> String {
    // Leads of former processes are still under way.
    let library = core.store.rules.library
    let stages = library.hashes.flatMap { library[$0]?.family(named: "lead")?.stages ?? [] }
    if let found = stages.first(where: { $0.key == word || $0.chinese == word }) {
      return found.key
    }
    let listed = Set(stages.map { "\($0.key) \($0.chinese)" }).sorted().joined(separator: ", ")
    throw CommandError.field(
      "--stage", zh: "没有“\(word)”这一环节,可用:\(listed)",
      en: "there is no stage '\(word)'; use one of \(listed)")
  }

  /// Shows a lead with its history, and what is known of the reporter's contact without opening it.
  package func showLead(_ arguments: LeadShowArguments) throws -> LeadDetail {
    let (entity, timeline, contact, frozenSince, clocks, warnings, incident, reports, items) =
      try core.store.read {
        reader in
        let entity = try lead(arguments.lead, in: reader)
        var frozen = try FrozenCopies(at: core.region, reader)
        return (
          entity, try reader.timeline(of: entity.id), try self.contact(of: entity.id, in: reader),
          frozen.since(entity.audience), try self.clocks(of: entity, in: reader),
          try self.warnings(WarningFilter(entity: entity.id, limit: Self.usualPage), in: reader),
          try reader.incident(of: entity.id).map { try linked($0, in: reader) },
          try self.reports(of: entity.id, in: reader), try self.items(of: entity.id, in: reader)
        )
      }
    let state = try foldedState(of: entity)
    guard
      let summary = summary(
        of: entity, frozenSince: frozenSince, clocks: clocks,
        items: (items.count(where: \.open), items.count(where: \.overdue))),
      let lead = Lead(state)
    else {
      preconditionFailure("a lead was found")
    }
    return LeadDetail(
      lead: summary, text: lead.text, place: lead.place, types: lead.types,
      latitude: lead.location.map { Double($0.latitudeMicrodegrees) / LeadContent.microdegrees },
      longitude: lead.location.map { Double($0.longitudeMicrodegrees) / LeadContent.microdegrees },
      respondent: lead.respondent, inspections: lead.inspections,
      progressNotes: lead.progressNotes, audience: entity.audience.map(\.rawValue),
      contactSealedTo: contact.map { $0.destruction == nil ? $0.holders.map(\.rawValue) : [] }
        ?? [],
      reporterContact: contact.map { status(of: $0) },
      clocks: clocks, warnings: warnings, incident: incident, reports: reports,
      items: items,
      timeline: lines(of: timeline, state))
  }
}
