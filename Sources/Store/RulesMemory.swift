import Casework
import Ledger
import Synchronization

/// The processes that a store's ledger publishes, decoded once: those of the program and these are
/// what its entities are folded by.
///
/// Which publications there are is asked of the database each time, so that a reader folds by what
/// its own state of the store holds.
final class RulesMemory: Sendable {
  private struct Known {
    var publications: [Hash]
    var folder: Folder
  }

  private let shipped: ProcessLibrary
  private let last: Mutex<Known>

  init(shipped: ProcessLibrary) {
    self.shipped = shipped
    self.last = Mutex(Known(publications: [], folder: Folder(library: shipped)))
  }

  /// What was last read.
  var folder: Folder { last.withLock { $0.folder } }

  /// The folder by what this connection sees.
  func folder(_ connection: Connection) throws -> Folder {
    var publications: [Hash] = []
    try connection.query(
      "SELECT e.hash FROM publications p JOIN events e ON e.id = p.event ORDER BY p.event"
    ) { row in
      publications.append(try row.hash(0))
      return true
    }
    let known = last.withLock { $0.publications == publications ? $0.folder : nil }
    if let known { return known }
    var library = shipped
    try connection.query(
      """
      SELECT e.bytes, c.stamp FROM publications p JOIN events e ON e.id = p.event
      JOIN commits c ON c.id = e.id / 256
      """
    ) { row in
      let (event, stamp) = try storedEvent(row.blob(0), stampBytes: row.blob(1))
      if let published = PublishedProcess(event, of: stamp) { library.add(published.process) }
      return true
    }
    let folder = Folder(library: library)
    last.withLock { $0 = Known(publications: publications, folder: folder) }
    return folder
  }
}
