import Crypto
package import Ledger
package import Regions
package import Replication

/// What became of commits that a peer sent.
package struct TakeOutcome: Hashable, Sendable {
  /// The commits that did not verify; the rest is stored.
  package internal(set) var setAside: [SetAsideNotice] = []
  /// The hashes of all events that came, whether stored or set aside.
  package internal(set) var arrived: [Hash] = []
}

extension StoreTransaction {
  /// Verifies, stores and routes a batch; what does not verify is set aside and blocks nothing.
  ///
  /// - Parameter movesCursor: whether our cursor of this peer's lane moves to the batch's end.
  /// - Throws: `StoreError` where the batch does not begin at the cursor that it is to move.
  package func take(
    _ batch: Batch, from peer: RegionID, movesCursor: Bool
  ) throws -> TakeOutcome {
    if movesCursor {
      let held = try cursor(peer, batch.lane)
      guard held == .at(batch.start) || (held == .fresh && batch.start.position == 0) else {
        throw StoreError(.refused, "a batch from \(peer) does not begin at the cursor")
      }
    }
    let outcome = try take(
      Shipment(chains: batch.chains, commits: batch.commits), from: peer)
    if movesCursor { try setCursor(peer, batch.lane, .at(batch.end)) }
    return outcome
  }

  /// Verifies, stores and routes commits that came outside the order of an outbox.
  package func take(_ shipment: Shipment, from peer: RegionID) throws -> TakeOutcome {
    for chain in shipment.chains {
      let judged: JudgedKey
      do {
        judged = try judge.judge(chain)
      } catch {
        try raise("bad_certificate", "\(peer) sent a certificate chain that is refused: \(error)")
        continue
      }
      try learn(judged, by: chain)
    }
    let source = try interning.region(peer, connection)
    let verdicts = try verdicts(shipment.commits)
    var outcome = TakeOutcome()
    var latest = HybridTime(rawValue: 0)
    let commits = shipment.commits
    outcome.arrived.reserveCapacity(commits.count)
    for index in commits.indices {
      for case .event(let event) in commits[index].entries { outcome.arrived.append(event.hash) }
      if let refusal = verdicts[index] {
        outcome.setAside.append(try setAside(commits[index], refusal, source))
        continue
      }
      latest = max(latest, commits[index].stamp.time)
      try admit(commits[index], from: source)
    }
    noteClock(latest, from: peer)
    try raiseClockAlarms()
    return outcome
  }

  /// Accepts a commit that verifies, learns from its time, and lets go of what was set aside of it.
  func admit(_ commit: Commit, from source: Int64) throws {
    let origin = commit.stamp.origin
    let seen = identity.clock.observe(commit.stamp.time, wallMilliseconds: now)
    if case .ahead(let milliseconds) = seen { clocksAhead[origin] = milliseconds }
    identityChanged = true
    try accept(commit, from: source)
    try releaseSetAside(origin, commit.stamp.sequence)
  }

  /// One alarm for each origin whose clock is ahead.
  private func raiseClockAlarms() throws {
    for (origin, milliseconds) in clocksAhead.sorted(by: { $0.key < $1.key }) {
      try raise(
        "clock_ahead", "the clock of \(origin) is \(milliseconds / 1000) s ahead; set its time")
    }
    clocksAhead.removeAll()
  }

  /// Notes how far the latest time that a peer sent lies from the wall clock.
  private func noteClock(_ latest: HybridTime, from peer: RegionID) {
    guard latest.rawValue > 0 else { return }
    // Hybrid times have 48 bits of milliseconds, wall clocks fewer: the difference fits.
    let difference = Int64(latest.milliseconds) - Int64(now)
    effects.clockDifferences[peer] = max(effects.clockDifferences[peer] ?? .min, difference)
  }

  /// Why each commit is refused; `nil` for those that verify.
  func verdicts(_ commits: [Commit]) throws -> [String?] {
    var known: [KeyName: JudgedKey] = [:]
    for name in Set(commits.map(\.stamp.key)) { known[name] = try key(name)?.judged }
    // A signature in another's name is none, so it vouches for nothing before it either.
    let signed = RunVerifier.verdicts(for: commits) { commit in
      known[commit.stamp.key].map { $0.mayStamp(commit.stamp) && judge.isSigned(commit, by: $0) }
        ?? false
    }
    return commits.indices.map { index in
      let stamp = commits[index].stamp
      guard let key = known[stamp.key] else {
        return "the key \(stamp.key) is certified by no chain that came along"
      }
      guard key.mayStamp(stamp) else {
        return "the key is certified for \(key.tier.name) \(key.region), the stamp says "
          + "\(stamp.tier.name) \(stamp.origin.region)"
      }
      return signed[index] ? nil : "the signature is not that of the key"
    }
  }

  /// Keeps a certificate chain, once its key is judged to be this deployment's.
  package func learn(_ chain: CertificateChain) throws {
    try learn(try judge.judge(chain), by: chain)
  }

  private func learn(_ judged: JudgedKey, by chain: CertificateChain) throws {
    guard try key(judged.key) == nil else { return }
    try connection.execute(
      "INSERT INTO keys (key, region, tier, public, chain) VALUES (?, ?, ?, ?, ?)",
      .blob(judged.key.bytes), .integer(interning.region(judged.region, connection)),
      .integer(Int64(judged.tier.rawValue)), .blob(Array(judged.publicKey.x963Representation)),
      .blob(CanonicalValue.array(chain.map { .bytes($0) }).encoded))
    keys[judged.key] = KnownKey(judged: judged, row: connection.lastInsertedID)
    try judgeSetAside(of: judged.key)
  }

  func key(_ name: KeyName) throws -> KnownKey? {
    if let known = keys[name] { return known }
    let found = try connection.first(
      "SELECT id, region, tier, public FROM keys WHERE key = ?", .blob(name.bytes)
    ) { row in (row.integer(0), row.integer(1), row.integer(2), row.blob(3)) }
    guard let (row, regionRow, tierNumber, bytes) = found else { return nil }
    guard let region = try interning.region(named: regionRow, connection),
      let tier = UInt8(exactly: tierNumber).flatMap(Tier.init(rawValue:)),
      let judged = try? JudgedKey(key: name, x963: bytes, region: region, tier: tier)
    else { throw StoreError(.damaged, "the stored key \(name) is ill-formed") }
    let known = KnownKey(judged: judged, row: row)
    keys[name] = known
    return known
  }

  func cursor(_ peer: RegionID, _ lane: Lane) throws -> HeldCursor {
    try connection.heldCursor(of: interning.region(peer, connection), lane)
  }

  func setCursor(_ peer: RegionID, _ lane: Lane, _ cursor: HeldCursor) throws {
    let place = if case .at(let place) = cursor { place } else { Cursor.start(of: 0) }
    try connection.execute(
      """
      INSERT INTO cursors (peer, lane, void, incarnation, position, running)
      VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (peer, lane) DO UPDATE SET
        void = excluded.void, incarnation = excluded.incarnation, position = excluded.position,
        running = excluded.running
      """, .integer(interning.region(peer, connection)), .integer(Int64(lane.rawValue)),
      .integer(cursor == .void ? 1 : 0), .integer(Int64(place.incarnation)),
      .integer(Int64(place.position)), .hash(place.running))
  }
}

extension Connection {
  func heldCursor(of peer: Int64, _ lane: Lane) throws -> HeldCursor {
    try first(
      "SELECT void, incarnation, position, running FROM cursors WHERE peer = ? AND lane = ?",
      .integer(peer), .integer(Int64(lane.rawValue)),
      read: { row -> HeldCursor in
        if row.integer(0) != 0 { return .void }
        return .at(
          Cursor(
            incarnation: try row.exactly(1), position: try row.exactly(2),
            running: try row.hash(3)))
      }) ?? .fresh
  }
}
