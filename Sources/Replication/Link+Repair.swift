import Ledger

extension Link {
  /// A repair under way: from the first mismatch until all that the peer noted is held.
  struct Repair: Sendable {
    /// Whether the store was asked to begin.
    var isStarted = false
    /// Our own heads; `nil` while the store notes them.
    var ours: NotedHeads?
    var theirs: NotedHeads?
    var comparison: RangeComparison?
    /// The times of our noted events that the peer has not asked for; made when it first asks.
    var noted: [Hash: HybridTime]?
    var set: NotedSet?
    /// What was asked for and has not come.
    var outstanding: Set<Hash> = []
    /// Found missing, and not yet asked for; the earliest at the end.
    var unasked: [SetKey] = []
    var hasAsked = false
    /// How far newer data was durably taken, per lane.
    var taken = LanePair<Cursor?>(repeating: nil)
    /// Frames of the comparison that came before our own set was noted.
    var early: [[RangeClaim]] = []
    /// Whether all that the peer noted is held.
    var isSettled = false
    /// Whether the peer has said that it will ask for nothing more.
    var isPeerSettled = false
  }

  mutating func startRepair() -> [LinkEffect] {
    guard repair?.isStarted != true else { return [] }
    if repair == nil { repair = Repair() }
    repair?.isStarted = true
    if repair?.theirs == nil { receiving = LanePair(repeating: nil) }
    for lane in Lane.allCases { sending.lanes[lane].next = nil }
    sending.generation += 1
    return [.beginRepair]
  }

  mutating func repairBegan(
    _ heads: NotedHeads, _ set: NotedSet, at now: UInt64
  ) -> [LinkEffect] {
    repair?.ours = heads
    repair?.set = set
    repair?.comparison = RangeComparison(of: set)
    sendFromHeads(heads.heads)
    return [.send(.noted(heads))] + beginComparison() + pump(at: now)
  }

  mutating func notedArrived(_ heads: NotedHeads) -> [LinkEffect] {
    guard repair?.theirs == nil, !hasRepaired else { return violation("a second repair") }
    for lane in Lane.allCases {
      let head = heads.heads[lane]
      guard head.incarnation == peerIncarnation, head.position <= ReplicationBounds.outboxEntries
      else { return violation("noted heads of another incarnation, or out of range") }
    }
    if repair == nil { repair = Repair() }
    repair?.theirs = heads
    receiving = heads.heads.map { $0 }
    repair?.taken = heads.heads.map { $0 }
    guard phase == .streaming else { return [] }
    return startRepair() + beginComparison()
  }

  private mutating func beginComparison() -> [LinkEffect] {
    guard repair?.ours != nil, repair?.theirs != nil else { return [] }
    if side == .child, let claims = repair?.comparison?.begin() {
      return [.send(.compare(claims))]
    }
    let early = repair?.early ?? []
    repair?.early = []
    return early.flatMap { compare($0) }
  }

  mutating func compare(_ claims: [RangeClaim]) -> [LinkEffect] {
    guard repair != nil else { return violation("comparison without a repair") }
    guard repair?.ours != nil, repair?.theirs != nil else {
      guard (repair?.early.count ?? 0) < 1 else { return violation("comparison out of turn") }
      repair?.early.append(claims)
      return []
    }
    let bound =
      side == .parent
      ? RangeComparison.claimsPerFrame
      : RangeComparison.claimsPerFrame * ReplicationBounds.branching
    guard claims.count <= bound else { return violation("too many claims in one frame") }
    var effects: [LinkEffect] = []
    switch side {
    case .child:
      guard let next = repair?.comparison?.proceed(after: claims) else { return [] }
      effects.append(.send(.compare(next)))
    case .parent:
      if let answer = repair?.comparison?.answer(to: claims) {
        effects.append(.send(.compare(answer)))
      }
    }
    guard let comparison = repair?.comparison, let theirs = repair?.theirs,
      UInt64(comparison.missing.count) <= theirs.count
    else { return violation("more events than the noted set has") }
    guard comparison.openClaims <= RangeComparison.maximumOpenClaims else {
      return violation("a comparison without end")
    }
    return effects + askOrSettle()
  }

  /// When the comparison is complete: asks for what is missing, a bounded part at a time.
  private mutating func askOrSettle() -> [LinkEffect] {
    guard var current = repair, let comparison = current.comparison, comparison.isComplete,
      !current.isSettled
    else { return [] }
    if !current.hasAsked {
      current.hasAsked = true
      current.unasked = comparison.missing.sorted(by: >)
    }
    var effects: [LinkEffect] = []
    if current.outstanding.isEmpty, !current.unasked.isEmpty {
      // By time, so that parents mostly come before their children.
      let part = current.unasked.suffix(ReplicationBounds.hashesPerFrame).reversed().map(\.hash)
      current.unasked.removeLast(part.count)
      current.outstanding = Set(part)
      effects.append(.send(.want(part)))
    } else if current.outstanding.isEmpty {
      current.isSettled = true
      effects.append(.send(.want([])))
      // What was handed to the store before this is durable before the cursors are set, so they
      // stand at its end, also where its answer is still on the way.
      if let urgent = receiving.urgent, let bulk = receiving.bulk {
        effects.append(.finishRepair(LanePair(urgent: urgent, bulk: bulk)))
      }
    }
    repair = current
    return effects + endRepair()
  }

  /// Lets go of the noted set once neither side needs it.
  private mutating func endRepair() -> [LinkEffect] {
    guard repair?.isSettled == true, repair?.isPeerSettled == true else { return [] }
    repair = nil
    hasRepaired = true
    return []
  }

  mutating func wanted(_ hashes: [Hash]) -> [LinkEffect] {
    guard let set = repair?.set else { return violation("asked for events without a repair") }
    guard !hashes.isEmpty else {
      repair?.isPeerSettled = true
      // The peer's cursors stand where its data reached: at our noted heads or beyond.
      let reached: [LinkEffect] = Lane.allCases.map { lane in
        .noteAcknowledged(lane, sending.lanes[lane].taken)
      }
      return reached + endRepair()
    }
    if repair?.noted == nil {
      repair?.noted = Dictionary(
        set.keys.map { ($0.hash, $0.time) }, uniquingKeysWith: { first, _ in first })
    }
    // Answered once: who asks again could have us read and send without end.
    let ours = hashes.compactMap { hash in
      repair?.noted?.removeValue(forKey: hash).map { SetKey(time: $0, hash: hash) }
    }
    guard ours.count == hashes.count else {
      return violation("asked for events not in the set, or for one twice")
    }
    return [.sendRepair(ours)]
  }

  mutating func repairArrived(_ shipment: Shipment) -> [LinkEffect] {
    guard let repair, !repair.isSettled else { return violation("events that were not asked for") }
    let arrived = shipment.commits.flatMap { $0.events.map(\.event.hash) }
    guard arrived.allSatisfy({ repair.outstanding.contains($0) }) else {
      return violation("events that were not asked for")
    }
    return [.takeRepair(shipment)]
  }

  mutating func repairTaken(
    _ hashes: [Hash], _ setAside: [SetAsideNotice]
  ) -> [LinkEffect] {
    repair?.outstanding.subtract(hashes)
    let report: [LinkEffect] = setAside.isEmpty ? [] : [.send(.setAside(setAside))]
    return report + askOrSettle()
  }
}
