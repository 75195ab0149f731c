import Casework
package import Ledger

/// How many conflicts of an entity wait for a decision, and how many have one.
struct ConflictCounts: Hashable {
  let open: Int64
  let decided: Int64

  init(open: Int64, decided: Int64) {
    self.open = open
    self.decided = decided
  }

  init(_ state: EntityState?) {
    let open = state?.openConflictCount ?? 0
    self.init(open: Int64(open), decided: Int64((state?.conflicts.count ?? 0) - open))
  }
}

extension StoreReader {
  static let entitiesInConflict: StaticString = """
    SELECT e.uuid, e.state, e.heads, e.waiting, e.audience FROM entities e
    WHERE e.conflicts + e.decided > 0 AND e.conflicts >= ?2
      AND e.id <= COALESCE((SELECT id FROM entities WHERE uuid = ?1), ?3) ORDER BY e.id DESC
    """

  /// Goes through the entities in conflict, those accepted last first.
  ///
  /// - Parameters:
  ///   - first: the entity to begin with; `nil`, or one that is not held, for the last accepted.
  ///   - includesDecided: whether those without an open conflict count.
  ///   - each: says whether to go on.
  package func entitiesInConflict(
    from first: EntityID?, includesDecided: Bool, each: (StoredEntity) throws -> Bool
  ) throws {
    try connection.query(
      Self.entitiesInConflict, .optional(first?.bytes), .integer(includesDecided ? 0 : 1),
      .integer(.max)
    ) { row in try each(storedEntity(row)) }
  }

  /// An event of an entity that is held here; `nil` where it is not.
  package func event(_ hash: Hash, of id: EntityID) throws -> Event? {
    try connection.first(
      """
      SELECT ev.bytes, c.stamp FROM entities e JOIN events ev ON ev.entity = e.id
      JOIN commits c ON c.id = ev.id / 256 WHERE e.uuid = ? AND ev.hash = ?
      """, .blob(id.bytes), .hash(hash)
    ) { row in
      try storedEvent(row.blob(0), stampBytes: row.blob(1)).event
    }
  }
}
