import Intake

/// Where an import's rows come from: a file of new leads, or the table of an older system with its
/// mapping.
struct ImportSource {
  /// A row that the node is to be asked about.
  struct Accepted {
    let row: ImportRow
    /// The line on which it starts.
    let line: Int
    /// The line of the first row of the file with the same identity, if there was one.
    let repeatsLine: Int?
    /// The row of a table as it stands there.
    let table: TextRow?

    /// The row as the node refused it.
    ///
    /// - Parameter refusal: `nil` for a row that is too large.
    func rejected(for refusal: ImportChunkAnswer.Refusal?) -> RejectedRow {
      RejectedRow(
        line: line, code: .init(refusal?.code ?? "row_too_long"),
        reason: refusal.map { IntakeText(zh: $0.chinese, en: $0.english) }
          ?? IntakeText(
            zh: "超过台账单个事件的限度;请缩短",
            en: "the lead is larger than an event of the ledger may be; shorten it"),
        row: table?.shown ?? String(row.title.prefix(IntakeBounds.quotedCharacters)))
    }
  }

  enum Row {
    case accepted(Accepted)
    case rejected(RejectedRow)
  }

  private enum Rows {
    case leads(LeadRows)
    case histories(HistoryRows)
  }

  private var rows: Rows

  /// - Throws: `IntakeError` for the file as a whole; `CommandError` for a mapping that does not fit it.
  init(_ plan: LeadImport.Plan) throws {
    if let (mapping, path) = plan.mapping {
      rows = .histories(try HistoryRows(path: plan.path, mapping: mapping, named: path))
    } else {
      rows = .leads(try LeadRows(path: plan.path, channel: ChannelKey(plan.channel ?? "")))
    }
  }

  /// The next row, or `nil` at the end of the file.
  mutating func next() throws -> Row? {
    switch rows {
    case .leads(var leads):
      defer { rows = .leads(leads) }
      switch try leads.next() {
      case .accepted(let line, let lead, let repeatsLine):
        return .accepted(
          Accepted(row: ImportRow(lead), line: line, repeatsLine: repeatsLine, table: nil))
      case .rejected(let rejected): return .rejected(rejected)
      case nil: return nil
      }
    case .histories(var histories):
      defer { rows = .histories(histories) }
      return try histories.next()
    }
  }
}
