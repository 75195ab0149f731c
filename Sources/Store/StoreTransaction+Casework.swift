package import Casework
package import Ledger
import Regions

extension StoreTransaction {
  /// This node's origin, in its present incarnation.
  package var origin: Origin { identity.origin }

  /// What this transaction folds by: the program's rules files and those that the ledger publishes.
  package var rules: Folder { folder }

  /// An entity as it stands within this transaction, so that an act judges by what the act's own
  /// parents are; `nil` where nothing of it is held.
  package func entity(_ id: EntityID) throws -> StoredEntity? {
    guard let record = try entities[id] ?? load(id) else { return nil }
    entities[id] = record
    if record.needsRefold { try refold(record) }
    return StoredEntity(
      id: id, state: record.state, heads: record.heads, isWaiting: record.waits,
      isTangled: record.isTangled,
      audience: try interning.audience(numbered: record.audience, connection))
  }

  /// Queries on the store as it stood when this transaction began, and on what it appended since;
  /// entities that it changed are seen unchanged.
  package var reader: StoreReader {
    StoreReader(
      connection: connection, rulesMemory: rulesMemory, folder: folder, bounds: bounds,
      treeMemory: treeMemory)
  }

  /// The imported rows of this transaction that are not on disk yet: `isImported` does not know
  /// them before the end.
  package func pendingSourceKeys() -> Set<Hash> {
    var keys: Set<Hash> = []
    for record in touched where record.isNew {
      if let key = record.state.flatMap({ Lead($0) })?.sourceKey { keys.insert(key) }
    }
    return keys
  }
}
