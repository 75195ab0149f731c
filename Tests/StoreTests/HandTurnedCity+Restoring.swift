import Casework
import Ledger
import Regions
import Replication
import Store

/// A copy of a node's store in a file.
struct StoreCopy {
  let file: String
}

extension HandTurnedCity {
  /// Copies a node's store as it is now.
  func backup(_ region: RegionID, in scratch: ScratchFolder) throws -> StoreCopy {
    let file = scratch.fresh()
    try self[region].store.backup(to: file)
    return StoreCopy(file: file)
  }

  /// Puts an earlier copy in the place of a node's store.
  ///
  /// - Parameter unnoticed: whether the start counter was put back with it, so that only a peer can
  ///   tell.
  func restore(
    _ region: RegionID, from copy: StoreCopy, unnoticed: Bool = false, in scratch: ScratchFolder
  ) throws {
    let node = self[region]
    cutLinks(of: region)
    node.writes = []
    node.current = [:]
    try node.store.close()
    let folder = try scratch.folder(withStore: copy.file, named: Store.fileName)
    node.store = try Store.open(
      in: folder, library: .shipped, judge: authority, signer: node.signer)
    // The command that puts a copy back counts as a start, so that the counters differ.
    if !unnoticed {
      node.counter = StartCounter(
        starts: node.counter.starts + 1, incarnation: node.counter.incarnation)
    }
    try start(node, unnoticed: unnoticed)
  }
}
