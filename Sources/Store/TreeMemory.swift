import Ledger
import Replication
import Synchronization

/// The signed trees of a store as they were last read: every hello and every query of scope asks for
/// them, and decoding them all anew takes longer than the rest of a hello.
///
/// Events are named by their content, so what was read of one stays true whatever is written or rolled
/// back; which events are trees is asked of the database each time.
final class TreeMemory: Sendable {
  private struct Trees {
    var events: [Hash]
    var history: TreeHistory
  }

  private let last = Mutex(Trees(events: [], history: TreeHistory()))

  /// All trees that the ledger holds, as this connection sees it.
  func trees(_ connection: Connection) throws -> TreeHistory {
    var events: [Hash] = []
    try connection.query(
      "SELECT e.hash FROM trees t JOIN events e ON e.id = t.event ORDER BY t.event"
    ) { row in
      events.append(try row.hash(0))
      return true
    }
    let known = last.withLock { $0.events == events ? $0.history : nil }
    if let known { return known }
    let history = try TreeHistory(stored: connection)
    last.withLock { $0 = Trees(events: events, history: history) }
    return history
  }
}
