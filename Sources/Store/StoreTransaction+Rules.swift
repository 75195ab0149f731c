import Casework
import Ledger

extension StoreTransaction {
  /// Whether the program brings rules files that the store was not folded by.
  func hasNewRules() throws -> Bool {
    let known = try knownRules()
    return folder.library.hashes.contains { !known.contains($0) }
  }

  /// Folds the entities that wait, since the rules file that they wait for may have come, and notes
  /// the rules files of this program. What folded before pins rules that were known already.
  func takeNewRules() throws {
    var waiting: [EntityID] = []
    try connection.query("SELECT uuid FROM entities WHERE waiting <> 0 ORDER BY id") { row in
      if let id = EntityID(row.blob(0)) { waiting.append(id) }
      return true
    }
    for id in waiting {
      let record = try record(of: id)
      record.needsRefold = true
      touch(record)
      // A program that lacked the rules of closures held them without effect.
      for held in try heldEvents(of: record.row) {
        try noteClosure(held.event, of: held.stamp, entity: record.row)
      }
    }
    let known = try knownRules()
    for hash in folder.library.hashes where !known.contains(hash) {
      try connection.execute("INSERT INTO rules_known (hash) VALUES (?)", .hash(hash))
    }
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
