import Ledger
import Regions
import Replication
@testable import Store

/// What must hold of a whole city; each throws a fault that says where it does not.
extension HandTurnedCity {
  /// A cursor that its outbox confirms means that all before it is held.
  func checkCursors() throws {
    for region in regions {
      let node = self[region]
      for peer in regions where peer != region {
        let cursors = try node.store.read { try $0.cursors(of: peer) }
        for lane in Lane.allCases {
          guard case .at(let place) = cursors[lane],
            try self[peer].store.read({
              try $0.judge(cursors[lane], of: region, lane: lane, now: now)
            }) == .resumes(at: place.position)
          else { continue }
          let held = try node.held
          let before = try self[peer].store.read { reader in
            try reader.outbox(of: region, lane, through: place.position)
          }
          let lost = before.filter { !held.contains($0) }
          guard lost.isEmpty else {
            throw Fault(
              description:
                "\(region) has a cursor at \(peer), \(lane) \(place.position), past \(lost.count) events "
                + "it lacks, the first at \(before.firstIndex { !held.contains($0) } ?? 0) of "
                + "\(before.count); failures \(node.failures), sessions \(node.sessions.count)")
          }
        }
      }
    }
  }

  /// No honest event is held where it was never in scope.
  func checkScopes() throws {
    let audiences = oracle.audiences()
    for region in regions {
      for hash in try self[region].held {
        guard let fact = oracle.byHash[hash], !fact.isHostile, fact.region != region else {
          continue
        }
        guard
          CityOracle.isInScope(region, audiences[fact.entity] ?? [], oracle.trees)
        else {
          throw Fault(description: "\(region) holds \(hash.short), never in its scope")
        }
      }
    }
  }

  /// After a heal: everybody in scope holds, folds and judges alike, and links are at rest.
  ///
  /// - Parameter alive: what any store held when the heal began; the rest is lost for good.
  func checkConverged(alive: Set<Hash>) throws {
    let audiences = oracle.audiences(alive: alive)
    guard let hub = oracle.configured?.hub, let newest = try self[hub].newestTree else {
      throw Fault(description: "the hub knows no tree")
    }
    var needed = Set(alive.filter { oracle.byHash[$0]?.isHostile == false })
    for fact in oracle.facts.reversed() where needed.contains(fact.hash) {
      needed.formUnion(fact.parents.filter { alive.contains($0) })
    }
    for region in regions {
      let node = self[region]
      guard try node.newestTree == newest else {
        throw Fault(description: "\(region) has another tree")
      }
      let held = try node.held
      var inScope: Set<EntityID> = []
      for fact in oracle.facts where needed.contains(fact.hash) {
        guard let audience = audiences[fact.entity],
          CityOracle.isInScope(region, audience, [newest])
        else { continue }
        guard held.contains(fact.hash) else {
          throw Fault(
            description: "\(region) lacks \(fact.hash.short) of \(fact.entity), "
              + "written by \(fact.region), audience \(audience.sorted())")
        }
        inScope.insert(fact.entity)
      }
      for entity in inScope.sorted() {
        let audience = audiences[entity]?.sorted() ?? []
        guard let stored = try node.entity(entity), stored.audience == audience else {
          throw Fault(
            description: "\(region): audience of \(entity) is not \(audience)")
        }
      }
      try checkLinks(of: node, newest)
    }
    try checkDigests(newest)
  }

  private func checkLinks(of node: CityNode, _ tree: LinkTree) throws {
    for peer in regions where tree.parent(of: peer) == node.region {
      let child = self[peer]
      guard let session = node.current[peer].flatMap({ node.sessions[$0] }),
        session.link.isStreaming, !session.link.isRepairing,
        child.sessions[session.id]?.link.isRepairing == false
      else { throw Fault(description: "\(node.region) and \(peer) have no settled link") }
      let (here, there) = (try node.exchanged(with: peer), try child.exchanged(with: node.region))
      guard here == there else {
        let only = here.subtracting(there).count
        throw Fault(
          description: "\(node.region) and \(peer) differ in what was exchanged: \(only) here, "
            + "\(there.subtracting(here).count) there")
      }
      for (sender, taker) in [(node, child), (child, node)] {
        let heads = try sender.store.read { try $0.outboxHeads(of: taker.region) }
        let cursors = try taker.store.read { try $0.cursors(of: sender.region) }
        for lane in Lane.allCases {
          let reached: UInt64
          switch cursors[lane] {
          case .at(let place): reached = place.position
          case .fresh: reached = 0
          case .void:
            throw Fault(description: "\(taker.region) has a void cursor at \(sender.region)")
          }
          guard reached == heads[lane] else {
            throw Fault(
              description: "\(taker.region) took \(reached) of \(heads[lane]) from \(sender.region)"
            )
          }
        }
      }
    }
  }

  /// All current holders of a region have the same digest of it.
  private func checkDigests(_ tree: LinkTree) throws {
    for region in regions {
      let holders = tree.path(from: region)
      let digests = try holders.map { holder in
        try self[holder].store.read { try $0.digest(of: region) }
      }
      guard Set(digests).count == 1 else {
        throw Fault(description: "the holders \(holders) of \(region) have different digests")
      }
    }
  }

  /// The full check of every store.
  func checkStores() throws {
    for region in regions {
      let report = try self[region].store.read {
        try $0.verify(judge: authority) { _ in }
      }
      guard report.isGood else {
        throw Fault(description: "verify at \(region): \(report.failures[0].reason)")
      }
    }
  }

  /// What all stores together hold.
  var alive: Set<Hash> {
    get throws {
      try regions.reduce(into: Set<Hash>()) { try $0.formUnion(self[$1].held) }
    }
  }
}
