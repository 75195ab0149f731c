import Ledger
import Regions
import Replication

extension StoreTransaction {
  /// Appends to each neighbour's outbox what concerns it and was never queued to it nor taken from
  /// it, parents before children. One mechanism for new events, widenings and new trees.
  func route() throws {
    guard let router else { return }
    if effects.learnedTree {
      try routeEverything(router)
      return
    }
    for record in touched where !record.isNew && record.audience != record.audienceBefore {
      try routeWhole(record.row, to: peers(of: record.audience, router))
    }
    for event in fresh {
      let record = event.record
      if !record.isNew, record.audience != record.audienceBefore { continue }
      for peer in try peers(of: record.audience, router) where peer != event.source {
        if event.lane == .urgent, event.hasParents {
          try takeAlong(event.hash, of: record.row, to: peer)
        }
        try append(.event(row: event.row, hash: event.hash), to: peer, lane: event.lane)
      }
    }
  }

  /// The neighbours that an interned audience concerns.
  private func peers(of audience: Int64, _ router: Router) throws -> [Int64] {
    if let peers = concernedPeers[audience] { return peers }
    let regions = try interning.audience(numbered: audience, connection)
    let peers = try router.concerned(by: regions).map { try interning.region($0, connection) }
    if concernedPeers.count >= Interning.cachedAudiences { concernedPeers.removeAll() }
    concernedPeers[audience] = peers
    return peers
  }

  /// After a new tree any entity may concern another neighbour, and any widening may be good now.
  private func routeEverything(_ router: Router) throws {
    var rows: [(row: Int64, id: EntityID)] = []
    try connection.query("SELECT id, uuid FROM entities ORDER BY id") { row in
      if let id = EntityID(row.blob(1)) { rows.append((row.integer(0), id)) }
      return true
    }
    for (row, id) in rows {
      let record = try entities[id] ?? load(id)
      guard let record else { continue }
      let held = try heldEvents(of: row)
      let regions = judgeAudience(of: held).regions
      let former = record.audience
      try setAudience(regions, of: record)
      if record.audience != former { touch(record) }
      try routeWhole(row, to: peers(of: record.audience, router), held: held)
    }
  }

  private func routeWhole(_ row: Int64, to peers: [Int64]) throws {
    guard !peers.isEmpty else { return }
    try routeWhole(row, to: peers, held: heldEvents(of: row))
  }

  private func routeWhole(_ row: Int64, to peers: [Int64], held: [HeldEvent]) throws {
    let byHash = Dictionary(
      held.map { ($0.event.hash, $0) }, uniquingKeysWith: { first, _ in first })
    let audience = judgeAudience(of: held)
    let order = (audience.closed + audience.waiting).compactMap { byHash[$0] }
    for peer in peers {
      for event in order where event.source != peer {
        if try wasExchanged(event.row, with: peer) { continue }
        if event.stamp.lane == .urgent, !event.event.parents.isEmpty {
          try takeAlong(event.event.hash, of: row, to: peer)
        }
        try append(
          .event(row: event.row, hash: event.event.hash), to: peer, lane: event.stamp.lane)
      }
    }
  }

  private func wasExchanged(_ event: Int64, with peer: Int64) throws -> Bool {
    try connection.first(
      """
      SELECT EXISTS (SELECT 1 FROM outbox WHERE event = ?1 AND peer = ?2)
        OR EXISTS (SELECT 1 FROM doubles WHERE event = ?1 AND peer = ?2)
      """, .integer(event), .integer(peer), read: { $0.integer(0) != 0 }) ?? false
  }

  /// The events of an entity that wait in a peer's bulk outbox alone. CROSS JOIN has SQLite begin with
  /// the entity's few events; by itself it scans the outbox, which may hold all that waits.
  static let unsentOfEntity: StaticString = """
    SELECT o.event FROM events e CROSS JOIN outbox o ON o.event = e.id AND o.peer = ?2
    WHERE e.entity = ?1 AND o.lane = 1 AND o.position > ?3 AND NOT EXISTS (
      SELECT 1 FROM outbox u WHERE u.event = e.id AND u.peer = ?2 AND u.lane = 0)
    """

  /// An urgent event takes its unsent ancestors along: those that stand in the bulk outbox beyond
  /// the peer's last known cursor.
  private func takeAlong(_ hash: Hash, of entity: Int64, to peer: Int64) throws {
    let sent = try head(OutboxName(peer: peer, lane: .bulk)).acknowledged
    var unsent: Set<Int64> = []
    try connection.query(
      Self.unsentOfEntity, .integer(entity), .integer(peer), .integer(sent)
    ) { row in
      unsent.insert(row.integer(0))
      return true
    }
    guard !unsent.isEmpty else { return }
    let held = try heldEvents(of: entity)
    let byHash = Dictionary(
      held.map { ($0.event.hash, $0) }, uniquingKeysWith: { first, _ in first })
    var ancestors: Set<Hash> = []
    var open = byHash[hash]?.event.parents ?? []
    while let parent = open.popLast() {
      if ancestors.insert(parent).inserted { open += byHash[parent]?.event.parents ?? [] }
    }
    let order = judgeAudience(of: held)
    for parent in order.closed + order.waiting where ancestors.contains(parent) {
      guard let event = byHash[parent], unsent.contains(event.row) else { continue }
      try append(.event(row: event.row, hash: parent), to: peer, lane: .urgent)
    }
  }
}
