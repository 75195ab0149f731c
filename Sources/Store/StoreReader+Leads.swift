import Casework
package import Ledger
package import Regions

/// Which leads a list shows.
package struct LeadFilter: Hashable, Sendable {
  /// A stage's key.
  package var stage: String?
  /// The region that the lead is about, that founded it or that handles it.
  package var region: RegionID?
  /// The region that handles it, as lead unit or co-unit.
  package var handler: RegionID?
  /// Lists what was accepted before this lead, newest first: the last of the page before.
  package var before: EntityID?
  /// The most leads of a page.
  package var limit: Int

  /// The most leads that one page may have.
  package static let maximumLimit = 1_000

  package init(limit: Int) { self.limit = min(max(limit, 1), Self.maximumLimit) }

  fileprivate func admits(_ lead: Lead) -> Bool {
    let header = lead.header
    if let stage, header.stage != stage { return false }
    if let handler, !header.handler.contains(handler) { return false }
    guard let region else { return true }
    return lead.region == region || header.foundedBy == region || header.handler.contains(region)
  }
}

extension StoreReader {
  /// Of a place and a stage the rarer is walked through, and each of its leads looked at for the
  /// other; of those that have so many or more, the place.
  package static let walkedLeads = 10_000

  /// A page of leads, those accepted last first.
  ///
  /// Costs what it shows where a place or a stage is asked for alone. Where both are, it may cost a walk
  /// through the leads of the rarer one.
  ///
  /// - Parameter walked: see ``walkedLeads``.
  package func leads(
    _ filter: LeadFilter, walkingAtMost walked: Int = StoreReader.walkedLeads
  ) throws -> [StoredEntity] {
    var start = Int64.max
    if let before = filter.before {
      start =
        try connection.first(
          "SELECT id FROM entities WHERE uuid = ?", .blob(before.bytes), read: { $0.integer(0) })
        ?? 0
    }
    var page: [StoredEntity] = []
    func take(_ row: borrowing SQLRow) throws -> Bool {
      let entity = try self.storedEntity(row)
      if let lead = entity.state.flatMap({ Lead($0) }), filter.admits(lead) { page.append(entity) }
      return page.count < filter.limit
    }
    let (from, stage) = (SQLValue.integer(start), SQLValue.optional(filter.stage))
    guard let place = filter.handler ?? filter.region else {
      let query = filter.stage == nil ? Self.allLeads : Self.leadsAtStage
      try connection.query(query, from, stage, each: take)
      return page
    }
    guard let region = try regionRow(place).map({ SQLValue.integer($0) }) else { return [] }
    let isHandler = filter.handler != nil
    var query = isHandler ? Self.leadsOfHandler : Self.leadsOfRegion
    if filter.stage != nil {
      let counted = isHandler ? Self.handlerCount : Self.regionCount
      let atStage = try count(Self.stageCount, from, stage, upTo: walked)
      if try atStage < count(counted, from, region, upTo: walked) {
        query = Self.leadsAtStageOfRegion
      }
    }
    try connection.query(
      query, from, stage, region, .integer(isHandler ? 1 : 0), each: take)
    return page
  }

  /// How many there are; no more than so many are counted.
  private func count(
    _ query: StaticString, _ from: SQLValue, _ value: SQLValue, upTo bound: Int
  ) throws -> Int64 {
    try connection.first(
      query, from, value, .integer(Int64(bound)), read: { $0.integer(0) }) ?? 0
  }

  static let allLeads: StaticString = """
    SELECT e.uuid, e.state, e.heads, e.waiting, e.audience
    FROM leads l JOIN entities e ON e.id = l.entity
    WHERE l.entity < ?1 AND ?2 IS NULL ORDER BY l.entity DESC
    """
  static let leadsAtStage: StaticString = """
    SELECT e.uuid, e.state, e.heads, e.waiting, e.audience
    FROM leads l CROSS JOIN entities e ON e.id = l.entity
    WHERE l.stage = ?2 AND l.entity < ?1 ORDER BY l.entity DESC
    """
  static let leadsOfRegion: StaticString = """
    SELECT e.uuid, e.state, e.heads, e.waiting, e.audience
    FROM lead_places p CROSS JOIN leads l ON l.entity = p.entity
    CROSS JOIN entities e ON e.id = p.entity
    WHERE p.region = ?3 AND p.entity < ?1 AND p.handles >= ?4 AND (?2 IS NULL OR l.stage = ?2)
    ORDER BY p.entity DESC
    """
  /// By itself SQLite takes the larger index, which covers the query.
  static let leadsOfHandler: StaticString = """
    SELECT e.uuid, e.state, e.heads, e.waiting, e.audience
    FROM lead_places p INDEXED BY lead_places_handled
    CROSS JOIN leads l ON l.entity = p.entity CROSS JOIN entities e ON e.id = p.entity
    WHERE p.region = ?3 AND p.entity < ?1 AND p.handles = 1 AND ?4 = 1
      AND (?2 IS NULL OR l.stage = ?2)
    ORDER BY p.entity DESC
    """
  static let leadsAtStageOfRegion: StaticString = """
    SELECT e.uuid, e.state, e.heads, e.waiting, e.audience
    FROM leads l CROSS JOIN lead_places p ON p.entity = l.entity AND p.region = ?3
    CROSS JOIN entities e ON e.id = l.entity
    WHERE l.stage = ?2 AND l.entity < ?1 AND p.handles >= ?4 ORDER BY l.entity DESC
    """
  static let stageCount: StaticString = """
    SELECT COUNT(*) FROM (SELECT 1 FROM leads WHERE stage = ?2 AND entity < ?1 LIMIT ?3)
    """
  static let regionCount: StaticString = """
    SELECT COUNT(*) FROM (SELECT 1 FROM lead_places WHERE region = ?2 AND entity < ?1 LIMIT ?3)
    """
  static let handlerCount: StaticString = """
    SELECT COUNT(*) FROM (
      SELECT 1 FROM lead_places INDEXED BY lead_places_handled
      WHERE region = ?2 AND entity < ?1 AND handles = 1 LIMIT ?3)
    """
}
