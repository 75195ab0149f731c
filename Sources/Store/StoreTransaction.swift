import Casework
import GRDB
import Ledger
import Regions
package import Replication

/// One write transaction: what a node does to its store, all of it or nothing.
///
/// The store hands it to a closure and takes it back; it never leaves that closure. Entities are
/// changed in memory and written once, when the closure has ended.
package final class StoreTransaction {
  let connection: Connection
  private(set) var folder: Folder
  let bounds: StoreBounds
  let judge: any KeyJudge
  let signer: CommitSigner?
  let rulesMemory: RulesMemory
  let treeMemory: TreeMemory
  /// Whether entities may be folded further when the transaction ends.
  private var learnedRules = false
  var identity: NodeIdentity
  var interning = Interning()
  var keys: [KeyName: KnownKey] = [:]
  var entities: [EntityID: EntityRecord] = [:]
  var outboxHeads: [OutboxName: OutboxHead] = [:]
  /// How many notes of acknowledgement there are; of those that were asked for.
  var acknowledgementCounts: [OutboxName: Int] = [:]
  var concernedPeers: [Int64: [Int64]] = [:]
  package private(set) var trees: TreeHistory
  var closedOrigins: ClosedOrigins
  private(set) var router: Router?
  /// The router by which all was routed before this transaction learned a tree.
  private(set) var formerRouter: Router?
  /// Whether what is in memory may not be what is on disk.
  private var mustReload = false

  // What belongs to the transaction under way.
  var now: UInt64 = 0
  var touched: [EntityRecord] = []
  var fresh: [FreshEvent] = []
  var effects = StoreEffects()
  var identityChanged = false
  /// The last row that an entity was given; `nil` until it is asked for.
  var lastEntityRow: Int64?
  /// The highest sequence held of an origin; a commit beyond it is certainly new.
  var lastSequences: [Int64: Int64] = [:]

  /// Set where a tree, a process or a table of holidays came: who warns of what, and when, may differ.
  var looksAtAllClocks = false

  private(set) var isClosed = false
  /// What is set aside, per peer; asked for once.
  var setAsideTotals: [Int64: SetAsideTotal] = [:]
  /// The places in chains that set-aside commits claim; `nil` until they are asked for.
  var setAsideNames: Set<SetAsideName>?
  /// What an alarm was raised for in this transaction.
  var setAsideReasons: Set<SetAsideReason> = []
  /// The leads of which this transaction opens a supervision case: the table has them at its end.
  var supervised: Set<EntityID> = []
  /// By how many milliseconds, of the origins seen in this transaction.
  var clocksAhead: [Origin: UInt64] = [:]

  /// The most entities that stay in memory between transactions.
  static let cachedEntities = 2_048

  /// An event that this transaction was the first to hold.
  struct FreshEvent {
    let record: EntityRecord
    let row: Int64
    let hash: Hash
    let lane: Lane
    let source: Int64
    let hasParents: Bool
    /// Whether the entity was not in order when the event came: a child of it may have come before.
    let mayBeAwaited: Bool
  }

  /// A key that history is judged by.
  struct KnownKey {
    let judged: JudgedKey
    let row: Int64
  }

  struct OutboxName: Hashable {
    let peer: Int64
    let lane: Lane
  }

  struct OutboxHead {
    var position: Int64
    var running: Hash
    var acknowledged: Int64
    var isChanged = false
  }

  /// - Parameter connection: the writer's; it lives as long as the database, and may be used inside
  ///   the database's own write calls alone, this one included.
  init(
    connection: Connection, bounds: StoreBounds, judge: any KeyJudge, signer: CommitSigner?,
    rulesMemory: RulesMemory, treeMemory: TreeMemory
  ) throws {
    self.connection = connection
    self.folder = try rulesMemory.reread(connection)
    self.bounds = bounds
    self.judge = judge
    self.signer = signer
    self.rulesMemory = rulesMemory
    self.treeMemory = treeMemory
    self.identity = try NodeIdentity.load(connection)
    self.trees = try treeMemory.trees(connection)
    self.closedOrigins = try ClosedOrigins(connection)
    self.router = trees.newest.map { [region = identity.region] in Router(region: region, tree: $0)
    }
  }

  /// Runs `body` between BEGIN and COMMIT. After a throw nothing of it remains, in memory or on disk.
  func run<Result>(
    now: UInt64, _ body: (StoreTransaction) throws -> Result
  ) throws -> (Result, StoreEffects) {
    guard !isClosed else {
      throw StoreError(.closed, "the store is closed; open it again")
    }
    self.now = now
    effects = StoreEffects()
    setAsideReasons.removeAll()
    supervised.removeAll()
    clocksAhead.removeAll()
    if mustReload { try reload() }
    try connection.execute("BEGIN IMMEDIATE")
    do {
      let result = try body(self)
      try finish()
      try connection.execute("COMMIT")
      forgetLeastUseful()
      return (result, effects)
    } catch {
      // A full disk may have rolled back already.
      if connection.database.isInsideTransaction { try? connection.execute("ROLLBACK") }
      // Where the disk fails here too, the next transaction begins with it.
      mustReload = true
      try? reload()
      throw error
    }
  }

  /// Refuses all further work and lets go of the prepared statements.
  func close() {
    isClosed = true
    connection.releaseStatements()
  }

  /// Folds, routes and writes what the transaction changed.
  func finish() throws {
    if learnedRules {
      learnedRules = false
      for record in touched where record.waits { record.needsRefold = true }
      try foldWaiting()
    }
    for record in touched { try write(record) }
    if looksAtAllClocks { try lookAtAllClocks() }
    try route()
    for record in touched { try settle(record) }
    for (name, head) in outboxHeads where head.isChanged { try write(head, name) }
    if identityChanged { try identity.save(connection) }
    identityChanged = false
    touched.removeAll(keepingCapacity: true)
    fresh.removeAll(keepingCapacity: true)
  }

  private func forgetLeastUseful() {
    if entities.count > Self.cachedEntities { entities.removeAll(keepingCapacity: true) }
  }

  /// Forgets entities that no transaction is at work on.
  func forgetEntities() { entities.removeAll() }

  /// Forgets everything and reads anew what a transaction begins with.
  private func reload() throws {
    entities.removeAll()
    outboxHeads.removeAll()
    acknowledgementCounts.removeAll()
    lastEntityRow = nil
    lastSequences.removeAll()
    setAsideTotals.removeAll()
    setAsideNames = nil
    concernedPeers.removeAll()
    keys.removeAll()
    touched.removeAll()
    fresh.removeAll()
    interning = Interning()
    identityChanged = false
    learnedRules = false
    identity = try NodeIdentity.load(connection)
    folder = try rulesMemory.reread(connection)
    trees = try treeMemory.trees(connection)
    closedOrigins = try ClosedOrigins(connection)
    router = trees.newest.map { Router(region: identity.region, tree: $0) }
    mustReload = false
  }

  /// Takes a tree into account from here on; the caller stores its event.
  func learn(_ tree: SignedTree) -> Bool {
    guard trees.learn(tree) else { return false }
    if !effects.learnedTree { formerRouter = router }
    router = trees.newest.map { Router(region: identity.region, tree: $0) }
    concernedPeers.removeAll()
    effects.learnedTree = true
    looksAtAllClocks = true
    return true
  }

  /// Folds by the processes that the ledger publishes from here on, and what waits for them when the
  /// transaction ends.
  func rereadRules() throws {
    folder = try rulesMemory.reread(connection)
    learnedRules = true
    looksAtAllClocks = true
  }

  /// Records what an operator has to look at.
  func raise(_ code: String, _ detail: String) throws {
    effects.alarms.append(Alarm(code: code, detail: detail))
    try connection.execute(
      "INSERT INTO alarms (at, code, detail) VALUES (?, ?, ?)", .integer(Int64(now)), .text(code),
      .text(detail))
  }
}
