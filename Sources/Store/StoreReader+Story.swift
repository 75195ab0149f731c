import Casework
package import Ledger
import Regions

extension StoreReader {
  /// The whole story of an entity. Cost: one fold, and a look at each event's exchanges.
  ///
  /// - Returns: `nil` where the entity is not held.
  package func story(of id: EntityID) throws -> Story? {
    guard let entity = try entity(id) else { return nil }
    let held = try history(of: id)
    let (result, steps) = try folder.foldInSteps(held.map(\.input))
    let order = StoryOrder(held.map(\.input))
    let exchanges = try exchanges(of: id)
    let known = try knowledge(of: held, in: order, exchanges)
    let hashes = Set(held.map(\.input.event.hash))
    let clocks = try clockKinds(of: result.state)
    let entries = entries(of: held, in: result)
    let told = try order.indices.map { index in
      let (entry, event) = (entries[index], entries[index].event)
      return StoryEntry(
        entry: entry, from: try name(ofSource: held[index].source), step: steps[event.hash],
        clock: entry.effect == .effective ? clocks[event.kind] : nil,
        missingParents: event.parents.filter { !hashes.contains($0) }, known: known[index])
    }
    let involved = Set(known.flatMap(\.keys)).union(exchanges.map(\.peer))
    let others = Set(entity.audience).subtracting(involved).subtracting([.everyone]).sorted()
    let room = max(Story.mostOffices - involved.count, 0)
    return Story(
      entries: told, offices: involved.union(others.prefix(room)).sorted(),
      officesLeftOut: max(others.count - room, 0), conflicts: result.state?.conflicts ?? [],
      missing: result.missing)
  }

  /// The kinds that stop, resume or extend clocks, by the process that is pinned now.
  private func clockKinds(of state: EntityState?) throws -> [String: ClockEffect] {
    guard let state, let family = try library[state.rules]?.family(named: state.family) else {
      return [:]
    }
    return Dictionary(
      family.kinds.compactMap { rule in rule.clock.map { (rule.kind, $0) } },
      uniquingKeysWith: { first, _ in first })
  }

  private func name(ofSource row: Int64) throws -> RegionID? {
    guard row != Interning.ownSource else { return nil }
    return try connection.first(
      "SELECT name FROM regions WHERE id = ?", .integer(row), read: { RegionID($0.text(0)) }) ?? nil
  }

  // MARK: Who knew what when.

  /// That an event was queued to a neighbour, or came from it once more.
  private struct Exchange {
    let event: Int64
    let peer: RegionID
    /// `nil` where nothing tells since when the neighbour held it.
    let knowledge: Knowledge?
  }

  /// An event may stand in both lanes of an outbox, and counts from the first that was acknowledged.
  static let exchangesOfEntity: StaticString = """
    SELECT ev.id, r.name, (
      SELECT a.at FROM acknowledgements a
      WHERE a.peer = o.peer AND a.lane = o.lane AND a.position >= o.position
      ORDER BY a.position LIMIT 1), 0
    FROM entities e CROSS JOIN events ev ON ev.entity = e.id
    CROSS JOIN outbox o ON o.event = ev.id JOIN regions r ON r.id = o.peer
    WHERE e.uuid = ?1
    UNION ALL
    SELECT ev.id, r.name, d.at, 1 FROM entities e CROSS JOIN events ev ON ev.entity = e.id
    CROSS JOIN doubles d ON d.event = ev.id JOIN regions r ON r.id = d.peer WHERE e.uuid = ?1
    """

  private func exchanges(of id: EntityID) throws -> [Exchange] {
    var found: [Exchange] = []
    try connection.query(Self.exchangesOfEntity, .blob(id.bytes)) { row in
      guard let peer = RegionID(row.text(1)) else { return true }
      let basis = row.integer(3) == 0 ? Knowledge.Basis.acknowledged : .sent
      let at = row.optionalInteger(2).map { UInt64(bitPattern: $0) }
      found.append(
        Exchange(
          event: row.integer(0), peer: peer,
          knowledge: at.map { Knowledge(sinceMilliseconds: $0, basis: basis) }))
      return true
    }
    return found
  }

  /// Of each event, by its index, who is known to have held it.
  private func knowledge(
    of held: [HeldEvent], in order: StoryOrder, _ exchanges: [Exchange]
  ) throws -> [[RegionID: Knowledge]] {
    // What an office wrote shows that it held what that names, and everything above. A closed
    // origin's events show nothing: anybody may have had the key.
    let written = held.map { entry -> [RegionID: Knowledge] in
      guard !entry.input.isOriginClosed else { return [:] }
      let proof = Knowledge(
        sinceMilliseconds: entry.stamp.time.milliseconds, basis: .wrote(entry.input.event.hash))
      return [entry.input.region: proof]
    }
    var known = order.gatheredUpward(written) { $0.merge($1, uniquingKeysWith: Knowledge.earlier) }
    let own = try identity().region
    var places: [Int64: Int] = [:]
    func add(_ knowledge: Knowledge, of region: RegionID, at index: Int) {
      known[index].merge([region: knowledge], uniquingKeysWith: Knowledge.earlier)
    }
    for (index, entry) in held.enumerated() {
      places[entry.row] = index
      let accepted = entry.acceptedAtMilliseconds
      add(Knowledge(sinceMilliseconds: accepted, basis: .accepted), of: own, at: index)
      if let peer = try name(ofSource: entry.source) {
        add(Knowledge(sinceMilliseconds: accepted, basis: .sent), of: peer, at: index)
      }
    }
    for exchange in exchanges {
      guard let knowledge = exchange.knowledge, let index = places[exchange.event] else { continue }
      add(knowledge, of: exchange.peer, at: index)
    }
    return known
  }
}
