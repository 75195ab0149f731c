import Casework
import Ledger
import Synchronization

/// The processes that a store's ledger publishes, decoded once: those of the program and these are
/// what its entities are folded by. With them come the tables of holidays, by which clocks count, and
/// the duty lists, by which leads are routed.
///
/// Which publications there are is asked of the database each time, so that a reader folds by what
/// its own state of the store holds.
final class RulesMemory: Sendable {
  private struct Known {
    var publications: [Hash]
    var folder: Folder
    var calendar: WorkingCalendar
    var duties: [PublishedDuties]
  }

  private let shipped: ProcessLibrary
  private let last: Mutex<Known>
  private let written: Mutex<Folder>

  init(shipped: ProcessLibrary) {
    self.shipped = shipped
    self.last = Mutex(
      Known(
        publications: [], folder: Folder(library: shipped), calendar: WorkingCalendar(),
        duties: []))
    self.written = Mutex(Folder(library: shipped))
  }

  /// By what the writer last saw; what a long reader sees is older.
  var folder: Folder { written.withLock { $0 } }

  /// The folder by what the writer's connection sees.
  func reread(_ connection: Connection) throws -> Folder {
    let folder = try folder(connection)
    written.withLock { $0 = folder }
    return folder
  }

  /// The folder by what this connection sees.
  func folder(_ connection: Connection) throws -> Folder { try known(connection).folder }

  /// The holidays by what this connection sees.
  func calendar(_ connection: Connection) throws -> WorkingCalendar {
    try known(connection).calendar
  }

  /// The duty lists by what this connection sees, in the order in which they come into force.
  func duties(_ connection: Connection) throws -> [PublishedDuties] {
    try known(connection).duties
  }

  private func known(_ connection: Connection) throws -> Known {
    var publications: [Hash] = []
    try connection.query(
      "SELECT e.hash FROM publications p JOIN events e ON e.id = p.event ORDER BY p.event"
    ) { row in
      publications.append(try row.hash(0))
      return true
    }
    let known = last.withLock { $0.publications == publications ? $0 : nil }
    if let known { return known }
    var library = shipped
    var tables: [(time: HybridTime, event: Hash, years: [WorkingCalendar.Year])] = []
    var duties: [PublishedDuties] = []
    try connection.query(
      """
      SELECT e.bytes, c.stamp FROM publications p JOIN events e ON e.id = p.event
      JOIN commits c ON c.id = e.id / 256
      """
    ) { row in
      let (event, stamp) = try storedEvent(row.blob(0), stampBytes: row.blob(1))
      if let published = PublishedProcess(event, of: stamp) { library.add(published.process) }
      if let published = PublishedCalendar(event, of: stamp) {
        tables.append((stamp.time, event.hash, published.years))
      }
      if let published = PublishedDuties(event, of: stamp) { duties.append(published) }
      return true
    }
    let read = Known(
      publications: publications, folder: Folder(library: library), calendar: merged(tables),
      duties: duties.inOrder())
    last.withLock { $0 = read }
    return read
  }

  /// Of two tables of one year the one written later counts.
  private func merged(
    _ tables: [(time: HybridTime, event: Hash, years: [WorkingCalendar.Year])]
  ) -> WorkingCalendar {
    var years: [Int: WorkingCalendar.Year] = [:]
    for table in tables.sorted(by: { ($0.time, $0.event) < ($1.time, $1.event) }) {
      for year in table.years { years[year.year] = year }
    }
    // Each was checked by itself when it was read, and they have nothing to do with each other.
    return (try? WorkingCalendar(years: Array(years.values))) ?? WorkingCalendar()
  }
}
