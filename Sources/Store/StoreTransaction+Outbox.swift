package import Ledger
package import Regions
import Replication

extension StoreTransaction {
  enum OutboxEntry {
    case event(row: Int64, hash: Hash)
    case mark(Hash)
  }

  func head(_ name: OutboxName) throws -> OutboxHead {
    if let head = outboxHeads[name] { return head }
    let head =
      try connection.first(
        "SELECT position, running, acknowledged FROM outbox_heads WHERE peer = ? AND lane = ?",
        .integer(name.peer), .integer(Int64(name.lane.rawValue)),
        read: {
          OutboxHead(
            position: Int64(try $0.exactly(0, as: UInt64.self)), running: try $0.hash(1),
            acknowledged: Int64(try $0.exactly(2, as: UInt64.self)))
        }) ?? OutboxHead(position: 0, running: .zero, acknowledged: 0)
    outboxHeads[name] = head
    return head
  }

  func append(_ entry: OutboxEntry, to peer: Int64, lane: Lane) throws {
    let name = OutboxName(peer: peer, lane: lane)
    var head = try head(name)
    head.position += 1
    head.isChanged = true
    let (event, mark): (SQLValue, SQLValue)
    switch entry {
    case .event(let row, let hash):
      head.running = head.running.appending(hash)
      (event, mark) = (.integer(row), .null)
    case .mark(let hash):
      head.running = head.running.appending(hash)
      (event, mark) = (.null, .hash(hash))
    }
    try connection.execute(
      "INSERT INTO outbox (peer, lane, position, event, mark, running) VALUES (?, ?, ?, ?, ?, ?)",
      .integer(peer), .integer(Int64(lane.rawValue)), .integer(head.position), event, mark,
      .hash(head.running))
    outboxHeads[name] = head
  }

  func write(_ head: OutboxHead, _ name: OutboxName) throws {
    try connection.execute(
      """
      INSERT INTO outbox_heads (peer, lane, position, running, acknowledged)
      VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (peer, lane) DO UPDATE SET
        position = excluded.position, running = excluded.running,
        acknowledged = excluded.acknowledged
      """, .integer(name.peer), .integer(Int64(name.lane.rawValue)), .integer(head.position),
      .hash(head.running), .integer(head.acknowledged))
    outboxHeads[name]?.isChanged = false
    if let peer = try interning.region(named: name.peer, connection) {
      let growth = StoreEffects.Growth(peer: peer, lane: name.lane)
      effects.grown[growth] = UInt64(head.position)
    }
  }

  /// Notes where a peer's cursor stands, which the peer said at a greeting. It may be before what was
  /// noted: a peer's store that was put back holds less than it did.
  package func noteCursor(of peer: RegionID, _ lane: Lane, at position: UInt64) throws {
    let name = OutboxName(peer: try interning.region(peer, connection), lane: lane)
    var head = try head(name)
    guard let position = Int64(exactly: position), position <= head.position else { return }
    try noteHeld(name, upTo: position)
    guard position != head.acknowledged else { return }
    head.acknowledged = position
    head.isChanged = true
    outboxHeads[name] = head
  }

  /// Notes how far a peer durably took an outbox; take-along leaves out what lies before.
  package func noteAcknowledged(_ peer: RegionID, _ lane: Lane, _ position: UInt64) throws {
    let name = OutboxName(peer: try interning.region(peer, connection), lane: lane)
    var head = try head(name)
    guard let position = Int64(exactly: position), position > head.acknowledged,
      position <= head.position
    else { return }
    try noteHeld(name, upTo: position)
    head.acknowledged = position
    head.isChanged = true
    outboxHeads[name] = head
  }
}
