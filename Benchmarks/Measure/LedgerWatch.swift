import Dispatch
import GRDBSQLite
import Glibc

/// Watches the number of events in another process's store through a read-only connection: what it
/// sees is committed, and with synchronous FULL on the disk.
struct LedgerWatch: Sendable {
  let database: String
  /// How long the watcher sleeps between two looks.
  let intervalMicroseconds: UInt32

  /// When the ledger first held that many events.
  struct Sightings: Sendable {
    /// Nanoseconds of the monotonic clock, in the order of the counts asked for.
    var at: [UInt64] = []
    /// The number of events at the end.
    var events: UInt64 = 0
    /// The longest time between the beginnings of two looks, in milliseconds.
    var longestWaitMilliseconds = 0.0
  }

  private static let queue = DispatchQueue(label: "liandong.bench.watch", attributes: .concurrent)

  /// Looks until the ledger has held each of the counts.
  ///
  /// - Parameters:
  ///   - counts: ascending; at least one.
  ///   - seconds: after which it gives up with an error.
  func times(of counts: [UInt64], within seconds: Double) async throws -> Sightings {
    try await withCheckedThrowingContinuation { continuation in
      Self.queue.async {
        continuation.resume(with: Result { try look(for: counts, within: seconds) })
      }
    }
  }

  /// The number of events now.
  func eventsNow() throws -> UInt64 {
    let reader = try Reader(database)
    return try reader.events()
  }

  private func look(for counts: [UInt64], within seconds: Double) throws -> Sightings {
    let reader = try Reader(database)
    var sightings = Sightings()
    let deadline = StageClock.seconds() + seconds
    var lookedAt = StageClock.nanoseconds()
    while sightings.at.count < counts.count {
      let now = StageClock.nanoseconds()
      sightings.longestWaitMilliseconds = max(
        sightings.longestWaitMilliseconds, Double(now - lookedAt) / 1e6)
      lookedAt = now
      sightings.events = try reader.events()
      let seenAt = StageClock.nanoseconds()
      while sightings.at.count < counts.count, sightings.events >= counts[sightings.at.count] {
        sightings.at.append(seenAt)
      }
      guard StageClock.seconds() < deadline else {
        throw BenchError(
          "\(database) holds \(sightings.events) events after \(Int(seconds)) s, awaited "
            + "\(counts[sightings.at.count])")
      }
      if sightings.at.count < counts.count { usleep(intervalMicroseconds) }
    }
    return sightings
  }

  /// One read-only connection with its statement.
  private final class Reader {
    private var connection: OpaquePointer?
    private var statement: OpaquePointer?

    init(_ path: String) throws {
      let flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX
      guard sqlite3_open_v2(path, &connection, flags, nil) == SQLITE_OK,
        sqlite3_busy_timeout(connection, 5_000) == SQLITE_OK,
        sqlite3_prepare_v2(connection, "SELECT events FROM node", -1, &statement, nil) == SQLITE_OK
      else {
        let reason = connection.map { String(cString: sqlite3_errmsg($0)) } ?? "no memory"
        sqlite3_close_v2(connection)
        throw BenchError("cannot read \(path): \(reason)")
      }
    }

    deinit {
      sqlite3_finalize(statement)
      sqlite3_close_v2(connection)
    }

    func events() throws -> UInt64 {
      defer { sqlite3_reset(statement) }
      guard sqlite3_step(statement) == SQLITE_ROW else {
        throw BenchError("cannot read a ledger: \(String(cString: sqlite3_errmsg(connection)))")
      }
      return UInt64(sqlite3_column_int64(statement, 0))
    }
  }
}
