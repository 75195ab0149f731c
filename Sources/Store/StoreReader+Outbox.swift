package import Ledger
package import Regions
package import Replication

extension StoreReader {
  /// Reads an outbox from a position on: at least one entry where there is one, else at most the
  /// store's bounds of a batch and `maximumBytes`.
  ///
  /// - Returns: the batch without its chains, and the chains of all keys that its stamps name.
  package func batch(
    for peer: RegionID, lane: Lane, from position: UInt64, maximumBytes: Int
  ) throws -> (OutgoingBatch, [KeyName: CertificateChain]) {
    guard let row = try regionRow(peer), let start = Int64(exactly: position) else {
      throw StoreError(.damaged, "the outbox of \(peer) is missing")
    }
    let lane = (value: lane, number: SQLValue.integer(Int64(lane.rawValue)))
    let running =
      start == 0
      ? Hash.zero
      : try connection.first(
        "SELECT running FROM outbox WHERE peer = ? AND lane = ? AND position = ?",
        .integer(row), lane.number, .integer(start), read: { try $0.hash(0) })
    guard let running else {
      throw StoreError(.damaged, "entry \(start) of the outbox of \(peer) is missing")
    }
    var entries = OutboxCollector(
      maximumBytes: min(maximumBytes, bounds.batchBytes), maximumCommits: bounds.batchCommits)
    try connection.query(
      """
      SELECT o.mark, e.id, e.bytes, c.stamp, c.previous, c.signature, c.hashes
      FROM outbox o LEFT JOIN events e ON e.id = o.event LEFT JOIN commits c ON c.id = e.id / 256
      WHERE o.peer = ? AND o.lane = ? AND o.position > ? ORDER BY o.position
      """, .integer(row), lane.number, .integer(start)
    ) { found in try entries.take(found, self) }
    entries.flush()
    let batch = OutgoingBatch(
      lane: lane.value,
      start: Cursor(
        incarnation: try identity().incarnation, position: position, running: running),
      endPosition: position + entries.count, chains: [], items: entries.items)
    return (batch, entries.chains.byKey)
  }
}

/// Collects an outbox's entries until a batch is full.
private struct OutboxCollector {
  let maximumBytes: Int
  let maximumCommits: Int
  private(set) var items: [OutgoingBatch.Item] = []
  private(set) var chains = ChainCollector()
  /// How many entries were taken.
  private(set) var count: UInt64 = 0
  private var collector = CommitCollector()
  private var bytes = 0
  private var commits = 0

  init(maximumBytes: Int, maximumCommits: Int) {
    self.maximumBytes = maximumBytes
    self.maximumCommits = maximumCommits
  }

  /// Whether no commit fits any more.
  private var isFull: Bool {
    commits + collector.count >= maximumCommits
      || items.count + collector.count >= ReplicationBounds.batchItems
      || bytes + collector.bytes >= maximumBytes || chains.isFull
  }

  /// Takes an entry: its mark, and what ``CommitCollector`` reads of its event.
  ///
  /// - Returns: `false` where the batch was full before it.
  mutating func take(_ entry: borrowing SQLRow, _ reader: StoreReader) throws -> Bool {
    let isMark = entry.isNull(1)
    let goesOn = !isMark && collector.continues(entry.integer(1))
    if !goesOn, isFull { return false }
    if isMark {
      flush()
      items.append(.mark(try entry.hash(0)))
      bytes += FrameSize.mark
    } else {
      try collector.add(entry, firstColumn: 1)
      if !goesOn { try chains.add(collector.key, reader) }
    }
    count += 1
    return true
  }

  /// Ends the run of commits that is being collected.
  mutating func flush() {
    let finished = collector.finish()
    bytes += collector.bytes
    commits += finished.count
    items += finished.lazy.map { .commit($0) }
    collector = CommitCollector()
  }
}
