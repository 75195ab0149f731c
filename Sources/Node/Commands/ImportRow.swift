import Casework
package import Intake
import Ledger
import Regions

/// One accepted row of a lead file, on its way from the caller's process to the node's.
///
/// It holds personal data: it travels over the local socket only and must not go into a log.
package struct ImportRow: Codable, Hashable, Sendable, CustomStringConvertible, CustomReflectable {
  /// A column that has no place in a lead.
  package struct Extra: Codable, Hashable, Sendable {
    package var name: String
    package var value: String
  }

  /// 64 hexadecimal digits that name the row: SHA-256 of its identity.
  package let sourceKey: String
  package let reportedAt: Int64
  package let title: String
  package let text: String
  package let place: String?
  /// The region as the source names it.
  package let region: String?
  package let types: [String]
  package let latitude: Double?
  package let longitude: Double?
  package let respondent: String?
  package let reporterName: String?
  package let reporterContact: String?
  package let extra: [Extra]
  /// The row's own channel; `nil` where that of the import counts.
  package let channel: String?
  /// What was done about it in an older system; `nil` for a lead that is new.
  package let history: ImportHistory?

  package init(
    _ lead: ImportedLead, through channel: String? = nil, history: ImportHistory? = nil
  ) {
    self.channel = channel
    self.history = history
    sourceKey = Hash(of: Array(lead.identityText.utf8)).description
    reportedAt = lead.reportedAtMilliseconds
    title = lead.title
    text = lead.body
    place = lead.place
    region = lead.regionText
    types = lead.types
    latitude = lead.latitude
    longitude = lead.longitude
    respondent = lead.respondent
    reporterName = lead.reporterName
    reporterContact = lead.reporterContact
    var extra = lead.extra.map { Extra(name: $0.name, value: $0.value) }
    // A lead has no place for these; the sealed entity keeps them with the rest of the row.
    if let number = lead.sourceNumber { extra.append(Extra(name: "source_number", value: number)) }
    if let id = lead.sourceID { extra.append(Extra(name: "source_id", value: id)) }
    if let deadline = lead.deadlineMilliseconds {
      extra.append(Extra(name: "deadline", value: CommandTime.text(deadline)))
    }
    self.extra = extra
  }

  package var description: String { "ImportRow" }
  package var customMirror: Mirror { Mirror(self, children: []) }

  /// The row's bytes, about: what it adds to a request and to a commit.
  package var byteEstimate: Int {
    let texts = [
      title, text, place ?? "", region ?? "", respondent ?? "", reporterName ?? "",
      reporterContact ?? "",
    ]
    let history = self.history?.byteEstimate ?? 0
    return extra.reduce(texts.reduce(1_024 + history) { $0 + $1.utf8.count }) {
      $0 + $1.name.utf8.count + $1.value.utf8.count + 16
    }
  }
}

/// What `import leads chunk` takes: rows that the caller has read.
package struct ImportChunkArguments: Codable, Hashable, Sendable {
  /// That of all rows; `nil` where each has its own.
  package let channel: String?
  /// The region of all rows, by id, name or code; `nil` takes each row's own where it is clear.
  package let region: String?
  package let rows: [ImportRow]
  /// Whether to tell only what would be added.
  package let dryRun: Bool

  /// The roles in which steps of these rows are written besides the importer's own.
  var roles: Set<String> {
    Set(rows.flatMap { $0.history?.steps.compactMap(\.role) ?? [] })
  }

  package init(channel: String?, region: String?, rows: [ImportRow], dryRun: Bool) {
    self.channel = channel
    self.region = region
    self.rows = rows
    self.dryRun = dryRun
  }
}

/// What became of a chunk's rows.
package struct ImportChunkAnswer: Codable, Hashable, Sendable {
  /// What became of one row.
  package enum Outcome: String, Codable, Sendable {
    case added, duplicate
    /// Beyond the ledger's bound for one event.
    case tooLarge = "too_large"
    /// The process or the ledger forbids the row's history; see ``refusals``.
    case refused
  }

  /// Why a row is refused.
  package struct Refusal: Codable, Hashable, Sendable {
    /// The row's place in the chunk.
    package let row: Int
    /// The stable word for the rejects file.
    package let code: String
    package let chinese: String
    package let english: String
  }

  /// In the order of the rows.
  package let outcomes: [Outcome]
  /// One for each refused row, in their order.
  package let refusals: [Refusal]

  package init(outcomes: [Outcome], refusals: [Refusal] = []) {
    self.outcomes = outcomes
    self.refusals = refusals
  }
}
