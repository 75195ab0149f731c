import Ledger
import Regions

extension Link {
  mutating func opened(_ hello: Hello, at now: UInt64) -> [LinkEffect] {
    precondition(phase == .new, "a session opens once")
    phase = .greeting
    self.hello = hello
    openedAt = now
    lastHeard = now
    return [.send(.hello(hello))]
  }

  mutating func greeted(_ theirs: Hello) -> [LinkEffect] {
    guard phase == .greeting, let hello else { return violation("a second hello") }
    guard theirs.region == peer else {
      return violation("hello names \(theirs.region), the certificate \(peer)")
    }
    let common = hello.protocolVersions.clamped(to: theirs.protocolVersions)
    guard hello.protocolVersions.overlaps(theirs.protocolVersions) else {
      return close(
        Goodbye(
          reason: .protocolVersion,
          message: """
            no protocol number in common: here \(hello.protocolVersions), \
            there \(theirs.protocolVersions); upgrade the older side
            """))
    }
    met(theirs, version: common.upperBound)
    let lackedThere = treesLacked(by: theirs)
    let ships: [LinkEffect] = lackedThere.isEmpty ? [] : [.readTrees(lackedThere)]
    awaitedTrees = Set(theirs.trees).subtracting(knownTrees)
    if !awaitedTrees.isEmpty {
      // The peer sees from our hello which trees we lack and sends them.
      phase = .learning
      return ships
    }
    guard isNeighbour else { return ships.isEmpty ? close(.notNeighbours) : ships }
    phase = .judging
    for lane in Lane.allCases {
      switch hello.cursors[lane] {
      case .at(let cursor) where cursor.incarnation == theirs.incarnation:
        receiving[lane] = cursor
      case .fresh:
        receiving[lane] = .start(of: theirs.incarnation)
      // The peer finds the mismatch and begins the repair.
      case .at, .void: receiving[lane] = nil
      }
    }
    return ships + [.judgeCursors(theirs.cursors)]
  }

  /// The trees that the peer may lack.
  ///
  /// A hello names the newest only. Where both sides know more than it names, what is older than all
  /// that the peer named is not sent: most likely the peer holds it.
  private func treesLacked(by theirs: Hello) -> [Hash] {
    let named = Set(theirs.trees)
    var first = knownTrees.startIndex
    if named.count >= ReplicationBounds.trees, knownTrees.count > ReplicationBounds.trees {
      first = knownTrees.firstIndex { named.contains($0) } ?? knownTrees.endIndex
    }
    return knownTrees[first...].filter { !named.contains($0) }
  }

  mutating func treesRead(_ shipments: [Shipment]) -> [LinkEffect] {
    shipments.map { .send(.trees($0)) }
      + (isNeighbour || phase == .learning ? [] : close(.notNeighbours))
  }

  mutating func treesLearned(isNew: Bool) -> [LinkEffect] {
    guard isNew || phase == .learning else { return [] }
    guard isNew else {
      // What the peer named may come in a later frame.
      guard awaitedTrees.isEmpty else { return [] }
      // Dialling again at once would only bring the same trees: the back-off decides.
      return close(
        Goodbye(reason: .treeChanged, message: "the trees that the peer named did not come"))
    }
    return close(
      Goodbye(
        reason: .treeChanged, message: "a newer tree was learned; the link begins anew",
        retryAfterSeconds: 0))
  }

  mutating func cursorsJudged(
    _ verdicts: LanePair<CursorVerdict>, at now: UInt64
  ) -> [LinkEffect] {
    guard phase == .judging, let hello else { return [] }
    phase = .streaming
    if let claimed = Lane.allCases.compactMap({ verdicts[$0].contradicted }).max() {
      phase = .closed
      let goodbye = Goodbye(
        reason: .newIncarnation,
        message: "this store was replaced by an older one; a new incarnation begins",
        retryAfterSeconds: 0)
      return [
        .openIncarnation(leaving: hello.incarnation, claimed: claimed), .send(.goodbye(goodbye)),
        .close(goodbye),
      ]
    }
    var matches = true
    var notes: [LinkEffect] = []
    for lane in Lane.allCases {
      switch verdicts[lane] {
      case .resumes(let position):
        sending.resume(lane, at: position)
        notes.append(.noteCursor(lane, at: position))
      case .mismatch, .contradictsOurs: matches = false
      }
    }
    // The peer may have begun a repair already.
    return notes + (matches && repair == nil ? pump(at: now) : startRepair())
  }
}

extension CursorVerdict {
  /// The incarnation of ours in which a cursor contradicts us.
  fileprivate var contradicted: UInt32? {
    if case .contradictsOurs(let incarnation) = self { incarnation } else { nil }
  }
}

extension Goodbye {
  static let notNeighbours = Goodbye(
    reason: .notNeighbours,
    message: "by the newest tree the two nodes are not parent and child; dial the parent it names")
}
