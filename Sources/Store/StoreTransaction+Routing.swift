import Ledger
import Regions
import Replication

extension StoreTransaction {
  /// Appends to each neighbour's outbox what concerns it and was never queued to it nor taken from
  /// it, parents before children. One mechanism for new events, widenings and new trees.
  func route() throws {
    guard let router else { return }
    let convoy = Convoy()
    var routed: Set<Int64> = []
    if effects.learnedTree {
      try judgeVoidWidenings()
      routed = try routeToNewNeighbours(router, convoy)
    }
    for record in touched where !record.isNew && record.audience != record.audienceBefore {
      try routeWhole(record.row, to: peers(of: record.audience, router), convoy)
    }
    routed.formUnion(try routeAwaited(router, convoy))
    for event in fresh where !routed.contains(event.record.row) {
      let record = event.record
      if !record.isNew, record.audience != record.audienceBefore { continue }
      for peer in try peers(of: record.audience, router) where peer != event.source {
        if event.lane == .urgent, event.hasParents {
          try takeAlong(event.hash, of: record.row, to: peer, convoy)
        }
        try append(.event(row: event.row, hash: event.hash), to: peer, lane: event.lane)
        if event.lane == .bulk { convoy.note(event.row, of: record.row, to: peer) }
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

  /// A new tree can only make good what was void by all trees before.
  private func judgeVoidWidenings() throws {
    var ids: [EntityID] = []
    try connection.query(
      "SELECT n.uuid FROM void_widenings v JOIN entities n ON n.id = v.entity ORDER BY n.id"
    ) { row in
      if let id = EntityID(row.blob(0)) { ids.append(id) }
      return true
    }
    for id in ids {
      guard let record = try entities[id] ?? load(id) else { continue }
      let audience = try judgeAudience(of: heldEvents(of: record.row))
      let former = record.audience
      try setAudience(audience.regions, of: record)
      try noteVoid(!audience.void.isEmpty, of: record)
      guard record.audience != former else { continue }
      touch(record)
      try write(record)
    }
  }

  /// Routes the entities of those audiences that concern another neighbour by the new tree.
  ///
  /// - Returns: the entities' rows.
  private func routeToNewNeighbours(_ router: Router, _ convoy: Convoy) throws -> Set<Int64> {
    var grown: Set<Int64> = []
    try connection.query("SELECT id, regions FROM audiences") { row in
      let regions = Interning.regions(in: row.text(1))
      let before = Set(formerRouter?.concerned(by: regions) ?? [])
      if !before.isSuperset(of: router.concerned(by: regions)) { grown.insert(row.integer(0)) }
      return true
    }
    guard !grown.isEmpty else { return [] }
    var entities: [(row: Int64, audience: Int64)] = []
    try connection.query("SELECT id, audience FROM entities ORDER BY id") { row in
      if grown.contains(row.integer(1)) { entities.append((row.integer(0), row.integer(1))) }
      return true
    }
    for (row, audience) in entities {
      try routeWhole(row, to: peers(of: audience, router), convoy)
    }
    return Set(entities.map(\.row))
  }

  /// Notes whether a new tree may make a widening of the entity good.
  func noteVoid(_ isVoid: Bool, of record: EntityRecord) throws {
    try connection.execute(
      isVoid
        ? "INSERT OR IGNORE INTO void_widenings (entity) VALUES (?)"
        : "DELETE FROM void_widenings WHERE entity = ?", .integer(record.row))
  }

  /// Routes the entities of which an event came after a child of it: only with all the entity's events
  /// can be told which lane it belongs in, and what goes before it.
  ///
  /// - Returns: the entities' rows.
  private func routeAwaited(_ router: Router, _ convoy: Convoy) throws -> Set<Int64> {
    var freshHashes: [Int64: [Hash]] = [:]
    var tangled: [EntityRecord] = []
    for event in fresh where event.mayBeAwaited && freshHashes[event.record.row] == nil {
      freshHashes[event.record.row] = []
      tangled.append(event.record)
    }
    guard !tangled.isEmpty else { return [] }
    for event in fresh { freshHashes[event.record.row]?.append(event.hash) }
    var routed: Set<Int64> = []
    for record in tangled where record.isNew || record.audience == record.audienceBefore {
      let held = try heldEvents(of: record.row)
      let parents = Set(held.lazy.flatMap(\.event.parents))
      guard freshHashes[record.row]?.contains(where: parents.contains) == true else { continue }
      try routeWhole(record.row, to: peers(of: record.audience, router), held: held, convoy)
      routed.insert(record.row)
    }
    return routed
  }

  private func routeWhole(_ row: Int64, to peers: [Int64], _ convoy: Convoy) throws {
    guard !peers.isEmpty else { return }
    try routeWhole(row, to: peers, held: heldEvents(of: row), convoy)
  }

  /// Queues what of an entity was never exchanged with the peers. A parent that comes later than a
  /// child goes in the child's lane: what is urgent must not wait at the peer for bulk.
  private func routeWhole(
    _ row: Int64, to peers: [Int64], held: [HeldEvent], _ convoy: Convoy
  ) throws {
    let order = Self.parentsFirst(held)
    var children: [Hash: [Int64]] = [:]
    for event in held {
      for parent in event.event.parents { children[parent, default: []].append(event.row) }
    }
    for peer in peers {
      let urgent = try rows(Self.urgentOfEntity, .integer(row), .integer(peer))
      for event in order where event.source != peer {
        if try wasExchanged(event.row, with: peer) { continue }
        let isAwaited = children[event.event.hash]?.contains(where: urgent.contains) ?? false
        let lane =
          isAwaited ? .urgent : try lane(of: event.stamp, row: event.row / Schema.eventsPerCommit)
        if lane == .urgent, !event.event.parents.isEmpty {
          try takeAlong(event.event.hash, of: row, to: peer, convoy)
        }
        try append(.event(row: event.row, hash: event.event.hash), to: peer, lane: lane)
        if lane == .bulk { convoy.note(event.row, of: row, to: peer) }
      }
    }
  }

  private static func parentsFirst(_ held: [HeldEvent]) -> [HeldEvent] {
    Ledger.parentsFirst(held, hash: \.event.hash, parents: \.event.parents)
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

  /// The events of an entity in a peer's urgent outbox; for the join's order see `unsentOfEntity`.
  static let urgentOfEntity: StaticString = """
    SELECT o.event FROM events e CROSS JOIN outbox o ON o.event = e.id AND o.peer = ?2
    WHERE e.entity = ?1 AND o.lane = 0
    """

  private func rows(
    _ query: StaticString, _ values: SQLValue...
  ) throws -> Set<Int64> {
    var rows: Set<Int64> = []
    try connection.query(query, values) { row in
      rows.insert(row.integer(0))
      return true
    }
    return rows
  }

  /// An urgent event takes its unsent ancestors along: those that stand in the bulk outbox beyond
  /// the peer's last known cursor.
  private func takeAlong(
    _ hash: Hash, of entity: Int64, to peer: Int64, _ convoy: Convoy
  ) throws {
    let way = Convoy.Way(entity: entity, peer: peer)
    if convoy.unsent[way] == nil {
      let sent = try head(OutboxName(peer: peer, lane: .bulk)).acknowledged
      convoy.unsent[way] = try rows(
        Self.unsentOfEntity, .integer(entity), .integer(peer), .integer(sent))
    }
    guard convoy.unsent[way]?.isEmpty == false else { return }
    if convoy.graphs[entity] == nil {
      convoy.graphs[entity] = Convoy.Graph(Self.parentsFirst(try heldEvents(of: entity)))
    }
    for event in convoy.take(ancestorsOf: hash, on: way) {
      try append(.event(row: event.row, hash: event.hash), to: peer, lane: .urgent)
    }
  }
}

/// What the urgent events of a transaction take along. Of an entity it is read once, and of each of its
/// events asked once for a neighbour, however many urgent ones there are.
private final class Convoy {
  /// An entity's events on their way to a neighbour.
  struct Way: Hashable {
    let entity: Int64
    let peer: Int64
  }

  /// An entity's events, parents first.
  struct Graph {
    let events: [(row: Int64, hash: Hash, parents: [Hash])]
    let places: [Hash: Int]

    init(_ held: [StoreTransaction.HeldEvent]) {
      events = held.map { ($0.row, $0.event.hash, $0.event.parents) }
      places = Dictionary(
        held.enumerated().map { ($1.event.hash, $0) }, uniquingKeysWith: { first, _ in first })
    }
  }

  var graphs: [Int64: Graph] = [:]
  /// The events that wait in the bulk outbox alone, beyond the peer's last known cursor.
  var unsent: [Way: Set<Int64>] = [:]
  private var passed: [Way: Set<Int>] = [:]

  /// Notes that an event was queued with the bulk.
  func note(_ event: Int64, of entity: Int64, to peer: Int64) {
    unsent[Way(entity: entity, peer: peer)]?.insert(event)
  }

  /// The unsent ancestors of an event, parents first; from here on they count as sent.
  func take(ancestorsOf hash: Hash, on way: Way) -> [(row: Int64, hash: Hash)] {
    guard let graph = graphs[way.entity], let place = graph.places[hash] else { return [] }
    var (open, found): ([Int], [Int]) = ([place], [])
    while let next = open.popLast() {
      for parent in graph.events[next].parents {
        guard let above = graph.places[parent], passed[way, default: []].insert(above).inserted
        else { continue }
        open.append(above)
        if unsent[way]?.remove(graph.events[above].row) != nil { found.append(above) }
      }
    }
    return found.sorted().map { (graph.events[$0].row, graph.events[$0].hash) }
  }
}
