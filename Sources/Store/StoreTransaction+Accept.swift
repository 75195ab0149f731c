import Casework
package import Ledger
import Regions
import Replication

extension StoreTransaction {
  /// Seals drafts into this node's next commit and accepts it.
  ///
  /// - Parameters:
  ///   - actor: the account that acts, `system` for the node itself.
  ///   - write: puts 1 to `LedgerBounds.commitEvents` events into the commit.
  /// - Returns: the commit; it is durable once the transaction has ended.
  /// - Throws: `StoreError` of code refused without a key, and where the incarnation must be left.
  package func author(
    actor: String, role: String, lane: Lane, _ write: (inout CommitDraft) throws -> Void
  ) throws -> Commit {
    guard let signer else {
      throw StoreError(.refused, "the store was opened without the node's key, for reading only")
    }
    try refuseReplaced()
    try refuseClosed()
    let time = identity.clock.tick(wallMilliseconds: now)
    let stamp = Stamp(
      origin: identity.origin, sequence: identity.sequence + 1, time: time, actor: actor,
      role: role, tier: identity.tier, key: signer.key, lane: lane)
    var draft = CommitDraft(stamp: stamp)
    try write(&draft)
    let commit = try signer.seal(draft, previous: identity.head)
    identity.sequence = stamp.sequence
    identity.head = commit.hash
    identityChanged = true
    effects.authored = (stamp.origin, stamp.sequence)
    try accept(commit, from: Interning.ownSource)
    return commit
  }

  /// Takes the next serial for a lead number of this node.
  package func nextLeadSerial() -> UInt64 {
    identity.leadSerial += 1
    identityChanged = true
    return identity.leadSerial
  }

  /// Stores a verified commit, folds what is new of it and queues it for routing.
  ///
  /// What is idempotent is the event: of a commit that is held in part, only the rest is new.
  func accept(_ commit: Commit, from source: Int64) throws {
    let stamp = commit.stamp
    let origin = try interning.origin(stamp.origin, connection)
    let held = try heldRow(of: commit, origin)
    if held == nil, source != Interning.ownSource { noteReplaced(by: stamp.origin) }
    let row = try held ?? insert(commit, origin: origin, source: source)
    let lane = try lane(of: stamp, row: row, isNew: held == nil, source: source)
    for (position, entry) in commit.entries.enumerated() {
      guard case .event(let event) = entry else { continue }
      let eventRow = row * Schema.eventsPerCommit + Int64(position)
      if held != nil, try isHeld(eventRow) {
        try noteDouble(eventRow, source)
        continue
      }
      if held != nil { try noteLate(eventRow) }
      try store(event, of: commit, at: eventRow, lane: lane, source: source)
    }
  }

  /// The row of a commit that is held; raises an alarm where another of its sequence is.
  private func heldRow(of commit: Commit, _ origin: Int64) throws -> Int64? {
    let stamp = commit.stamp
    let last =
      try lastSequences[origin]
      ?? connection.first(
        "SELECT MAX(sequence) FROM commits WHERE origin = ?", .integer(origin),
        read: { $0.integer(0) }) ?? 0
    lastSequences[origin] = max(last, Int64(stamp.sequence))
    guard Int64(stamp.sequence) <= last else { return nil }
    var held: Int64?
    var rival: Hash?
    try connection.query(
      "SELECT id, hash FROM commits WHERE origin = ? AND sequence = ?", .integer(origin),
      .integer(Int64(stamp.sequence))
    ) { row in
      let hash = try row.hash(1)
      if hash == commit.hash { held = row.integer(0) } else { rival = hash }
      return true
    }
    if let rival, held == nil {
      try raise(
        "equivocation",
        "\(stamp.origin) signed two commits \(stamp.sequence): \(rival.short) and "
          + commit.hash.short)
    }
    return held
  }

  private func insert(_ commit: Commit, origin: Int64, source: Int64) throws -> Int64 {
    let alone = commit.entries.count == 1 && commit.entries[0].event != nil
    try connection.execute(
      """
      INSERT INTO commits
        (origin, sequence, hash, previous, stamp, signature, hashes, accepted_at, source,
        signature_note)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, .integer(origin), .integer(Int64(commit.stamp.sequence)), .hash(commit.hash),
      .hash(commit.previous), .blob(commit.stampBytes), .blob(commit.signature),
      alone ? .null : .blob(commit.entries.map(\.hash).joinedBytes), .integer(Int64(now)),
      .integer(source), .integer(Self.note(of: commit.signature)))
    return connection.lastInsertedID
  }

  /// Tells a signature from another, so that one that was altered here is not taken for its author's:
  /// the 64-bit FNV-1a of its bytes. Whoever alters both on purpose has the disk.
  private static func note(of signature: [UInt8]) -> Int64 {
    let hash = signature.reduce(into: 0xCBF2_9CE4_8422_2325 as UInt64) { hash, byte in
      hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }
    return Int64(bitPattern: hash)
  }

  /// Whether a note was taken of this signature, by this program or by those that noted the first
  /// bytes of its SHA-256.
  static func isNote(_ note: Int64, of signature: [UInt8]) -> Bool {
    note == self.note(of: signature)
      || note == Int64(bitPattern: Hash(of: signature).halfWords.high)
  }

  private func isHeld(_ row: Int64) throws -> Bool {
    try connection.first("SELECT 1 FROM events WHERE id = ?", .integer(row), read: { _ in true })
      ?? false
  }

  private func noteDouble(_ row: Int64, _ source: Int64) throws {
    guard source != Interning.ownSource else { return }
    try connection.execute(
      """
      INSERT OR IGNORE INTO doubles (event, peer, at)
      SELECT ?1, ?2, ?3 WHERE NOT EXISTS (SELECT 1 FROM events WHERE id = ?1 AND source = ?2)
      """, .integer(row), .integer(source), .integer(Int64(now)))
  }

  /// An event of a commit that is held in part comes later than the commit did.
  private func noteLate(_ row: Int64) throws {
    try connection.execute(
      "INSERT INTO late_events (event, accepted_at) VALUES (?, ?)", .integer(row),
      .integer(Int64(now)))
  }

  private func store(
    _ event: Event, of commit: Commit, at row: Int64, lane: Lane, source: Int64
  ) throws {
    let stamp = commit.stamp
    let record = try self.record(of: event.entity)
    try connection.execute(
      """
      INSERT INTO events (id, entity, kind, source, time, hash, bytes)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """, .integer(row), .integer(record.row), .integer(interning.kind(event.kind, connection)),
      .integer(source), .integer(Int64(stamp.time.rawValue)), .hash(event.hash),
      .blob(event.bytes))
    identity.eventCount += 1
    identityChanged = true
    effects.place = max(effects.place, row)
    if Self.evidenceKinds.contains(event.kind) {
      effects.firstEvidence = min(effects.firstEvidence ?? row, row)
    }
    touch(record)
    try notePublication(event, of: stamp, at: row)
    fresh.append(
      FreshEvent(
        record: record, row: row, hash: event.hash, lane: lane, source: source,
        hasParents: !event.parents.isEmpty, mayBeAwaited: record.needsRefold || record.waits))
    try advance(record, by: event, of: commit)
    try noteClosure(event, of: stamp, entity: record.row)
    if event.kind == SignedTree.kind, let tree = SignedTree(event, of: stamp), learn(tree) {
      try connection.execute("INSERT INTO trees (event) VALUES (?)", .integer(row))
    }
  }

  private static let evidenceKinds = Set(
    Process.evidenceFamilies.map { Process.evidenceKind(of: $0) } + ContactKind.all)

  /// The fast path where the event's parents are exactly the heads; otherwise a refold at the end.
  private func advance(_ record: EntityRecord, by event: Event, of commit: Commit) throws {
    guard !record.needsRefold else { return }
    let stamp = commit.stamp
    let isBarred = try closedOrigins.bar(event, of: stamp, in: commit.hash, connection)
    guard !record.waits, event.parents == record.heads, event.isFounding == record.heads.isEmpty,
      let change = folder.advance(
        &record.state, by: FoldInput(event: event, stamp: stamp, isOriginClosed: isBarred))
    else {
      record.needsRefold = true
      return
    }
    record.outdated.formUnion(ProjectedParts(change))
    record.hasNewWarning = record.hasNewWarning || change.isWarning
    record.heads = [event.hash]
    if event.isFounding {
      let regions = Set(event.audience + [stamp.origin.region])
      try setAudience(Audience.bounded(regions), of: record)
    } else if !event.audience.isEmpty {
      let isGood = try widen(record, by: event, of: stamp.origin.region)
      if !isGood {
        try raiseVoidWidening(event.hash, record)
        try noteVoid(true, of: record)
      }
    }
  }

  func raiseVoidWidening(_ event: Hash, _ record: EntityRecord) throws {
    try raise(
      "void_widening",
      "event \(event.short) of \(record.id) names regions that its writer may not add")
  }
}
