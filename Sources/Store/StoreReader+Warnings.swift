package import Casework
package import Ledger
package import Regions

/// A warning as the ledger has it.
package struct StoredWarning: Hashable, Sendable {
  package let entity: EntityID
  package let warning: CaseWarning
  /// The event that says so.
  package let event: Hash
  /// The office that wrote it, and when, in milliseconds since 1970 UTC.
  package let region: RegionID
  package let writtenMilliseconds: UInt64
}

/// Which warnings are wanted.
package struct WarningFilter: Hashable, Sendable {
  package var entity: EntityID?
  package var level: WarningLevel?
  /// 1 to `LeadFilter.maximumLimit`.
  package var limit: Int

  package init(entity: EntityID? = nil, level: WarningLevel? = nil, limit: Int) {
    self.entity = entity
    self.level = level
    self.limit = limit
  }
}

extension StoreReader {
  /// The warnings that are held, those accepted last first; of doubles one.
  package func warnings(_ filter: WarningFilter) throws -> [StoredWarning] {
    var found: [StoredWarning] = []
    func take(_ row: borrowing SQLRow) throws -> Bool {
      let stamp = try Stamp(decoding: row.blob(8))
      guard let entity = EntityID(row.blob(6)), let warning = try WarningRows.warning(row, from: 0)
      else { return true }
      found.append(
        StoredWarning(
          entity: entity, warning: warning, event: try row.hash(7), region: stamp.origin.region,
          writtenMilliseconds: stamp.time.milliseconds))
      return found.count < filter.limit
    }
    let level = SQLValue.optional(filter.level?.rawValue)
    guard let entity = filter.entity else {
      try connection.query(
        """
        SELECT w.about, w.subject, w.level, w.rule, w.stage, w.since, n.uuid, e.hash, c.stamp
        FROM warnings w JOIN entities n ON n.id = w.entity JOIN events e ON e.id = w.event
        JOIN commits c ON c.id = w.event / 256
        WHERE ?1 IS NULL OR w.level = ?1 ORDER BY w.event DESC
        """, level, each: take)
      return found
    }
    try connection.query(
      """
      SELECT w.about, w.subject, w.level, w.rule, w.stage, w.since, n.uuid, e.hash, c.stamp
      FROM entities n JOIN warnings w ON w.entity = n.id JOIN events e ON e.id = w.event
      JOIN commits c ON c.id = w.event / 256
      WHERE n.uuid = ?2 AND (?1 IS NULL OR w.level = ?1) ORDER BY w.event DESC
      """, level, .blob(entity.bytes), each: take)
    return found
  }

  /// The supervision cases that are held, those accepted last first.
  ///
  /// - Parameters:
  ///   - lead: those about this lead alone.
  ///   - isOpen: leaves out those that are at an end.
  package func supervisions(
    of lead: EntityID? = nil, onlyOpen isOpen: Bool = false, limit: Int
  ) throws -> [StoredEntity] {
    var found: [StoredEntity] = []
    func take(_ row: borrowing SQLRow) throws -> Bool {
      found.append(try self.storedEntity(row))
      return found.count < limit
    }
    let least = SQLValue.integer(isOpen ? 1 : 0)
    guard let lead else {
      try connection.query(
        """
        SELECT e.uuid, e.state, e.heads, e.waiting, e.audience
        FROM supervisions s JOIN entities e ON e.id = s.entity
        WHERE s.is_open >= ? ORDER BY s.entity DESC
        """, least, each: take)
      return found
    }
    try connection.query(
      """
      SELECT e.uuid, e.state, e.heads, e.waiting, e.audience
      FROM supervisions s JOIN entities e ON e.id = s.entity
      WHERE s.is_open >= ? AND s.lead = ? ORDER BY s.entity DESC
      """, least, .blob(lead.bytes), each: take)
    return found
  }
}
