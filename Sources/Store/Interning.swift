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

  /// - Parameter audience: sorted, without doubles, at most `sharedRegions` regions.
  mutating func audience(_ audience: [RegionID], _ connection: Connection) throws -> Int64 {
    if let id = audiences[audience] { return id }
    let id = try Self.row(of: Self.text(of: audience), connection)
    remember(audience, id)
    return id
  }

  /// An audience of more than `sharedRegions` regions, which is one entity's own: as it grows, its
  /// rows are replaced, and long lists do not pile up.
  mutating func audience(
    _ audience: [RegionID], of entity: Int64, _ connection: Connection
  ) throws -> Int64 {
    try Self.row(of: "#\(entity) " + Self.text(of: audience), connection)
  }

  /// Removes the row of an audience that the entity has left, where it was its own.
  func drop(audience id: Int64, of entity: Int64, _ connection: Connection) throws {
    // Shared ones are in memory.
    guard audienceRegions[id] == nil else { return }
    let mark = "#\(entity) "
    try connection.execute(
      "DELETE FROM audiences WHERE id = ? AND substr(regions, 1, ?) = ?", .integer(id),
      .integer(Int64(mark.utf8.count)), .text(mark))
  }

  mutating func audience(numbered id: Int64, _ connection: Connection) throws -> [RegionID] {
    if let regions = audienceRegions[id] { return regions }
    let text = try connection.first(
      "SELECT regions FROM audiences WHERE id = ?", .integer(id), read: { $0.text(0) })
    guard let text else { throw StoreError(.damaged, "audience \(id) is missing") }
    let regions = Self.regions(in: text)
    if regions.count <= Self.sharedRegions { remember(regions, id) }
    return regions
  }

  /// An audience of more regions is not shared between entities, nor kept in memory.
  static let sharedRegions = 64
  /// The most audiences that are kept in memory.
  static let cachedAudiences = 16_384

  private mutating func remember(_ audience: [RegionID], _ id: Int64) {
    if audiences.count >= Self.cachedAudiences {
      audiences.removeAll(keepingCapacity: true)
      audienceRegions.removeAll(keepingCapacity: true)
    }
    audiences[audience] = id
    audienceRegions[id] = audience
  }

  private static func text(of audience: [RegionID]) -> String {
    audience.map(\.rawValue).joined(separator: " ")
  }

  private static func row(of text: String, _ connection: Connection) throws -> Int64 {
    try connection.first(
      "SELECT id FROM audiences WHERE regions = ?", .text(text), read: { $0.integer(0) })
      ?? connection.insert("INSERT INTO audiences (regions) VALUES (?)", .text(text))
  }

  /// The regions of an audience's row. The mark of one that is an entity's own names none.
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
