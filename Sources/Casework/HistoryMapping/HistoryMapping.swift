import Regions

/// How the table of an older system tells whole histories of leads (历史数据映射): which columns are
/// which fields, which stage each of its words means, and which acts its times stand for.
///
/// It names columns and words alone; a row is read by whoever holds the table.
package struct HistoryMapping: Sendable {
  /// How a text is had from a row.
  package struct Source: Hashable, Sendable {
    /// The columns; the first that a row fills counts.
    package var columns: [String] = []
    /// What stands for a text; a text that is not in the table stands for itself.
    package var table: [String: String] = [:]
    /// The text where no column is filled; `nil` for none.
    package var constant: String?

    /// - Parameter row: the filled fields of a row by column.
    /// - Returns: `nil` where the row has no value.
    package func text(in row: [String: String]) -> String? {
      guard let text = columns.lazy.compactMap({ row[$0] }).first else { return constant }
      return table[text] ?? text
    }
  }

  /// The fields of a lead that a mapping can name.
  package enum LeadField: String, CaseIterable, Sendable {
    case sourceID = "source_id"
    case channel
    case reportedAt = "reported_at"
    case title, body, place, region, types, respondent
    case reporterName = "reporter_name"
    case reporterContact = "reporter_contact"
    case sourceNumber = "source_number"
    case deadline
    case latitude = "lat"
    case longitude = "lon"
  }

  /// The ways in which a table may write times.
  package enum TimeForm: String, CaseIterable, Sendable {
    /// As people write them, such as `2019/2/28 11:25`.
    case written
    /// As a spreadsheet counts days, such as `43782.47`.
    case serial
  }

  /// Where the table tells at which stage a lead is.
  package struct StageColumn: Sendable {
    /// The column's name.
    package let column: String
    /// The stages that each word of the table may mean.
    package let stages: [String: [String]]
    let places: [String: Place]
  }

  /// A step of a history: one act, done where its time is filled.
  package struct Step: Sendable {
    /// The act, by kind, with or without its family, or Chinese name.
    package let act: String
    /// The columns of its time; the first that a row fills counts.
    package let at: [String]
    /// Who did it.
    package var by: Source?
    /// The role in which the import writes it; `nil` for the importer's own.
    package var role: String?
    /// The words that columns must have for the step to be one.
    package var conditions: [String: Set<String>] = [:]
    /// The units that handle the lead from then on, the lead unit first.
    package var to: [Source] = []
    /// The department inside the lead unit.
    package var department: Source?
    /// The columns of the time until which it was to be done.
    package var due: [String] = []
    /// What the body holds, by name.
    package var entries: [String: Source] = [:]
    /// The names under which the body holds the events of an act of the same history.
    package var events: [String: String] = [:]
    /// Every column that the step reads.
    package var columns: Set<String> {
      let sources = [by, department].compactMap { $0 } + to + entries.values
      return Set(at + due + conditions.keys + sources.flatMap(\.columns))
    }

    let place: Place
    /// Where the words under its keys stand, by key, or `set.NAME` and `events.NAME`.
    var places: [String: Place] = [:]

    init(act: String, at: [String], place: Place) {
      self.act = act
      self.at = at
      self.place = place
    }

    func place(of key: String) -> Place { places[key] ?? place }
  }

  /// The words that mean that there is no value.
  package let absent: Set<String>
  /// The ways of writing times that are read.
  package let timeForms: Set<TimeForm>
  /// Where each field of the lead comes from.
  package let lead: [LeadField: Source]
  /// Where the table tells the stage.
  package let stage: StageColumn
  /// In the order in which they happen where their times do not tell.
  package let steps: [Step]
  /// Every column that is named, with its place.
  let columns: [NamedColumn]

  struct NamedColumn {
    let name: String
    let place: Place
  }

  /// The most steps of a history, so that it stays within a commit.
  package static let maximumSteps = 64
  /// The entry of a body for the due time. A step has it by its own key, since a time that is over
  /// counts as a claim alone.
  package static let dueEntry = "due"
}

extension HistoryMapping {
  /// What a table's header lacks of what the mapping names, and what it has twice.
  package func findings(in header: [String]) -> [FileFinding] {
    let found = Dictionary(header.map { ($0, 1) }, uniquingKeysWith: +)
    let listed = header.prefix(Self.listedColumns).joined(separator: ", ")
    return columns.compactMap { column in
      switch found[column.name] ?? 0 {
      case 1: nil
      case 0:
        FileFinding(
          column.place, "unknown_column", "表头没有“\(column.name)”这一列,现有:\(listed)",
          "the header has no column '\(column.name)'; it has \(listed)")
      default:
        FileFinding(
          column.place, "doubled_column", "表头有两列都叫“\(column.name)”,请改名后再导入",
          "the header has two columns '\(column.name)': rename one of them")
      }
    }
  }

  private static let listedColumns = 40
}

extension FileFinding {
  init(_ place: Place, _ code: String, _ chinese: String, _ english: String) {
    self.init(
      line: place.line, column: place.column, code: code, chinese: chinese, english: english)
  }
}
