import Casework
import Intake
import Ledger
import Regions
import Store

extension NodeCommands {
  /// A commit's bytes that import rows may fill; the rest is for stamps and estimates that fall
  /// short.
  private static let commitBytes = LedgerBounds.commitBytes * 7 / 8

  /// Takes in rows of a lead file, all of them in one transaction. A row whose source key is known
  /// adds nothing; one with a history has commits of its own, one for each run of acts in one role.
  ///
  /// - Parameter others: the importer in the other roles that histories name; an act in a role that is not
  ///   there is refused.
  /// - Throws: `CommandError` of exit 65 for channel or region.
  package func importLeads(
    _ arguments: ImportChunkArguments, by person: ActingPerson,
    and others: [String: ActingPerson] = [:]
  ) async throws -> ImportChunkAnswer {
    let places = try places()
    let persons = others.merging([person.role: person]) { $1 }
    let rows = try importable(arguments, by: person, persons, places)
    if arguments.dryRun {
      return try core.store.read { reader in
        var sieve = try ImportSieve(self, core.store.rules, by: person, reader)
        for row in rows { _ = try sieve.passes(row) { try reader.isImported($0) } }
        return sieve.answer
      }
    }
    let number = try regionNumber(places)
    return try await core.writer.write { [self] transaction in
      var sieve = try ImportSieve(self, transaction.rules, by: person, transaction.reader)
      sieve.seen = transaction.pendingSourceKeys()
      let waiting = try rows.filter { row in
        try sieve.passes(row) { try transaction.isImported($0) }
      }
      try keepKeys(of: waiting.map(\.content))
      func next() throws -> LeadNumber { try nextNumber(of: number, in: transaction) }
      for row in waiting {
        guard case .success(let history) = row.history else { continue }
        try write(row.content, history, numbered: next(), by: sieve.rules, of: person, transaction)
      }
      var rest = waiting.filter { $0.history == nil }.map(\.content)[...]
      while !rest.isEmpty {
        let part = Self.commitful(of: rest)
        rest = rest.dropFirst(part.count)
        _ = try transaction.author(actor: person.account, role: person.role, lane: .bulk) { draft in
          for content in part {
            _ = try add(content, numbered: next(), by: sieve.rules, of: person, to: &draft)
          }
        }
      }
      return sieve.answer
    }
  }

  /// Writes a lead, its history and its sealed contact: one commit for each run of acts in one role.
  private func write(
    _ content: LeadContent, _ history: LeadHistory, numbered number: LeadNumber, by rules: Rules,
    of person: ActingPerson, _ transaction: StoreTransaction
  ) throws {
    let founding = try founding(of: content, numbered: number, by: rules, of: person)
    func add(_ event: EventDraft, to draft: inout CommitDraft) -> (EntityID, Hash) {
      let id = draft.add(event)
      guard let hash = draft.lastHash else { preconditionFailure("an event was added") }
      return (id, hash)
    }
    var script: HistoryScript?
    for run in history.runs(foundedBy: person) {
      let (by, role) = (run.person.account, run.person.role)
      _ = try transaction.author(actor: by, role: role, lane: .bulk) { draft in
        var next: HistoryScript
        if let script {
          next = script
        } else {
          let (lead, event) = add(founding, to: &draft)
          if let seal = try seal(of: content, on: lead, by: rules) { draft.add(seal) }
          next = HistoryScript(of: lead, foundedBy: event)
        }
        for step in run.steps {
          next.note(add(next.draft(step, salt: core.salt()), to: &draft).1, of: step)
        }
        script = next
      }
    }
  }

  /// The rows that the next commit holds: at least one, within its bounds of events and bytes.
  private static func commitful(of rows: ArraySlice<LeadContent>) -> ArraySlice<LeadContent> {
    var (events, bytes, count) = (0, 0, 0)
    for row in rows {
      events += row.contact.isEmpty ? 1 : 2
      bytes += row.byteEstimate
      guard count == 0 || (events <= LedgerBounds.commitEvents && bytes <= commitBytes) else {
        break
      }
      count += 1
    }
    return rows.prefix(count)
  }

  // MARK: what the caller has read

  private func importable(
    _ arguments: ImportChunkArguments, by person: ActingPerson, _ persons: [String: ActingPerson],
    _ places: Places
  ) throws -> [ImportableRow] {
    let channel = try arguments.channel.map { try ChannelKey($0).rawValue }
    let (family, channels) = try core.store.read { reader in
      if let channel { try check(channel: channel, in: reader) }
      var channels: [String: Swift.Result<Void, CommandError>] = [:]
      for own in Set(arguments.rows.compactMap(\.channel)) {
        channels[own] = try Self.refusable { try check(channel: own, in: reader) }
      }
      let rules = try rules(for: "lead", in: reader)
      return (try reader.library[rules]?.family(named: "lead"), channels)
    }
    let region = try arguments.region.map { try self.region($0, field: "--region", places) }
    return try arguments.rows.map { row in
      guard let named = row.channel ?? channel else {
        throw CommandError.field("--channel", zh: "缺少来源渠道", en: "a row has no channel")
      }
      let content = keyed(try content(row, named, region, places))
      guard let history = row.history else { return ImportableRow(content: content, history: nil) }
      return ImportableRow(
        content: content,
        history: try Self.refusable {
          try channels[named]?.get()
          return try self.history(
            history, reportedAt: row.reportedAt, under: family, places,
            by: { try Self.importer($0, of: person, persons) })
        })
    }
  }

  private static func importer(
    _ role: String?, of person: ActingPerson, _ persons: [String: ActingPerson]
  ) throws -> ActingPerson {
    guard let role else { return person }
    guard let other = persons[role] else {
      throw CommandError(
        .notPermitted, .refused, zh: "\(person.account) 没有角色“\(role)”,不能导入这一步",
        en: "\(person.account) has no role \(role) and cannot import this step")
    }
    return other
  }

  /// What a row comes to, where its own faults are the row's to bear.
  private static func refusable<Value>(
    _ body: () throws -> Value
  ) throws -> Swift.Result<Value, CommandError> {
    do {
      return .success(try body())
    } catch let error as CommandError {
      return .failure(error)
    }
  }

  private func content(
    _ row: ImportRow, _ channel: String, _ region: RegionID?, _ places: Places
  ) throws -> LeadContent {
    guard let key = Hash(hex: row.sourceKey) else {
      throw CommandError.field("rows", zh: "来源键有误", en: "a row's source key is ill-formed")
    }
    var content = LeadContent(
      channel: channel, reportedAtMilliseconds: row.reportedAt, title: row.title, text: row.text)
    content.place = row.place
    content.types = row.types
    content.location = try LeadContent.location(row.latitude, row.longitude)
    content.respondent = row.respondent
    content.sourceKey = key
    var extra = row.extra.map { ContactSealer.Contact.Extra(name: $0.name, value: $0.value) }
    content.region = region
    if let text = row.region {
      // A name that is clear describes the lead; it never routes it.
      if region == nil, case .region(let found) = places.directory.resolve(text, in: places.tree) {
        content.region = found
      } else {
        extra.append(.init(name: "region", value: text))
      }
    }
    content.contact = ContactSealer.Contact(
      name: row.reporterName, contact: row.reporterContact, extra: extra)
    return content
  }
}
