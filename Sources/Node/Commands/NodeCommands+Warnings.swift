import Casework
import Ledger
import Regions
import Store

/// What `warning list` takes.
package struct WarningListArguments: Codable, Hashable, Sendable {
  /// Those of this lead alone.
  package var lead: String?
  /// `yellow`, `orange` or `red`.
  package var level: String?
  package var limit: Int?

  package init() {}
}

/// A warning (预警).
package struct WarningAnswer: Codable, Hashable, Sendable {
  /// The case's id, and its number where it is a lead.
  package let id: String
  package let number: String?
  /// The directive's id and the recipient's region where the case is a receipt line.
  package let directive: String?
  package let recipient: String?
  /// The lead's id and what is to be done where the case is an item to rectify; the number is the lead's.
  package let lead: String?
  package let item: String?
  /// `stage`, `total` or `procedure`.
  package let subject: String
  /// `late` 做得晚, `slow` 做得慢 or `wrong` 做不对.
  package let breach: String
  package let level: String
  package let stage: String
  package let stageName: String
  /// The procedure that was broken, as a stable word.
  package let procedure: String?
  /// RFC 3339, when the level was reached or the procedure broken.
  package let since: String
  /// RFC 3339, when it was written, and by which office.
  package let writtenAt: String
  package let by: String
  package let event: String
}

/// What `warning sweep` did.
package struct WarningSweepAnswer: Codable, Hashable, Sendable {
  package let examined: Int
  package let warnings: Int
  package let supervisions: Int
}

extension NodeCommands {
  /// Writes the warnings whose time has come and which this node is to write.
  package func sweepWarnings() async throws -> WarningSweepAnswer {
    let sweep = try await core.sweepWarnings()
    return WarningSweepAnswer(
      examined: sweep.examined, warnings: sweep.warnings, supervisions: sweep.supervisions)
  }

  /// Lists warnings, those accepted last first; those of one lead and its items by their times instead.
  package func listWarnings(_ arguments: WarningListArguments) throws -> [WarningAnswer] {
    let limit = try limit(arguments.limit)
    let level = try arguments.level.map { word in
      guard let level = WarningLevel(rawValue: word), level.isScored else {
        throw CommandError.field(
          "--level", zh: "应为 yellow、orange 或 red", en: "must be yellow, orange or red")
      }
      return level
    }
    return try core.store.read { reader in
      let entity = try arguments.lead.map { try lead($0, in: reader).id }
      let filter = WarningFilter(entity: entity, level: level, limit: limit)
      guard let entity else { return try warnings(filter, in: reader) }
      // Those of a lead's items are warnings about the lead.
      let found =
        try [filter]
        + reader.items(of: entity).map {
          WarningFilter(entity: $0.id, level: level, limit: limit)
        }
      let all = try found.flatMap { try warnings($0, in: reader) }
      return Array(all.sorted { $0.since > $1.since }.prefix(limit))
    }
  }

  func warnings(_ filter: WarningFilter, in reader: StoreReader) throws -> [WarningAnswer] {
    try reader.warnings(filter).map { stored in
      let state = try reader.entity(stored.entity)?.state
      let line = state.flatMap { ReceiptLine($0) }
      let item = state.flatMap { RectificationItem($0) }
      let lead = try item?.lead.flatMap { try reader.entity($0) }?.state ?? state
      let (key, warning) = (stored.warning.key, stored.warning)
      return WarningAnswer(
        id: stored.entity.description, number: lead.flatMap { Lead($0) }?.number,
        directive: line?.directive?.description, recipient: line?.recipient?.rawValue,
        lead: item?.lead?.description, item: item?.text,
        subject: key.subject.rawValue, breach: warning.breach.rawValue, level: key.level.rawValue,
        stage: warning.stage,
        stageName: stageName(warning.stage, state),
        procedure: key.rule?.rawValue, since: CommandTime.text(warning.sinceMilliseconds),
        writtenAt: CommandTime.text(stored.writtenMilliseconds), by: stored.region.rawValue,
        event: stored.event.description)
    }
  }

  /// - Throws: `CommandError` for a number of rows that is out of range.
  func limit(_ limit: Int?) throws -> Int {
    let limit = limit ?? Self.usualPage
    guard (1...LeadFilter.maximumLimit).contains(limit) else {
      throw CommandError.field(
        "--limit", zh: "应为 1 至 \(LeadFilter.maximumLimit)",
        en: "must be 1 to \(LeadFilter.maximumLimit)")
    }
    return limit
  }
}
