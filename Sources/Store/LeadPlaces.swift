import Casework
import Regions

/// The regions at which a lead is listed: those that it is about, that founded it or that handle it.
enum LeadPlaces {
  /// Each region once, with whether it handles the lead.
  static func of(_ lead: Lead) -> [RegionID: Bool] {
    var places: [RegionID: Bool] = [lead.header.foundedBy: false]
    if let region = lead.region { places[region] = false }
    for region in lead.header.handler { places[region] = true }
    return places
  }

  static func insert(
    _ lead: Lead, entity: Int64, _ interning: inout Interning, _ connection: Connection
  ) throws {
    for (region, handles) in of(lead) {
      try connection.execute(
        "INSERT INTO lead_places (entity, region, handles) VALUES (?, ?, ?)", .integer(entity),
        .integer(interning.region(region, connection)), .integer(handles ? 1 : 0))
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
      guard let lead = (try? EntityState(decoding: state ?? [])).flatMap({ Lead($0) }) else {
        continue
      }
      try insert(lead, entity: row, &interning, connection)
    }
    connection.releaseStatements()
  }
}
