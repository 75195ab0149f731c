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
    let maximumBytes = min(maximumBytes, bounds.batchBytes)
    var items: [OutgoingBatch.Item] = []
    var end = start
    var collector = CommitCollector()
    var chains = ChainCollector()
    var bytes = 0
    var commits = 0
    func flush() {
      let finished = collector.finish()
      bytes += collector.bytes
      commits += finished.count
      items += finished.map { .commit($0) }
      collector = CommitCollector()
    }
    try connection.query(
      """
      SELECT o.mark, e.id, e.bytes, c.stamp, c.previous, c.signature, c.hashes
      FROM outbox o LEFT JOIN events e ON e.id = o.event LEFT JOIN commits c ON c.id = e.id / 256
      WHERE o.peer = ? AND o.lane = ? AND o.position > ? ORDER BY o.position
      """, .integer(row), lane.number, .integer(start)
    ) { found in
      let isMark = found.isNull(1)
      let goesOn = !isMark && collector.continues(found.integer(1))
      if !goesOn {
        let isFull =
          commits + collector.count >= bounds.batchCommits
          || items.count + collector.count >= ReplicationBounds.batchItems
          || bytes + collector.bytes >= maximumBytes || chains.isFull
        if isFull { return false }
      }
      if isMark {
        flush()
        items.append(.mark(try found.hash(0)))
        bytes += FrameSize.mark
      } else {
        try collector.add(found, firstColumn: 1)
        if !goesOn { try chains.add(collector.key, self) }
      }
      end += 1
      return true
    }
    flush()
    let batch = OutgoingBatch(
      lane: lane.value,
      start: Cursor(
        incarnation: try identity().incarnation, position: position, running: running),
      endPosition: UInt64(end), chains: [], items: items)
    return (batch, chains.byKey)
  }
}
