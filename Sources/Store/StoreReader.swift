import Casework
package import Ledger
package import Regions
package import Replication

/// Queries on one consistent state of the store. It never leaves the closure that it is handed to.
package final class StoreReader {
  let connection: Connection
  let bounds: StoreBounds
  let treeMemory: TreeMemory
  let rulesMemory: RulesMemory
  // Read once, and only by who needs them: the state does not change while this looks at it.
  private var closures: ClosedOrigins?
  private var rules: Folder?

  /// - Parameter folder: what the caller folds by; `nil` for what this state of the store says.
  init(
    connection: Connection, rulesMemory: RulesMemory, folder: Folder? = nil,
    bounds: StoreBounds, treeMemory: TreeMemory = TreeMemory()
  ) {
    self.connection = connection
    self.rulesMemory = rulesMemory
    self.rules = folder
    self.bounds = bounds
    self.treeMemory = treeMemory
  }

  /// Folds by the rules files that come with the program and those that this state publishes.
  var folder: Folder {
    get throws {
      let folder = try rules ?? rulesMemory.folder(connection)
      rules = folder
      return folder
    }
  }

  /// Whether a closure leaves an event without effect.
  func isBarred(_ event: Event, of stamp: Stamp, in commit: Hash) throws -> Bool {
    let closures = try closures ?? ClosedOrigins(connection)
    self.closures = closures
    return try closures.bar(event, of: stamp, in: commit, connection)
  }

  /// Whose store this is and where its chain stands.
  package func identity() throws -> NodeIdentity { try NodeIdentity.load(connection) }

  /// Whether the file holds a store's tables, and not nothing yet.
  package func isMade() throws -> Bool {
    try connection.first(
      "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'node'", read: { _ in true })
      ?? false
  }

  func regionRow(_ region: RegionID) throws -> Int64? {
    try connection.first(
      "SELECT id FROM regions WHERE name = ?", .text(region.rawValue), read: { $0.integer(0) })
  }

  /// Our places in a peer's outboxes.
  package func cursors(of peer: RegionID) throws -> LanePair<HeldCursor> {
    guard let row = try regionRow(peer) else { return LanePair(repeating: .fresh) }
    return LanePair(
      urgent: try connection.heldCursor(of: row, .urgent),
      bulk: try connection.heldCursor(of: row, .bulk))
  }

  /// The numbers of entries in a peer's two outboxes.
  package func outboxHeads(of peer: RegionID) throws -> LanePair<UInt64> {
    var heads = LanePair<UInt64>(repeating: 0)
    guard let row = try regionRow(peer) else { return heads }
    for lane in Lane.allCases {
      heads[lane] =
        try connection.first(
          "SELECT position FROM outbox_heads WHERE peer = ? AND lane = ?", .integer(row),
          .integer(Int64(lane.rawValue)), read: { try $0.exactly(0) }) ?? 0
    }
    return heads
  }

  /// Compares a peer's cursor with the outbox that it points into.
  ///
  /// A cursor is signed by nobody. One that contradicts us is believed once a day; after that it is
  /// a mismatch, and the repair brings the commits that we lost, which are signed, or nothing.
  ///
  /// - Parameter now: the wall clock, in milliseconds since 1970 UTC.
  package func judge(
    _ cursor: HeldCursor, of peer: RegionID, lane: Lane, now: UInt64
  ) throws -> CursorVerdict {
    let row = try regionRow(peer)
    func contradiction(_ place: Cursor) throws -> CursorVerdict {
      guard let row, try connection.wasBelieved(row, at: now) else {
        return .contradictsOurs(incarnation: place.incarnation)
      }
      return .mismatch
    }
    switch cursor {
    case .fresh: return .resumes(at: 0)
    case .void: return .mismatch
    case .at(let place):
      let incarnation = try identity().incarnation
      // An incarnation that this store has not reached was opened by a later store of this node.
      if place.incarnation > incarnation { return try contradiction(place) }
      guard place.incarnation == incarnation else { return .mismatch }
      if place.position == 0 {
        return place.running == .zero ? .resumes(at: 0) : try contradiction(place)
      }
      guard let position = Int64(exactly: place.position), let row,
        let running = try connection.first(
          "SELECT running FROM outbox WHERE peer = ? AND lane = ? AND position = ?",
          .integer(row), .integer(Int64(lane.rawValue)), .integer(position),
          read: { try $0.hash(0) }),
        running == place.running
      else { return try contradiction(place) }
      return .resumes(at: place.position)
    }
  }

  /// The certificate chain of a key; `nil` where it is not known.
  package func chain(of key: KeyName) throws -> CertificateChain? {
    let stored = try connection.first(
      "SELECT chain FROM keys WHERE key = ?", .blob(key.bytes), read: { $0.blob(0) })
    guard let stored else { return nil }
    return try CanonicalValue(decoding: stored).array?.compactMap(\.bytes)
  }

  /// The commits of these tree events, with the chains that they need, in shipments of at most
  /// `ReplicationBounds.shipmentBytes` and one commit: the first `ReplicationBounds.treeFrames`.
  package func trees(_ events: [Hash]) throws -> [Shipment] {
    let wanted = Set(events)
    var rows: [Int64] = []
    try connection.query("SELECT t.event, e.hash FROM trees t JOIN events e ON e.id = t.event") {
      if wanted.contains(try $0.hash(1)) { rows.append($0.integer(0)) }
      return true
    }
    return try shipments(of: rows, most: ReplicationBounds.treeFrames)
  }

  /// Finds events of a noted set; `nextShipment(of:)` gives them.
  package func events(_ keys: [SetKey]) throws -> PendingEvents {
    var rows: [Int64] = []
    for key in keys {
      let row = try connection.first(
        "SELECT id FROM events WHERE time = ? AND hash = ?", .integer(Int64(key.time.rawValue)),
        .hash(key.hash), read: { $0.integer(0) })
      if let row { rows.append(row) }
    }
    return PendingEvents(rows)
  }

  /// The reference data, in the order of acceptance: every event of the entities that concern
  /// everyone (trees, regions, origins of hub and districts). Leads, contacts and directives name
  /// the regions that they concern and are never among it; in a commit that holds both, they stand
  /// as bare hashes. Closures may be large, and come over the link.
  package func referenceData() throws -> [Shipment] {
    var rows: [Int64] = []
    try connection.query(
      """
      SELECT ev.id FROM audiences a JOIN entities e ON e.audience = a.id
      JOIN events ev ON ev.entity = e.id
      WHERE ' ' || a.regions || ' ' LIKE '% ' || ? || ' %'
        AND e.family NOT IN ('lead', 'contact', 'directive', 'receipt', 'closure') ORDER BY ev.id
      """, .text(RegionID.everyone.rawValue)
    ) { row in
      rows.append(row.integer(0))
      return true
    }
    return try shipments(of: rows)
  }

  private func shipments(of rows: [Int64], most: Int = .max) throws -> [Shipment] {
    var pending = PendingEvents(rows)
    var shipments: [Shipment] = []
    while shipments.count < most, let shipment = try nextShipment(of: &pending) {
      shipments.append(shipment)
    }
    return shipments
  }

  /// The next of the events, grouped by commit: at most `ReplicationBounds.shipmentBytes` and one
  /// commit. Parents come before children.
  ///
  /// - Returns: `nil` at the end.
  package func nextShipment(of pending: inout PendingEvents) throws -> Shipment? {
    var collector = CommitCollector()
    var chains = ChainCollector()
    while let row = pending.rows.last {
      let isFull =
        collector.bytes > ReplicationBounds.shipmentBytes || chains.isFull
        || collector.count >= ReplicationBounds.batchCommits
      if isFull, !collector.continues(row) { break }
      try connection.query(
        """
        SELECT e.id, e.bytes, c.stamp, c.previous, c.signature, c.hashes
        FROM events e JOIN commits c ON c.id = e.id / 256 WHERE e.id = ?
        """, .integer(row)
      ) { found in
        try collector.add(found, firstColumn: 0)
        return true
      }
      try chains.add(collector.key, self)
      pending.rows.removeLast()
    }
    let commits = try collector.finish().map(read)
    guard !commits.isEmpty else { return nil }
    let inOrder = chains.byKey.sorted { $0.key.description < $1.key.description }
    return Shipment(chains: inOrder.map(\.value), commits: commits)
  }

  private func read(_ bytes: CommitBytes) throws -> Commit {
    do {
      return try Commit(bytes)
    } catch {
      throw StoreError(
        .damaged, "a stored commit is ill-formed; run `liandong verify`", cause: error)
    }
  }
}

/// Events that a peer asked for and that are still to be sent.
package struct PendingEvents: Sendable {
  /// The last one is the next.
  fileprivate var rows: [Int64]

  fileprivate init(_ rows: [Int64]) { self.rows = rows.sorted(by: >) }
}
