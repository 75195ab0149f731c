package import Ledger
package import Regions
package import Replication

extension StoreTransaction {
  /// Begins a repair with a peer: voids our cursors, appends a mark to each outbox, and notes the
  /// heads and the set of what was exchanged, all at one instant.
  ///
  /// - Parameter marks: random, one a lane.
  package func beginRepair(
    with peer: RegionID, marks: LanePair<Hash>
  ) throws -> (NotedHeads, NotedSet) {
    let row = try interning.region(peer, connection)
    for lane in Lane.allCases {
      try setCursor(peer, lane, .void)
      try append(.mark(marks[lane]), to: row, lane: lane)
    }
    let heads = try LanePair(urgent: cursorOfHead(row, .urgent), bulk: cursorOfHead(row, .bulk))
    var keys: Set<SetKey> = []
    try connection.query(
      """
      SELECT e.time, e.hash FROM outbox o JOIN events e ON e.id = o.event WHERE o.peer = ?1
      UNION ALL SELECT time, hash FROM events WHERE source = ?1
      UNION ALL
      SELECT e.time, e.hash FROM doubles d JOIN events e ON e.id = d.event WHERE d.peer = ?1
      """, .integer(row)
    ) { found in
      let time = HybridTime(rawValue: try found.exactly(0))
      keys.insert(SetKey(time: time, hash: try found.hash(1)))
      return true
    }
    let set = NotedSet(Array(keys))
    return (NotedHeads(heads: heads, count: UInt64(set.count)), set)
  }

  private func cursorOfHead(_ peer: Int64, _ lane: Lane) throws -> Cursor {
    let head = try head(OutboxName(peer: peer, lane: lane))
    return Cursor(
      incarnation: identity.incarnation, position: UInt64(head.position), running: head.running)
  }

  /// Ends a repair: what the peer noted is held, so our cursors may stand where its data reached.
  package func finishRepair(with peer: RegionID, cursors: LanePair<Cursor>) throws {
    for lane in Lane.allCases { try setCursor(peer, lane, .at(cursors[lane])) }
  }
}
