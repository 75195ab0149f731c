import Casework
import Regions

/// The table of the regions at which leads are listed.
enum LeadPlaces {
  /// Puts a lead's places in the place of those that are there.
  ///
  /// - Parameter isNew: whether none are there.
  static func replace(
    with places: [RegionID: Bool], entity: Int64, isNew: Bool, _ interning: inout Interning,
    _ connection: Connection
  ) throws {
    var wanted: [Int64: Bool] = [:]
    for (region, handles) in places { wanted[try interning.region(region, connection)] = handles }
    var stale: [Int64] = []
    if !isNew {
      try connection.query(
        "SELECT region, handles FROM lead_places WHERE entity = ?", .integer(entity)
      ) { row in
        let region = row.integer(0)
        if wanted[region] == (row.integer(1) != 0) {
          wanted[region] = nil
        } else if wanted[region] == nil {
          stale.append(region)
        }
        return true
      }
    }
    for region in stale {
      try connection.execute(
        "DELETE FROM lead_places WHERE entity = ? AND region = ?", .integer(entity),
        .integer(region))
    }
    for (region, handles) in wanted {
      try connection.execute(
        """
        INSERT INTO lead_places (entity, region, handles) VALUES (?, ?, ?)
        ON CONFLICT (entity, region) DO UPDATE SET handles = excluded.handles
        """,
        .integer(entity), .integer(region), .integer(handles ? 1 : 0))
    }
  }

  /// Lists the leads of a store that had no such list.
  static func fill(_ connection: Connection) throws {
    var interning = Interning()
    var rows: [Int64] = []
    try connection.query("SELECT entity FROM leads") { row in
      rows.append(row.integer(0))
      return true
    }
    for row in rows {
      let state = try connection.first(
        "SELECT state FROM entities WHERE id = ?", .integer(row), read: { $0.blob(0) })
      // One that cannot be read is for `rebuild`.
      guard let lead = (try? EntityState(decoding: state ?? [])).flatMap({ LeadRow($0) }) else {
        continue
      }
      try replace(with: lead.places, entity: row, isNew: true, &interning, connection)
    }
    connection.releaseStatements()
  }
}
