import Casework
import Ledger

extension StoreTransaction {
  /// Whether the program folds by rules files or kinds that the store was not folded by.
  func isFoldedByAnother() throws -> Bool {
    let known = try knownRules()
    return try isOfAnotherVersion() || folder.library.hashes.contains { !known.contains($0) }
  }

  /// Folds anew what this program may fold further than the one before: the entities that wait, since
  /// the rules file that they wait for may have come, and those that were only partly understood.
  /// Notes the program's rules files and fold version. Everything else it folds to the same bytes.
  func foldFurther() throws {
    for id in try unsettledEntities() {
      // A program that lacked the rules of closures held them without effect.
      try noteClosures(of: id)
      try foldAnew(id)
    }
    let known = try knownRules()
    for hash in folder.library.hashes where !known.contains(hash) {
      try connection.execute("INSERT INTO rules_known (hash) VALUES (?)", .hash(hash))
    }
    try connection.execute(
      "INSERT OR REPLACE INTO fold_version (id, hash) VALUES (1, ?)",
      .hash(folder.library.foldVersion))
  }

  /// Folds one entity anew and writes it at once, so that many take no memory.
  func foldAnew(_ id: EntityID) throws {
    guard let record = try load(id) else { return }
    try refoldAndWrite(record)
  }

  private func noteClosures(of id: EntityID) throws {
    guard let row = try load(id)?.row else { return }
    for held in try heldEvents(of: row) {
      try noteClosure(held.event, of: held.stamp, entity: row)
    }
  }

  private func unsettledEntities() throws -> [EntityID] {
    let isOfAnotherVersion = try isOfAnotherVersion()
    var unsettled: [EntityID] = []
    try connection.query("SELECT uuid, waiting, state FROM entities ORDER BY id") { row in
      var isUnsettled = row.integer(1) != 0
      if !isUnsettled, isOfAnotherVersion {
        let state = try? EntityState(decoding: row.blob(2))
        isUnsettled = state?.isPartlyUnderstood ?? true
      }
      if isUnsettled, let id = EntityID(row.blob(0)) { unsettled.append(id) }
      return true
    }
    return unsettled
  }

  private func isOfAnotherVersion() throws -> Bool {
    let noted = try connection.first("SELECT hash FROM fold_version", read: { try $0.hash(0) })
    return noted != folder.library.foldVersion
  }

  private func knownRules() throws -> Set<Hash> {
    var known: Set<Hash> = []
    try connection.query("SELECT hash FROM rules_known") { row in
      known.insert(try row.hash(0))
      return true
    }
    return known
  }
}
