import Ledger
import Regions
import Replication
import Store

extension HandTurnedCity {
  /// One thing that can happen next.
  enum Step: Hashable {
    /// A frame reaches its session's queue.
    case deliver(Wire)
    /// A session handles its next input.
    case turn(RegionID, Int)
    /// A node's writer commits what waits, at most this many effects.
    case commit(RegionID, Int)
  }

  /// All that can happen next, in a fixed order.
  var steps: [Step] {
    var steps: [Step] = []
    for region in regions {
      let node = self[region]
      for id in node.sessions.keys.sorted() where node.sessions[id]?.inputs.isEmpty == false {
        steps.append(.turn(region, id))
      }
      if !node.writes.isEmpty { steps.append(.commit(region, 64)) }
    }
    for wire in wires.keys.sorted() where wires[wire]?.isEmpty == false {
      steps.append(.deliver(wire))
    }
    return steps
  }

  func take(_ step: Step) throws {
    switch step {
    case .deliver(let wire):
      guard let frame = wires[wire]?.first else { return }
      wires[wire]?.removeFirst()
      if wires[wire]?.isEmpty == true { wires[wire] = nil }
      delivered += 1
      self[wire.to].sessions[wire.session]?.inputs.append(.received(frame))
    case .turn(let region, let id): try turn(self[region], id)
    case .commit(let region, let count): try commit(self[region], count)
    }
  }

  /// Takes steps in the fixed order until nothing is left to do.
  func untilQuiet(bound: Int = 200_000) throws {
    for _ in 0..<bound {
      guard let step = steps.first else { return }
      try take(step)
    }
    throw Fault(description: "messages without end")
  }

  private func turn(_ node: CityNode, _ id: Int) throws {
    guard let session = node.sessions[id], !session.inputs.isEmpty else { return }
    let input = session.inputs.removeFirst()
    for effect in session.link.handle(input, at: now) {
      switch effect {
      case .send(let frame): post(frame, in: id, to: session.peer)
      case .sendBatch(let batch): post(.batch(try Batch(batch)), in: id, to: session.peer)
      case .report(let notices): node.reports += notices
      case .openIncarnation(let former, let claimed):
        try openIncarnation(
          node, leaving: former, IncarnationClaim(peer: session.peer, incarnation: claimed))
      case .sendRepair(let keys):
        try node.store.read { reader in
          var pending = try reader.events(keys)
          while let shipment = try reader.nextShipment(of: &pending) {
            post(.repair(shipment), in: id, to: session.peer)
          }
        }
      case .close(let goodbye):
        node.goodbyes.append(goodbye)
        node.sessions[id] = nil
        return
      default:
        if effect.writes {
          node.writes.append((id, session.peer, effect))
        } else if let answer = try node.store.read({
          try $0.carryOut(effect, for: session.peer, now: wall(node))
        }) {
          session.inputs.append(answer)
        }
      }
    }
  }

  private func post(_ frame: Frame, in session: Int, to peer: RegionID) {
    // A connection whose other end is gone swallows what is sent.
    guard nodes[peer]?.sessions[session] != nil else { return }
    wires[Wire(session: session, to: peer), default: []].append(frame)
  }

  /// Commits as the node's writer does: a group in one transaction; where that fails, each alone.
  func commit(_ node: CityNode, _ count: Int) throws {
    let group = Array(node.writes.prefix(count))
    node.writes.removeFirst(group.count)
    if !attempt(node, group) {
      for write in group where !attempt(node, [write]) {
        node.sessions[write.session]?.inputs.append(
          .stop(Goodbye(reason: .violation, message: "the store refused")))
      }
    }
    if let former = node.replacedIncarnation {
      node.replacedIncarnation = nil
      try openIncarnation(node, leaving: former)
    }
  }

  private func attempt(
    _ node: CityNode, _ group: [(session: Int, peer: RegionID, effect: LinkEffect)]
  ) -> Bool {
    do {
      let marks = LanePair(urgent: numbers.hash(), bulk: numbers.hash())
      let (answers, effects) = try node.store.write(now: wall(node)) { transaction in
        try group.map { try transaction.carryOut($0.effect, for: $0.peer, marks: marks) }
      }
      committed(node, effects)
      for (write, answer) in zip(group, answers) {
        if let answer { node.sessions[write.session]?.inputs.append(answer) }
      }
      return true
    } catch {
      if group.count == 1 { node.failures.append("\(error)") }
      return false
    }
  }

  /// Tells open links what a transaction did.
  func committed(_ node: CityNode, _ effects: StoreEffects) {
    node.alarms += effects.alarms
    for growth in effects.grown.keys.sorted(by: {
      $0.peer != $1.peer ? $0.peer < $1.peer : $0.lane < $1.lane
    }) {
      guard let id = node.current[growth.peer], let position = effects.grown[growth] else {
        continue
      }
      node.sessions[id]?.inputs.append(.outboxGrew(growth.lane, position: position))
    }
    if effects.learnedTree {
      stopAll(node, Goodbye(reason: .treeChanged, message: "a newer tree", retryAfterSeconds: 0))
    }
    node.replacedIncarnation = effects.replacedIncarnation ?? node.replacedIncarnation
  }

  private func stopAll(_ node: CityNode, _ goodbye: Goodbye) {
    for id in node.sessions.keys.sorted() { node.sessions[id]?.inputs.append(.stop(goodbye)) }
  }

  /// A peer proved that the store was replaced: what waits is committed first, as a writer in order
  /// does.
  func openIncarnation(
    _ node: CityNode, leaving former: UInt32, _ claim: IncarnationClaim? = nil
  ) throws {
    while !node.writes.isEmpty { try commit(node, 64) }
    let opened = try write(node) { transaction in
      let counter = try transaction.counter(leaving: former, beside: node.counter, claim: claim)
      if let counter { transaction.openIncarnation(counter) }
      return counter
    }
    guard let opened else { return }
    node.counter = opened
    stopAll(node, Goodbye(reason: .newIncarnation, message: "a new incarnation"))
  }

  /// Dials wherever no session streams, and runs until nothing moves, some rounds long: enough for
  /// trees to be learned and repairs to end.
  func settle(rounds: Int = 12) throws {
    for _ in 0..<rounds {
      try untilQuiet()
      var isSettled = true
      for region in regions {
        guard let parent = try parent(of: self[region]), !partitions.contains([region, parent])
        else { continue }
        let session = self[region].current[parent].flatMap { self[region].sessions[$0] }
        if session?.link.isStreaming != true {
          isSettled = false
          try dial(region)
        }
      }
      if isSettled { return }
    }
    try untilQuiet()
  }
}
