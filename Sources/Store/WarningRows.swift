import Casework
import Ledger

/// The table of warnings, a row for each key of `CaseWarning`, from the effective events that say so.
enum WarningRows {
  struct Row: Hashable {
    let warning: CaseWarning
    /// The event's row; of several with one key, that of the event which comes first by time and hash.
    let event: Int64
  }

  /// The rows of an entity by its state, in the order of their events' times.
  static func of(_ state: EntityState, entity: Int64, _ connection: Connection) throws -> [Row] {
    let kind = Process.warnedKind(of: state.family)
    guard state.facts[kind] != nil else { return [] }
    let ineffective = Set(state.ineffective.map(\.event))
    var found: [(time: HybridTime, hash: Hash, row: Row)] = []
    try connection.query(
      """
      SELECT e.id, e.bytes, c.stamp FROM events e JOIN commits c ON c.id = e.id / 256
      WHERE e.entity = ? AND e.kind = (SELECT id FROM kinds WHERE name = ?)
      """, .integer(entity), .text(kind)
    ) { row in
      let (event, stamp) = try storedEvent(row.blob(1), stampBytes: row.blob(2))
      if !ineffective.contains(event.hash), let body = try? CanonicalValue(decoding: event.body),
        let warning = CaseWarning(body)
      {
        found.append((stamp.time, event.hash, Row(warning: warning, event: row.integer(0))))
      }
      return true
    }
    found.sort { ($0.time, $0.hash) < ($1.time, $1.hash) }
    var keys: Set<CaseWarning.Key> = []
    return found.map(\.row).filter { keys.insert($0.warning.key).inserted }
  }

  /// Puts an entity's rows in place of those before.
  static func write(_ state: EntityState, entity: Int64, _ connection: Connection) throws {
    try connection.execute("DELETE FROM warnings WHERE entity = ?", .integer(entity))
    for row in try of(state, entity: entity, connection) {
      let (key, warning) = (row.warning.key, row.warning)
      try connection.execute(
        """
        INSERT INTO warnings (event, entity, about, subject, level, rule, stage, since)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """, .integer(row.event), .integer(entity), .hash(key.event), .text(key.subject.rawValue),
        .text(key.level.rawValue), .optional(key.rule?.rawValue), .text(warning.stage),
        .integer(warning.sinceMilliseconds))
    }
  }

  /// The rows that stand in the table for an entity.
  static func stored(entity: Int64, _ connection: Connection) throws -> [Row] {
    var rows: [Row] = []
    try connection.query(
      """
      SELECT about, subject, level, rule, stage, since, event FROM warnings
      WHERE entity = ? ORDER BY event
      """, .integer(entity)
    ) { row in
      if let warning = try warning(row, from: 0) {
        rows.append(Row(warning: warning, event: row.integer(6)))
      }
      return true
    }
    return rows
  }

  /// Reads the columns `about, subject, level, rule, stage, since`; `nil` for words of a later layout.
  static func warning(_ row: borrowing SQLRow, from column: Int32) throws -> CaseWarning? {
    guard let subject = CaseWarning.Subject(rawValue: row.text(column + 1)),
      let level = WarningLevel(rawValue: row.text(column + 2))
    else { return nil }
    let rule = row.isNull(column + 3) ? nil : ProcedureRule(rawValue: row.text(column + 3))
    let key = CaseWarning.Key(
      subject: subject, event: try row.hash(column), level: level, rule: rule)
    return CaseWarning(
      key, stage: row.text(column + 4), sinceMilliseconds: row.integer(column + 5))
  }
}
