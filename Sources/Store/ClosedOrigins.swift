import Ledger
import Regions

/// The origins that complete closures bar, kept in memory: there are few, mostly none, and every
/// event that comes is judged by them.
struct ClosedOrigins {
  /// The rows of the closures' entities.
  private let closures: [Origin: [Int64]]

  /// Reads the complete closures.
  init(_ connection: Connection) throws {
    var closures: [Origin: [Int64]] = [:]
    try connection.query(
      """
      SELECT c.region, c.incarnation, c.entity FROM closures c WHERE c.parts = (
        SELECT COUNT(*) FROM closure_parts p WHERE p.closure = c.entity AND p.part < c.parts)
      ORDER BY c.entity
      """
    ) { row in
      guard let region = RegionID(row.text(0)) else {
        throw StoreError(.damaged, "a closure's region is ill-formed; run `liandong rebuild`")
      }
      let origin = Origin(region: region, incarnation: try row.exactly(1))
      closures[origin, default: []].append(row.integer(2))
      return true
    }
    self.closures = closures
  }

  /// The origins that are closed.
  var origins: some Collection<Origin> { closures.keys }

  /// Whether a closure of the origin is in force.
  func contains(_ origin: Origin) -> Bool { closures[origin] != nil }

  /// Whether the closure of that entity is in force.
  func isInForce(_ closure: Int64) -> Bool { closures.values.contains { $0.contains(closure) } }

  /// Whether an event is barred: any closure of its origin leaves its commit out.
  func bar(
    _ event: Event, of stamp: Stamp, in commit: Hash, _ connection: Connection
  ) throws -> Bool {
    guard contains(stamp.origin), !ClosurePart.isWritten(as: event.kind, by: stamp.tier) else {
      return false
    }
    return try isGood(commit, of: stamp.origin, connection) == false
  }

  /// Whether every closure of an origin that is in force names a commit.
  func isGood(_ commit: Hash, of origin: Origin, _ connection: Connection) throws -> Bool {
    let prefix = SQLValue.blob(CommitPrefix(commit).bytes)
    return try (closures[origin] ?? []).allSatisfy { closure in
      try connection.first(
        "SELECT 1 FROM good_commits WHERE closure = ? AND prefix = ?", .integer(closure), prefix,
        read: { _ in true }) ?? false
    }
  }
}
