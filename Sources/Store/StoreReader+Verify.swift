import Casework
import Crypto
import Ledger
import Regions
import Replication

extension StoreReader {
  /// Progress is told after so many commits.
  private static let verifyChunk = 512

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
    var heads: [Origin: ChainHead] = [:]
    var row: Int64 = 0
    let last = try connection.first("SELECT MAX(id) FROM commits", read: { $0.integer(0) }) ?? 0
    while row < last {
      row += 1
      if let commit = try checkedCommit(row, &report) {
        checkChain(commit, &heads, &report)
        checkSignature(commit, keys, &report)
      }
      if report.commits.isMultiple(of: Self.verifyChunk) || row == last {
        try progress(report.commits)
      }
    }
    try checkEventCount(&report)
    try checkOutboxes(&report)
    let commits = report.commits
    try checkProjections(&report) { try progress(commits) }
    return report
  }

  private func certifiedKeys(
    _ judge: any KeyJudge, _ report: inout Verification
  ) throws -> [KeyName: JudgedKey] {
    var keys: [KeyName: JudgedKey] = [:]
    var chains: [([UInt8], [UInt8])] = []
    try connection.query("SELECT key, chain FROM keys") { row in
      chains.append((row.blob(0), row.blob(1)))
      return true
    }
    for (name, bytes) in chains {
      let chain = (try? CanonicalValue(decoding: bytes))?.array?.compactMap(\.bytes) ?? []
      do {
        let judged = try judge.judge(chain)
        guard judged.key.bytes == name else {
          report.fail(nil, "", 0, "stored key \(name.hex) has another key's certificate")
          continue
        }
        keys[judged.key] = judged
      } catch {
        report.fail(nil, "", 0, "the certificate of key \(name.hex) is refused: \(error)")
      }
    }
    return keys
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

  /// The highest sequence of an origin so far, and its commits: an origin that was restored may have
  /// signed several.
  private struct ChainHead {
    let sequence: UInt64
    var hashes: Set<Hash>
  }

  private func checkChain(
    _ commit: Commit, _ heads: inout [Origin: ChainHead], _ report: inout Verification
  ) {
    let stamp = commit.stamp
    if let head = heads[stamp.origin], head.sequence + 1 == stamp.sequence,
      !head.hashes.contains(commit.previous)
    {
      report.fail(
        commit.hash, stamp.origin.description, stamp.sequence,
        "it does not follow the commit before it")
    }
    let highest = heads[stamp.origin]?.sequence ?? 0
    if stamp.sequence > highest {
      heads[stamp.origin] = ChainHead(sequence: stamp.sequence, hashes: [commit.hash])
    } else if stamp.sequence == highest {
      heads[stamp.origin]?.hashes.insert(commit.hash)
    }
  }

  private func checkSignature(
    _ commit: Commit, _ keys: [KeyName: JudgedKey], _ report: inout Verification
  ) {
    let stamp = commit.stamp
    func fail(_ reason: String) {
      report.fail(commit.hash, stamp.origin.description, stamp.sequence, reason)
    }
    guard let key = keys[stamp.key] else { return fail("its key is certified by no stored chain") }
    guard key.mayStamp(stamp) else {
      return fail("its key is certified for another region or tier")
    }
    guard commit.isSigned(by: key.publicKey) else { return fail("its signature does not verify") }
    report.signatures += 1
  }

  private func checkEventCount(_ report: inout Verification) throws {
    let noted = try identity().eventCount
    guard noted != UInt64(report.events) else { return }
    report.fail(nil, "", 0, "\(report.events) events stand in commits, \(noted) were accepted")
  }

  private func checkOutboxes(_ report: inout Verification) throws {
    var name: (peer: Int64, lane: Int64) = (-1, -1)
    var running = Hash.zero
    var position: Int64 = 0
    try connection.query(
      """
      SELECT o.peer, o.lane, o.position, COALESCE(e.hash, o.mark), o.running
      FROM outbox o LEFT JOIN events e ON e.id = o.event ORDER BY o.peer, o.lane, o.position
      """
    ) { row in
      if (row.integer(0), row.integer(1)) != name {
        (name, running, position) = ((row.integer(0), row.integer(1)), .zero, 0)
      }
      position += 1
      guard let entry = Hash(row.blob(3)), let stored = Hash(row.blob(4)) else {
        report.fail(nil, "", 0, "outbox entry \(position) of peer \(name.peer) is ill-formed")
        return true
      }
      running = running.appending(entry)
      if position != row.integer(2) || running != stored {
        report.fail(nil, "", 0, "outbox entry \(position) of peer \(name.peer) does not follow")
        (position, running) = (row.integer(2), stored)
      }
      return true
    }
  }

  private func checkProjections(
    _ report: inout Verification, _ progress: () throws -> Void
  ) throws {
    var entities: [Int64] = []
    try connection.query("SELECT id FROM entities ORDER BY id") { row in
      entities.append(row.integer(0))
      return true
    }
    for (done, entity) in entities.enumerated() {
      if done.isMultiple(of: Self.verifyChunk) { try progress() }
      let inputs: [FoldInput]
      do {
        inputs = try foldInputs(of: entity)
      } catch {
        // The commit concerned was named above.
        continue
      }
      let result = folder.fold(inputs)
      let isSame = try connection.first(
        "SELECT state, heads FROM entities WHERE id = ?", .integer(entity)
      ) { row in
        (row.isNull(0) ? nil : row.blob(0)) == result.state?.encoded
          && row.blob(1) == result.heads.joinedBytes
      }
      if isSame == true {
        report.projections += 1
      } else {
        report.fail(nil, "", 0, "projection \(entity) is not its fold; run `liandong rebuild`")
      }
    }
  }

  /// All held events of an entity as the fold takes them.
  func foldInputs(of entity: Int64) throws -> [FoldInput] {
    var inputs: [FoldInput] = []
    try connection.query(
      """
      SELECT e.bytes, c.stamp FROM events e JOIN commits c ON c.id = e.id / 256
      WHERE e.entity = ? ORDER BY e.id
      """, .integer(entity)
    ) { row in
      let stampBytes = row.blob(1)
      let stamp = try Stamp(decoding: stampBytes)
      let event = try Event(
        bytes: row.blob(0), stampHash: Stamp.hash(of: stampBytes),
        milliseconds: stamp.time.milliseconds)
      inputs.append(FoldInput(event: event, stamp: stamp))
      return true
    }
    return inputs
  }
}
