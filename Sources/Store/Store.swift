package import Casework
import GRDB
import Glibc
package import Ledger
import Synchronization

/// A node's store: ledger, projections, outboxes and cursors in one SQLite file.
///
/// The core is synchronous: a call returns after the disk has what it wrote, starts no task and reads
/// no clock. One transaction writes at a time; readers run beside it.
package final class Store: Sendable {
  private let database: any DatabaseWriter
  /// Touched only inside `database.writeWithoutTransaction`, which runs one closure at a time and is
  /// never re-entered: that is what makes sharing it safe.
  private nonisolated(unsafe) let transaction: StoreTransaction
  private let lock: StoreLock?
  /// The folder of the store's files; `nil` for one in memory.
  package let folder: String?
  private let rulesMemory: RulesMemory
  private let bounds: StoreBounds
  private let treeMemory = TreeMemory()
  private let uses = Atomic<Int>(0)

  /// The name of the database in a node's folder.
  package static let fileName = "liandong.db"
  /// The page size of a new store: rows of the ledger take up to a kilobyte, and larger pages mean
  /// fewer writes for as many bytes.
  private static let pageBytes = 8_192
  /// SQLite's write-ahead log is folded back after this many pages.
  private static let checkpointPages = 2_000
  /// What one connection may cache, in KiB.
  private static let cacheKibibytes = 8_192
  private static let readers = 4
  /// A backup tells of its progress after this many pages.
  private static let backupPages: CInt = 1_024

  private init(
    database: any DatabaseWriter, lock: StoreLock?, folder: String?, library: ProcessLibrary,
    bounds: StoreBounds, judge: any KeyJudge, signer: CommitSigner?
  ) throws {
    self.database = database
    self.lock = lock
    self.folder = folder
    self.rulesMemory = RulesMemory(shipped: library)
    self.bounds = bounds
    self.transaction = try database.writeWithoutTransaction { [treeMemory, rulesMemory] writer in
      let transaction = try StoreTransaction(
        connection: Connection(writer), bounds: bounds, judge: judge, signer: signer,
        rulesMemory: rulesMemory, treeMemory: treeMemory)
      // Nothing that an upgrade brings is dated, so no clock is needed.
      if try transaction.isFoldedByAnother() {
        _ = try transaction.run(now: 0) { try $0.foldFurther() }
      }
      return transaction
    }
  }

  /// Makes the store of a new node. A file that belongs to no node yet, as a run that was cut short
  /// leaves it, is completed.
  ///
  /// - Returns: whether the store is new; one that belongs to a node stays as it is.
  /// - Throws: `StoreError`: `locked`, `disk`, `damaged`, `tooNew`.
  package static func create(in folder: String, for identity: NodeIdentity) throws -> Bool {
    let lock = try StoreLock(folder: folder)
    defer { lock.release() }
    let path = folder + "/" + fileName
    do {
      let database = try DatabaseQueue(path: path, configuration: configuration())
      let isNew = try database.writeWithoutTransaction { writer in
        try writer.execute(
          sql: """
            PRAGMA page_size = \(pageBytes); PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL
            """)
        try Schema.migrate(writer)
        let connection = Connection(writer)
        defer { connection.releaseStatements() }
        let belongs = try connection.first("SELECT 1 FROM node", read: { _ in true }) ?? false
        if !belongs { try identity.save(connection) }
        return !belongs
      }
      try database.close()
      return isNew
    } catch {
      throw StoreError.of(error, at: path)
    }
  }

  /// Opens a node's store for writing; it is this process's alone until it is closed.
  ///
  /// - Parameters:
  ///   - folder: the node's folder.
  ///   - signer: the node's key; without it nothing can be authored.
  ///   - bounds: what is read and kept at most for one peer.
  /// - Throws: `StoreError`: `locked` where another process has it, `wrongStore` where there is none,
  ///   `disk`, `tooNew`, `damaged`.
  package static func open(
    in folder: String, library: ProcessLibrary, judge: any KeyJudge, signer: CommitSigner?,
    bounds: StoreBounds = StoreBounds()
  ) throws -> Store {
    let lock = try StoreLock(folder: folder)
    let path = folder + "/" + fileName
    do {
      // SQLite would make the file, and an empty one passes for a store.
      try requireFile(in: folder)
      let pool = try DatabasePool(path: path, configuration: configuration())
      try pool.writeWithoutTransaction { writer in
        // The pool's set-up leaves NORMAL behind, under which a power cut takes commits back.
        try writer.execute(
          sql: """
            PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = \(checkpointPages)
            """)
        guard try Int.fetchOne(writer, sql: "PRAGMA synchronous") == 2,
          try String.fetchOne(writer, sql: "PRAGMA journal_mode") == "wal"
        else {
          throw StoreError(.disk, "\(path) cannot be kept in WAL mode with synchronous FULL")
        }
        try Schema.migrate(writer)
      }
      return try Store(
        database: pool, lock: lock, folder: folder, library: library,
        bounds: bounds, judge: judge, signer: signer)
    } catch {
      lock.release()
      throw StoreError.of(error, at: path)
    }
  }

  /// Makes a store in memory, as tests and the simulator run it.
  package static func inMemory(
    for identity: NodeIdentity, library: ProcessLibrary, judge: any KeyJudge,
    signer: CommitSigner?, bounds: StoreBounds = StoreBounds()
  ) throws -> Store {
    let queue = try DatabaseQueue()
    try queue.writeWithoutTransaction { writer in
      try Schema.migrate(writer)
      try identity.save(Connection(writer))
    }
    return try Store(
      inMemory: queue, library: library, judge: judge, signer: signer, bounds: bounds)
  }

  convenience init(
    inMemory database: DatabaseQueue, library: ProcessLibrary, judge: any KeyJudge,
    signer: CommitSigner?, bounds: StoreBounds
  ) throws {
    try self.init(
      database: database, lock: nil, folder: nil, library: library, bounds: bounds,
      judge: judge, signer: signer)
  }

  /// Copies a database in memory, as it is between two transactions.
  func copy(to target: DatabaseQueue) throws {
    // GRDB's own copy of a queue would read it as `read(_:)` must not.
    try database.unsafeRead { source in
      try target.writeWithoutTransaction { try source.backup(to: $0) }
    }
  }

  /// Runs statements outside a transaction.
  func configure(_ body: (Database) throws -> Void) throws {
    try database.writeWithoutTransaction(body)
  }

  private static func requireFile(in folder: String) throws {
    guard access(folder + "/" + fileName, F_OK) == 0 else {
      throw StoreError(.wrongStore, "\(folder) holds no store yet; run `liandong node init`")
    }
  }

  private static func configuration() -> Configuration {
    var configuration = Configuration()
    configuration.maximumReaderCount = readers
    configuration.busyMode = .timeout(5)
    configuration.prepareDatabase { database in
      try database.execute(sql: "PRAGMA cache_size = -\(cacheKibibytes)")
    }
    return configuration
  }

  /// Runs one write transaction.
  ///
  /// - Parameters:
  ///   - now: the wall clock, in milliseconds since 1970 UTC.
  ///   - body: what to do; a throw undoes all of it.
  /// - Returns: the body's result and what it means for the rest of the node. Both are durable.
  package func write<Result>(
    now: UInt64, _ body: (StoreTransaction) throws -> Result
  ) throws -> (result: Result, effects: StoreEffects) {
    uses.add(1, ordering: .relaxed)
    do {
      return try database.writeWithoutTransaction { _ in try transaction.run(now: now, body) }
    } catch {
      throw StoreError.of(error, at: folder ?? "the store in memory")
    }
  }

  /// Folds by the rules files that come with the program and those that the ledger publishes.
  package var rules: Folder { rulesMemory.folder }

  /// Runs queries on one consistent state.
  package func read<Result>(_ body: (StoreReader) throws -> Result) throws -> Result {
    let read = { [rulesMemory, bounds, treeMemory, folder, transaction] (database: Database) in
      // In memory there is one connection, which has its statements prepared until the store closes.
      let connection =
        folder == nil && !transaction.isClosed ? transaction.connection : Connection(database)
      return try body(
        StoreReader(
          connection: connection, rulesMemory: rulesMemory, bounds: bounds,
          treeMemory: treeMemory))
    }
    uses.add(1, ordering: .relaxed)
    do {
      // In memory reader and writer share one connection. GRDB would bar it from writing by a pragma
      // that has SQLite prepare every statement anew; it runs one closure at a time as it is.
      return try folder == nil ? database.unsafeRead(read) : database.read(read)
    } catch {
      throw StoreError.of(error, at: folder ?? "the store in memory")
    }
  }

  /// Runs queries on a store that another process may have open, without its lock.
  ///
  /// - Parameter folder: the node's folder.
  package static func inspect<Result>(
    in folder: String, library: ProcessLibrary, _ body: (StoreReader) throws -> Result
  ) throws -> Result {
    let path = folder + "/" + fileName
    var configuration = configuration()
    configuration.readonly = true
    do {
      try requireFile(in: folder)
      let database = try DatabaseQueue(path: path, configuration: configuration)
      defer { try? database.close() }
      return try database.read {
        try Schema.check($0)
        let connection = Connection($0)
        return try body(
          StoreReader(
            connection: connection, rulesMemory: RulesMemory(shipped: library),
            bounds: StoreBounds()))
      }
    } catch {
      throw StoreError.of(error, at: path)
    }
  }

  /// How often the store was read or written since it was opened; it never falls.
  package var useCount: Int { uses.load(ordering: .relaxed) }

  /// Lets go of what is kept in memory to be fast: entities, pages of the file, readers. The next use
  /// reads it anew.
  package func releaseMemory() {
    database.writeWithoutTransaction { writer in
      transaction.forgetEntities()
      writer.releaseMemory()
    }
    (database as? DatabasePool)?.releaseMemoryEventually()
  }

  /// Copies the store, as it is at one instant, into a new file.
  ///
  /// - Parameter progress: called now and then; its error ends the copy, of which a part stays.
  package func backup(to path: String, progress: @escaping () throws -> Void = {}) throws {
    do {
      let target = try DatabaseQueue(path: path)
      try database.backup(to: target, pagesPerStep: Self.backupPages) { _ in try progress() }
      try target.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
      try target.close()
    } catch {
      throw StoreError.of(error, at: path)
    }
  }

  /// Lets go of the file. What is under way ends first; whatever is called afterwards throws.
  package func close() throws {
    // In one step with the last write's end: a write that comes between would prepare statements
    // anew, and SQLite does not close a connection that has any.
    database.writeWithoutTransaction { _ in transaction.close() }
    try database.close()
    lock?.release()
  }
}
