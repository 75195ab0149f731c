import Ledger
import Regions

/// Words of the ledger as small integers, cached. What a failed transaction interned is forgotten
/// with the whole cache.
struct Interning {
  /// Stands for this node itself where a source is named.
  static let ownSource: Int64 = 0

  private var regions: [RegionID: Int64] = [:]
  private var regionNames: [Int64: RegionID] = [:]
  private var kinds: [String: Int64] = [:]
  private var origins: [Origin: Int64] = [:]
  private var audiences: [[RegionID]: Int64] = [:]
  private var audienceRegions: [Int64: [RegionID]] = [:]

  mutating func region(_ region: RegionID, _ connection: Connection) throws -> Int64 {
    if let id = regions[region] { return id }
    let id =
      try connection.first(
        "SELECT id FROM regions WHERE name = ?", .text(region.rawValue), read: { $0.integer(0) })
      ?? connection.insert("INSERT INTO regions (name) VALUES (?)", .text(region.rawValue))
    regions[region] = id
    regionNames[id] = region
    return id
  }

  mutating func region(named id: Int64, _ connection: Connection) throws -> RegionID? {
    if let region = regionNames[id] { return region }
    let name = try connection.first(
      "SELECT name FROM regions WHERE id = ?", .integer(id), read: { $0.text(0) })
    let region = name.flatMap { $0 == RegionID.everyone.rawValue ? .everyone : RegionID($0) }
    regionNames[id] = region
    return region
  }

  mutating func kind(_ kind: String, _ connection: Connection) throws -> Int64 {
    if let id = kinds[kind] { return id }
    let id =
      try connection.first(
        "SELECT id FROM kinds WHERE name = ?", .text(kind), read: { $0.integer(0) })
      ?? connection.insert("INSERT INTO kinds (name) VALUES (?)", .text(kind))
    // Kinds come from peers as well, so the cache is bounded; the table grows with what is held.
    if kinds.count < Self.cachedKinds { kinds[kind] = id }
    return id
  }

  private static let cachedKinds = 1_024

  mutating func origin(_ origin: Origin, _ connection: Connection) throws -> Int64 {
    if let id = origins[origin] { return id }
    let region = try region(origin.region, connection)
    let id =
      try connection.first(
        "SELECT id FROM origins WHERE region = ? AND incarnation = ?", .integer(region),
        .integer(Int64(origin.incarnation)), read: { $0.integer(0) })
      ?? connection.insert(
        "INSERT INTO origins (region, incarnation) VALUES (?, ?)", .integer(region),
        .integer(Int64(origin.incarnation)))
    origins[origin] = id
    return id
  }

  /// - Parameter audience: sorted, without doubles.
  mutating func audience(_ audience: [RegionID], _ connection: Connection) throws -> Int64 {
    if let id = audiences[audience] { return id }
    let text = audience.map(\.rawValue).joined(separator: " ")
    let id =
      try connection.first(
        "SELECT id FROM audiences WHERE regions = ?", .text(text), read: { $0.integer(0) })
      ?? connection.insert("INSERT INTO audiences (regions) VALUES (?)", .text(text))
    audiences[audience] = id
    audienceRegions[id] = audience
    return id
  }

  mutating func audience(numbered id: Int64, _ connection: Connection) throws -> [RegionID] {
    if let regions = audienceRegions[id] { return regions }
    let text = try connection.first(
      "SELECT regions FROM audiences WHERE id = ?", .integer(id), read: { $0.text(0) })
    guard let text else { throw StoreError(.damaged, "audience \(id) is missing") }
    let regions = Self.regions(in: text)
    audienceRegions[id] = regions
    audiences[regions] = id
    return regions
  }

  static func regions(in text: String) -> [RegionID] {
    text.split(separator: " ").compactMap {
      $0 == RegionID.everyone.rawValue ? .everyone : RegionID($0)
    }
  }
}

extension Connection {
  /// Runs an insertion and gives the new row's id.
  func insert(_ sql: StaticString, _ value: SQLValue) throws -> Int64 {
    try execute(sql, value)
    return lastInsertedID
  }

  func insert(_ sql: StaticString, _ first: SQLValue, _ second: SQLValue) throws -> Int64 {
    try execute(sql, first, second)
    return lastInsertedID
  }
}
