package import Ledger
import Regions

/// What is held of one origin.
package struct OriginSummary: Hashable, Sendable {
  package let origin: Origin
  package let commits: Int64
  /// The commits that a closure in force leaves out.
  package let barred: Int64
  package let lastSequence: UInt64
  /// Whether a closure is in force.
  package let isClosed: Bool
}

/// A commit's place in its origin's chain.
package struct ChainPlace: Hashable, Sendable {
  package let sequence: UInt64
  package let hash: Hash
}

extension StoreReader {
  /// The origins of which anything is held or that are closed, by region and incarnation.
  package func origins() throws -> [OriginSummary] {
    let closed = try ClosedOrigins(connection)
    var held: [Origin: (commits: Int64, last: UInt64)] = [:]
    try connection.query(
      """
      SELECT r.name, o.incarnation, COUNT(c.id), COALESCE(MAX(c.sequence), 0)
      FROM origins o JOIN regions r ON r.id = o.region LEFT JOIN commits c ON c.origin = o.id
      GROUP BY o.id
      """
    ) { row in
      guard let region = RegionID(row.text(0)) else {
        throw StoreError(.damaged, "an origin's region is ill-formed; run `liandong verify`")
      }
      held[Origin(region: region, incarnation: try row.exactly(1))] = (
        row.integer(2), try row.exactly(3)
      )
      return true
    }
    for origin in closed.origins where held[origin] == nil { held[origin] = (0, 0) }
    return try held.sorted { $0.key < $1.key }.map { origin, found in
      OriginSummary(
        origin: origin, commits: found.commits,
        barred: closed.contains(origin) ? try barredCommits(of: origin, closed) : 0,
        lastSequence: found.last, isClosed: closed.contains(origin))
    }
  }

  private func barredCommits(of origin: Origin, _ closed: ClosedOrigins) throws -> Int64 {
    try commits(of: origin).reduce(0) { count, place in
      try closed.isGood(place.hash, of: origin, connection) ? count : count + 1
    }
  }

  /// Those of an origin's held commits that no closure in force leaves out.
  package func unbarred(_ commits: [ChainPlace], of origin: Origin) throws -> [ChainPlace] {
    let closed = try ClosedOrigins(connection)
    return try commits.filter { try closed.isGood($0.hash, of: origin, connection) }
  }

  /// The held commits of an origin, by sequence, then hash.
  package func commits(of origin: Origin) throws -> [ChainPlace] {
    var places: [ChainPlace] = []
    try connection.query(
      """
      SELECT c.sequence, c.hash FROM regions r JOIN origins o ON o.region = r.id
      JOIN commits c ON c.origin = o.id
      WHERE r.name = ? AND o.incarnation = ? ORDER BY c.sequence, c.hash
      """, .text(origin.region.rawValue), .integer(Int64(origin.incarnation))
    ) { row in
      places.append(ChainPlace(sequence: try row.exactly(0), hash: try row.hash(1)))
      return true
    }
    return places
  }

  /// Whether the hub has closed this node's present origin, so that it must open another.
  package func isOwnOriginClosed() throws -> Bool {
    try ClosedOrigins(connection).contains(identity().origin)
  }
}
