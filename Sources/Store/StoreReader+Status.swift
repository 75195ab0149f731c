import Crypto
package import Ledger
package import Regions
package import Replication

/// Figures of a store for `status`.
package struct StoreFigures: Hashable, Sendable {
  package let commits: Int64
  package let events: UInt64
  package let leads: Int64
  package let directives: Int64
  package let openConflicts: Int64
  package let setAside: Int64
  package let pages: Int64
  package let pageBytes: Int64
  package let synchronous: String
  package let journal: String
}

/// What waits in one outbox.
package struct Backlog: Hashable, Sendable {
  package let events: UInt64
  /// An estimate from the events that wait, at most the newest few thousand.
  package let bytes: UInt64
  /// When the oldest event that waits was accepted here, in milliseconds since 1970 UTC.
  package let oldestMilliseconds: UInt64?
}

extension StoreReader {
  private static let setAside: StaticString = """
    SELECT (SELECT COUNT(*) FROM set_aside)
      + (SELECT COALESCE(SUM(commits), 0) FROM set_aside_beyond)
    """

  static let openConflicts: StaticString = """
    SELECT audience, conflicts FROM entities WHERE conflicts + decided > 0 AND conflicts > 0
    """

  /// How many conflicts are open, but for those in frozen copies: a decision on them never comes here.
  private func openConflicts() throws -> Int64 {
    let (region, trees) = (try identity().region, try signedTrees())
    var counts: [Int64: Int64] = [:]
    try connection.query(Self.openConflicts) { row in
      counts[row.integer(0), default: 0] += row.integer(1)
      return true
    }
    return try counts.reduce(into: 0) { sum, counted in
      let audience = try connection.first(
        "SELECT regions FROM audiences WHERE id = ?", .integer(counted.key),
        read: { Interning.regions(in: $0.text(0)) })
      if trees.departure(of: region, from: audience ?? []) == nil { sum += counted.value }
    }
  }

  package func figures() throws -> StoreFigures {
    func count(_ sql: StaticString) throws -> Int64 {
      try connection.first(sql, read: { $0.integer(0) }) ?? 0
    }
    let synchronous = try count("PRAGMA synchronous")
    return StoreFigures(
      commits: try count("SELECT MAX(id) FROM commits"), events: try identity().eventCount,
      leads: try count("SELECT COUNT(*) FROM leads"),
      directives: try count("SELECT COUNT(*) FROM directives"),
      openConflicts: try openConflicts(),
      setAside: try count(Self.setAside), pages: try count("PRAGMA page_count"),
      pageBytes: try count("PRAGMA page_size"),
      synchronous: ["off", "normal", "full", "extra"][Int(min(max(synchronous, 0), 3))],
      journal: try connection.first("PRAGMA journal_mode", read: { $0.text(0) }) ?? "")
  }

  /// What is queued to a peer beyond its last known cursor.
  package func backlog(for peer: RegionID) throws -> Backlog {
    guard let row = try regionRow(peer) else {
      return Backlog(events: 0, bytes: 0, oldestMilliseconds: nil)
    }
    var (events, bytes): (UInt64, UInt64) = (0, 0)
    var oldest: UInt64?
    for lane in Lane.allCases {
      let lane = SQLValue.integer(Int64(lane.rawValue))
      let head = try connection.first(
        "SELECT position, acknowledged FROM outbox_heads WHERE peer = ? AND lane = ?",
        .integer(row), lane,
        read: { (try $0.exactly(0, as: UInt64.self), try $0.exactly(1, as: UInt64.self)) })
      guard let (position, acknowledged) = head, position > acknowledged else { continue }
      events += position - acknowledged
      let sample = try connection.first(
        """
        SELECT COUNT(*), SUM(LENGTH(bytes)), MIN(at) FROM (
          SELECT e.bytes AS bytes, c.accepted_at AS at FROM outbox o
          JOIN events e ON e.id = o.event JOIN commits c ON c.id = e.id / 256
          WHERE o.peer = ? AND o.lane = ? AND o.position > ? ORDER BY o.position LIMIT 1000)
        """, .integer(row), lane, .integer(Int64(acknowledged)),
        read: { row -> (count: UInt64, bytes: UInt64, oldest: UInt64) in
          (try row.exactly(0), try row.exactly(1), try row.exactly(2))
        })
      guard let (count, sum, at) = sample, count > 0 else { continue }
      let estimate = Double(sum) / Double(count) * Double(position - acknowledged)
      bytes += UInt64(min(estimate, 1e18))
      oldest = min(oldest ?? .max, at)
    }
    return Backlog(events: events, bytes: bytes, oldestMilliseconds: oldest)
  }

  /// How many commits of a peer were set aside and not taken since.
  package func setAsideCount(from peer: RegionID) throws -> Int64 {
    guard let row = try regionRow(peer) else { return 0 }
    return try connection.first(
      """
      SELECT (SELECT COUNT(*) FROM set_aside WHERE peer = ?1)
        + (SELECT COALESCE(SUM(commits), 0) FROM set_aside_beyond WHERE peer = ?1)
      """, .integer(row), read: { $0.integer(0) }) ?? 0
  }

  /// SHA-256 over the ids and state bytes, by ascending id, of the entities whose audience names the
  /// region: equal at all holders that have converged.
  package func digest(of region: RegionID) throws -> Hash {
    var audiences: Set<Int64> = []
    try connection.query("SELECT id, regions FROM audiences") { row in
      if Interning.regions(in: row.text(1)).contains(region) { audiences.insert(row.integer(0)) }
      return true
    }
    var hasher = SHA256()
    try connection.query("SELECT audience, uuid, state FROM entities ORDER BY uuid") { row in
      guard audiences.contains(row.integer(0)) else { return true }
      hasher.update(data: row.blob(1))
      hasher.update(data: row.blob(2))
      return true
    }
    return Hash(hasher.finalize())
  }

  /// The signed trees that are known here.
  package func signedTrees() throws -> TreeHistory { try treeMemory.trees(connection) }

  /// When this node learned each of the trees, by event hash: milliseconds since 1970 UTC.
  package func treesLearned() throws -> [Hash: UInt64] {
    var times: [Hash: UInt64] = [:]
    try connection.query(
      """
      SELECT e.hash, c.accepted_at FROM trees t JOIN events e ON e.id = t.event
      JOIN commits c ON c.id = e.id / 256
      """
    ) { row in
      if let hash = Hash(row.blob(0)) { times[hash] = try row.exactly(1) }
      return true
    }
    return times
  }
}

extension TreeHistory {
  /// Reads all trees from the ledger.
  init(stored connection: Connection) throws {
    self.init()
    try connection.query(
      """
      SELECT e.bytes, c.stamp FROM trees t JOIN events e ON e.id = t.event
      JOIN commits c ON c.id = e.id / 256
      """
    ) { row in
      let (event, stamp) = try storedEvent(row.blob(0), stampBytes: row.blob(1))
      if let tree = SignedTree(event, of: stamp) { _ = learn(tree) }
      return true
    }
  }
}
