import Casework
import Ledger
import Regions
import Replication

/// Checks of what a node noted itself about its ledger: counts, its own chain, outboxes.
extension StoreReader {
  func checkNotes(
    lastCommit: Int64, _ trees: TreeHistory, _ report: inout Verification
  ) throws {
    let identity = try identity()
    if identity.eventCount != UInt64(report.events) {
      report.fail(
        "\(report.events) events stand in commits, \(identity.eventCount) were accepted")
    }
    let lastEvent =
      try connection.first("SELECT MAX(id) FROM events", read: { $0.integer(0) }) ?? 0
    if lastEvent / Schema.eventsPerCommit > lastCommit {
      report.fail("event \(lastEvent) stands in no commit")
    }
    let first = try connection.first(
      "SELECT MIN(id) FROM commits UNION ALL SELECT MIN(id) FROM events ORDER BY 1 LIMIT 1",
      read: { $0.integer(0) })
    if let first, first < 0 { report.fail("row \(first) of commits or events is out of range") }
    let noted = (try? signedTrees().names) ?? []
    if noted != trees.names {
      report.fail("\(noted.count) signed trees are noted, the ledger holds \(trees.names.count)")
    }
    try checkOwnChain(identity, &report)
  }

  /// The node's own place in its chain is that of the last commit that it wrote.
  private func checkOwnChain(
    _ identity: NodeIdentity, _ report: inout Verification
  ) throws {
    let newest = try connection.first(
      """
      SELECT c.sequence, c.hash, c.stamp FROM commits c
      JOIN origins o ON o.id = c.origin JOIN regions r ON r.id = o.region
      WHERE r.name = ? AND o.incarnation = ? AND c.source = ?
      ORDER BY c.sequence DESC LIMIT 1
      """, .text(identity.region.rawValue), .integer(Int64(identity.incarnation)),
      .integer(Interning.ownSource)
    ) { (UInt64(bitPattern: $0.integer(0)), $0.blob(1), $0.blob(2)) }
    let (sequence, head, stamp) = newest ?? (0, Hash.zero.bytes, [])
    if identity.sequence != sequence || identity.head.bytes != head {
      report.fail(
        "the node notes \(identity.sequence) as its last commit, the ledger's is \(sequence)")
    }
    if let stamp = try? Stamp(decoding: stamp), identity.clock.last < stamp.time {
      report.fail("the node's clock stands before its own last commit")
    }
  }

  func checkOutboxes(_ report: inout Verification) throws {
    var ends: [OutboxKey: OutboxEnd] = [:]
    var key: OutboxKey?
    var end = OutboxEnd(position: 0, running: .zero)
    try connection.query(
      """
      SELECT o.peer, o.lane, o.position, COALESCE(e.hash, o.mark), o.running
      FROM outbox o LEFT JOIN events e ON e.id = o.event ORDER BY o.peer, o.lane, o.position
      """
    ) { row in
      let found = OutboxKey(peer: row.integer(0), lane: row.integer(1))
      if found != key {
        if let key { ends[key] = end }
        (key, end) = (found, OutboxEnd(position: 0, running: .zero))
      }
      end.position += 1
      guard let entry = Hash(row.blob(3)), let stored = Hash(row.blob(4)) else {
        report.fail("outbox entry \(end.position) of peer \(found.peer) is ill-formed")
        return true
      }
      end.running = end.running.appending(entry)
      if end.position != row.integer(2) || end.running != stored {
        report.fail("outbox entry \(end.position) of peer \(found.peer) does not follow")
        end = OutboxEnd(position: row.integer(2), running: stored)
      }
      return true
    }
    if let key { ends[key] = end }
    try checkOutboxHeads(ends, &report)
  }

  private struct OutboxKey: Hashable {
    let peer: Int64
    let lane: Int64
  }

  private struct OutboxEnd: Hashable {
    var position: Int64
    var running: Hash
  }

  /// What is noted as an outbox's end is that of its last entry.
  private func checkOutboxHeads(
    _ ends: [OutboxKey: OutboxEnd], _ report: inout Verification
  ) throws {
    var unnoted = ends
    try connection.query(
      "SELECT peer, lane, position, running, acknowledged FROM outbox_heads"
    ) { row in
      let key = OutboxKey(peer: row.integer(0), lane: row.integer(1))
      let end = unnoted.removeValue(forKey: key) ?? OutboxEnd(position: 0, running: .zero)
      if row.integer(2) != end.position || row.blob(3) != end.running.bytes {
        report.fail(
          "the noted end \(row.integer(2)) of the outbox of peer \(key.peer) is not that of its "
            + "entries, \(end.position)")
      } else if !(0...end.position).contains(row.integer(4)) {
        report.fail("peer \(key.peer) acknowledged more of its outbox than there is")
      }
      return true
    }
    for key in unnoted.keys { report.fail("the outbox of peer \(key.peer) has no noted end") }
  }
}
