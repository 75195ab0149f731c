import Casework
import Intake
import Ledger
import Regions
import Store

extension NodeCommands {
  /// A commit's bytes that import rows may fill; the rest is for stamps and estimates that fall
  /// short.
  private static let commitBytes = LedgerBounds.commitBytes * 7 / 8
  /// The most bytes of one row's lead, and of its sealed contact.
  private static let rowBytes = LedgerBounds.eventBodyBytes - 2_048

  /// Takes in rows of a lead file, all of them in one transaction. A row whose source key is known
  /// adds nothing.
  ///
  /// - Throws: `CommandError` of exit 65 for channel or region.
  package func importLeads(
    _ arguments: ImportChunkArguments, by person: ActingPerson
  ) async throws -> ImportChunkAnswer {
    let channel = try ChannelKey(arguments.channel).rawValue
    try core.store.read { try check(channel: channel, in: $0) }
    let places = try places()
    let region = try arguments.region.map { try self.region($0, field: "--region", places) }
    let rows = try arguments.rows.map { keyed(try content($0, channel, region, places)) }
    if arguments.dryRun { return try foresee(rows) }
    let number = try regionNumber(places)
    return try await core.writer.write { [self] transaction in
      var seen = transaction.pendingSourceKeys()
      var outcomes: [ImportChunkAnswer.Outcome] = []
      var waiting: [LeadContent] = []
      for row in rows {
        let outcome = try outcome(of: row, seen: &seen) { try transaction.isImported($0) }
        outcomes.append(outcome)
        if outcome == .added { waiting.append(row) }
      }
      try keepKeys(of: waiting)
      let rules = try Rules(self, transaction.reader)
      var rest = waiting[...]
      while !rest.isEmpty {
        let part = Self.commitful(of: rest)
        rest = rest.dropFirst(part.count)
        _ = try transaction.author(actor: person.account, role: person.role, lane: .bulk) { draft in
          for content in part {
            _ = try add(
              content, numbered: try nextNumber(of: number, in: transaction), by: rules, of: person,
              to: &draft)
          }
        }
      }
      return ImportChunkAnswer(outcomes: outcomes)
    }
  }

  private func foresee(_ rows: [LeadContent]) throws -> ImportChunkAnswer {
    try core.store.read { reader in
      var seen: Set<Hash> = []
      return ImportChunkAnswer(
        outcomes: try rows.map { row in
          try outcome(of: row, seen: &seen) { try reader.isImported($0) }
        })
    }
  }

  private func outcome(
    of row: LeadContent, seen: inout Set<Hash>, isImported: (Hash) throws -> Bool
  ) throws -> ImportChunkAnswer.Outcome {
    guard let key = row.sourceKey else { preconditionFailure("an imported row has a source key") }
    if try isImported(key) { return .duplicate }
    var lead = row
    lead.contact = ContactSealer.Contact(name: nil, contact: nil)
    let leadBytes = lead.byteEstimate
    let contactBytes = row.byteEstimate - leadBytes
    guard leadBytes <= Self.rowBytes, contactBytes <= Self.rowBytes else { return .tooLarge }
    return seen.insert(key).inserted ? .added : .duplicate
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
