package import Casework
package import Ledger

/// One publication of a process by the hub.
package struct Publication: Hashable, Sendable {
  package let process: Hash
  /// When it comes into force, in milliseconds since 1970 UTC.
  package let effectiveMilliseconds: Int64
  /// When the hub wrote it.
  package let time: HybridTime
  package let event: Hash
}

extension StoreReader {
  /// The publications that are held, in the order in which they come into force; of two for the same
  /// time the one written later is last.
  package func publications() throws -> [Publication] {
    var found: [Publication] = []
    try connection.query(
      """
      SELECT p.process, p.effective, e.time, e.hash FROM publications p
      JOIN events e ON e.id = p.event WHERE p.process IS NOT NULL
      """
    ) { row in
      found.append(
        Publication(
          process: try row.hash(0), effectiveMilliseconds: row.integer(1),
          time: HybridTime(rawValue: UInt64(bitPattern: row.integer(2))), event: try row.hash(3)))
      return true
    }
    return found.sorted {
      ($0.effectiveMilliseconds, $0.time.rawValue, $0.event)
        < ($1.effectiveMilliseconds, $1.time.rawValue, $1.event)
    }
  }

  /// The process in force that knows a family; `nil` where the hub published none.
  ///
  /// - Parameter now: milliseconds since 1970 UTC.
  package func processInForce(for family: String, at now: Int64) throws -> Process? {
    let library = try library
    let current = try publications().last { publication in
      publication.effectiveMilliseconds <= now
        && library[publication.process]?.family(named: family) != nil
    }
    return current.flatMap { library[$0.process] }
  }

  /// The holidays that the hub published.
  package func calendar() throws -> WorkingCalendar { try rulesMemory.calendar(connection) }

  /// The duty lists that the hub published, in the order in which they come into force.
  package func duties() throws -> [PublishedDuties] { try rulesMemory.duties(connection) }

  /// The rules files that are held here: the program's and the published ones.
  package var library: ProcessLibrary { get throws { try folder.library } }
}
