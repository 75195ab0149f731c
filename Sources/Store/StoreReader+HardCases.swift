import Casework
package import Ledger

extension StoreReader {
  /// The leads reported before a time that are at none of some stages, the oldest first.
  ///
  /// - Parameter milliseconds: since 1970 UTC.
  package func leads(
    reportedBefore milliseconds: Int64, notAt stages: Set<String>, limit: Int
  ) throws -> [EntityID] {
    var found: [EntityID] = []
    try connection.query(
      """
      SELECT e.uuid, l.stage FROM leads l JOIN entities e ON e.id = l.entity
      WHERE l.reported_at < ? ORDER BY l.reported_at, l.entity
      """, .integer(milliseconds)
    ) { row in
      if !stages.contains(row.text(1)), let id = EntityID(row.blob(0)) { found.append(id) }
      return found.count < limit
    }
    return found
  }

  /// How often events of a kind have an effect, of the entities that have any.
  package func effectiveCounts(of kind: String) throws -> [EntityID: Int] {
    var hashes: [EntityID: Set<Hash>] = [:]
    try connection.query(
      """
      SELECT e.uuid, ev.hash FROM events ev JOIN entities e ON e.id = ev.entity
      WHERE ev.kind = (SELECT id FROM kinds WHERE name = ?)
      """, .text(kind)
    ) { row in
      if let id = EntityID(row.blob(0)) { hashes[id, default: []].insert(try row.hash(1)) }
      return true
    }
    var counts: [EntityID: Int] = [:]
    for (id, hashes) in hashes {
      guard let entity = try entity(id), let state = entity.state else { continue }
      counts[id] = hashes.subtracting(state.ineffective.map(\.event)).count
    }
    return counts
  }
}
