import Casework
import Crypto
import Ledger
import Regions
import Replication

extension StoreReader {
  /// Progress is told after so many commits.
  static let verifyChunk = 512

  /// Checks every hash, chain, signature, outbox and projection.
  ///
  /// - Parameters:
  ///   - judge: judges the stored certificate chains anew.
  ///   - progress: called with the number of commits checked, now and then; its error ends the check.
  package func verify(
    judge: any KeyJudge, progress: (Int) throws -> Void
  ) throws -> Verification {
    var report = Verification()
    let keys = try certifiedKeys(judge, &report)
    var chains = ChainCheck(judge: judge)
    var trees = TreeHistory()
    var closures: [EntityID: OriginClosure] = [:]
    var last: Int64 = 0
    while let row = try nextCommit(after: last, &report) {
      last = row
      if let commit = try checkedCommit(row, &report) {
        chains.follow(commit, &report)
        chains.judge(commit, row, keys, &report)
        for (_, event) in commit.events where event.kind == SignedTree.kind {
          if let tree = SignedTree(event, of: commit.stamp) { _ = trees.learn(tree) }
        }
        for (_, event) in commit.events {
          guard let part = ClosurePart(event, of: commit.stamp) else { continue }
          closures[event.entity, default: OriginClosure()].add(part)
        }
      } else {
        chains.exclude(row)
      }
      if report.commits.isMultiple(of: Self.verifyChunk) { try progress(report.commits) }
    }
    try progress(report.commits)
    try settleUnsigned(&chains, &report)
    try checkNotes(lastCommit: last, trees, &report)
    try checkOutboxes(&report)
    try checkClosures(closures, &report)
    let commits = report.commits
    try checkProjections(trees, &report) { try progress(commits) }
    return report
  }

  /// The next row of a commit; rows count from one without a gap.
  private func nextCommit(after last: Int64, _ report: inout Verification) throws -> Int64? {
    let found = try connection.first(
      "SELECT id FROM commits WHERE id > ? ORDER BY id LIMIT 1", .integer(last),
      read: { $0.integer(0) })
    guard let row = found else { return nil }
    guard row < Int64.max / Schema.eventsPerCommit else {
      report.fail("commit row \(row) is out of range")
      return nil
    }
    if row > last + 1 { report.fail("commit row \(last + 1) is missing") }
    return row
  }

  private func certifiedKeys(
    _ judge: any KeyJudge, _ report: inout Verification
  ) throws -> [KeyName: JudgedKey] {
    var keys: [KeyName: JudgedKey] = [:]
    var chains: [(name: [UInt8], bytes: [UInt8], noted: KeyNote)] = []
    try connection.query(
      """
      SELECT k.key, k.chain, r.name, k.tier, k.public FROM keys k
      LEFT JOIN regions r ON r.id = k.region
      """
    ) { row in
      let noted = KeyNote(region: row.text(2), tier: row.integer(3), publicKey: row.blob(4))
      chains.append((row.blob(0), row.blob(1), noted))
      return true
    }
    for (name, bytes, noted) in chains {
      let chain = (try? CanonicalValue(decoding: bytes))?.array?.compactMap(\.bytes) ?? []
      do {
        let judged = try judge.judge(chain)
        guard judged.key.bytes == name else {
          report.fail("stored key \(name.hex) has another key's certificate")
          continue
        }
        if noted != KeyNote(judged) {
          report.fail("the notes of key \(name.hex) are not what its certificate says")
        }
        keys[judged.key] = judged
      } catch {
        report.fail("the certificate of key \(name.hex) is refused: \(error)")
      }
    }
    return keys
  }

  /// What the store noted of a certificate when it was judged.
  private struct KeyNote: Hashable {
    let region: String
    let tier: Int64
    let publicKey: [UInt8]

    init(region: String, tier: Int64, publicKey: [UInt8]) {
      self.region = region
      self.tier = tier
      self.publicKey = publicKey
    }

    init(_ judged: JudgedKey) {
      self.init(
        region: judged.region.rawValue, tier: Int64(judged.tier.rawValue),
        publicKey: Array(judged.publicKey.x963Representation))
    }
  }

  /// A commit whose stored hashes are those of its bytes; `nil`, with a failure, for another.
  private func checkedCommit(_ row: Int64, _ report: inout Verification) throws -> Commit? {
    let stored = try connection.first(
      """
      SELECT c.hash, r.name, o.incarnation, c.sequence, c.stamp, c.previous, c.signature, c.hashes
      FROM commits c LEFT JOIN origins o ON o.id = c.origin LEFT JOIN regions r ON r.id = o.region
      WHERE c.id = ?
      """, .integer(row)
    ) { found in
      (
        hash: Hash(found.blob(0)), origin: "\(found.text(1))#\(found.integer(2))",
        sequence: UInt64(bitPattern: found.integer(3)), stamp: found.blob(4),
        previous: Hash(found.blob(5)), signature: found.blob(6), hashes: found.blob(7)
      )
    }
    report.commits += 1
    guard let stored else {
      report.fail(nil, "", 0, "commit row \(row) is missing")
      return nil
    }
    func fail(_ reason: String) -> Commit? {
      report.fail(stored.hash, stored.origin, stored.sequence, reason)
      return nil
    }
    guard let hash = stored.hash, let previous = stored.previous,
      let hashes = try? [Hash](joinedBytes: stored.hashes)
    else { return fail("a stored hash has not 32 bytes") }
    var parts: [Commit.Part] = hashes.map { .withheld($0) }
    var misplaced = false
    try connection.query(
      "SELECT id, bytes FROM events WHERE id >= ? AND id < ? ORDER BY id",
      .integer(row * Schema.eventsPerCommit), .integer((row + 1) * Schema.eventsPerCommit)
    ) { found in
      let place = Int(found.integer(0) % Schema.eventsPerCommit)
      report.events += 1
      if place < parts.count {
        parts[place] = .event(found.blob(1))
      } else if parts.isEmpty, place == 0 {
        parts = [.event(found.blob(1))]
      } else {
        misplaced = true
      }
      return true
    }
    guard !misplaced else { return fail("an event stands outside its commit") }
    let commit: Commit
    do {
      commit = try Commit(
        stampBytes: stored.stamp, previous: previous, parts: parts, signature: stored.signature)
    } catch {
      return fail("the stored bytes are ill-formed: \(error)")
    }
    guard commit.stamp.sequence == stored.sequence,
      commit.stamp.origin.description == stored.origin
    else { return fail("the stamp names another origin or sequence") }
    for (place, entry) in commit.entries.enumerated() where place < hashes.count {
      guard entry.hash == hashes[place] else {
        return fail("event \(place + 1) is not what its hash says")
      }
    }
    guard commit.hash == hash else { return fail("the commit is not what its hash says") }
    return try checkedEvents(commit, row, fail)
  }

  private func checkedEvents(
    _ commit: Commit, _ row: Int64, _ fail: (String) -> Commit?
  ) throws -> Commit? {
    for (place, event) in commit.events {
      let good = try connection.first(
        """
        SELECT e.hash, n.uuid, e.time, k.name FROM events e JOIN entities n ON n.id = e.entity
        JOIN kinds k ON k.id = e.kind WHERE e.id = ?
        """, .integer(row * Schema.eventsPerCommit + Int64(place))
      ) { found in
        found.blob(0) == event.hash.bytes && found.blob(1) == event.entity.bytes
          && UInt64(bitPattern: found.integer(2)) == commit.stamp.time.rawValue
          && found.text(3) == event.kind
      }
      guard good == true else { return fail("event \(place + 1) is filed under another name") }
    }
    return commit
  }

  /// Clears the commits without a good signature of their own that a later good commit of their
  /// origin names as its previous one, and reports the rest.
  private func settleUnsigned(_ chains: inout ChainCheck, _ report: inout Verification) throws {
    // From the end of the chains on, so that one good commit clears all before it.
    for unsigned in chains.unsigned.sorted(by: { $0.sequence > $1.sequence }) {
      var isVouchedFor = false
      try connection.query(
        """
        SELECT n.id FROM commits c
        JOIN commits n ON n.origin = c.origin AND n.sequence = c.sequence + 1
        WHERE c.id = ? AND n.previous = c.hash
        """, .integer(unsigned.row)
      ) { next in
        isVouchedFor = !chains.isExcluded(next.integer(0))
        return !isVouchedFor
      }
      if isVouchedFor { chains.include(unsigned.row) }
      let isAltered = try isSignatureAltered(unsigned.row)
      if isVouchedFor, !isAltered {
        report.find(
          unsigned.hash, unsigned.origin, unsigned.sequence,
          "its origin signed it wrongly; it is good by the commit after it")
      } else {
        report.fail(
          unsigned.hash, unsigned.origin, unsigned.sequence,
          isAltered ? "its signature was altered here" : "its signature does not verify")
      }
    }
  }

  private func isSignatureAltered(_ row: Int64) throws -> Bool {
    try connection.first(
      "SELECT signature, signature_note FROM commits WHERE id = ?", .integer(row)
    ) { found in
      guard let note = found.optionalInteger(1) else { return false }
      return !StoreTransaction.isNote(note, of: found.blob(0))
    } ?? false
  }
}
