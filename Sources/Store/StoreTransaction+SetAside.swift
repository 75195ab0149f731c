import Ledger
import Regions
import Replication

extension StoreTransaction {
  /// What is kept of one peer's commits that did not verify.
  struct SetAsideTotal {
    var commits: Int
    var bytes: Int
  }

  /// The place in a chain that a commit claims.
  struct SetAsideName: Hashable {
    let origin: Origin
    let sequence: UInt64
  }

  /// Keeps a commit that does not verify apart from the ledger, within the peer's bounds: beyond its
  /// bytes without content, beyond its commits only counted.
  func setAside(
    _ commit: Commit, _ reason: String, _ source: Int64
  ) throws -> SetAsideNotice {
    let stamp = commit.stamp
    let notice = SetAsideNotice(
      commit: commit.hash, origin: stamp.origin, sequence: stamp.sequence, reason: reason)
    try raiseSetAside(notice, source)
    let isKept = try connection.first(
      "SELECT 1 FROM set_aside WHERE hash = ? AND peer = ?", .hash(commit.hash), .integer(source),
      read: { _ in true })
    guard isKept == nil else { return notice }
    var total = try setAsideTotal(of: source)
    guard total.commits < ReplicationBounds.setAsideCommits else {
      try connection.execute(
        """
        INSERT INTO set_aside_beyond (peer, commits) VALUES (?, 1)
        ON CONFLICT (peer) DO UPDATE SET commits = commits + 1
        """, .integer(source))
      return notice
    }
    let bytes = CommitBytes(commit).encoded
    let keeps = total.bytes + bytes.count <= bounds.setAsideBytes
    try connection.execute(
      """
      INSERT INTO set_aside (peer, hash, origin, sequence, reason, commit_bytes, at, key)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """, .integer(source), .hash(commit.hash), .text(stamp.origin.description),
      .integer(Int64(stamp.sequence)), .text(reason), keeps ? .blob(bytes) : .null,
      .integer(Int64(now)), .blob(stamp.key.bytes))
    total.commits += 1
    if keeps { total.bytes += bytes.count }
    setAsideTotals[source] = total
    setAsideNames?.insert(SetAsideName(origin: stamp.origin, sequence: stamp.sequence))
    return notice
  }

  /// One alarm for each origin and reason, and few in one transaction.
  private func raiseSetAside(_ notice: SetAsideNotice, _ source: Int64) throws {
    let reason = SetAsideReason(source: source, origin: notice.origin, text: notice.reason)
    guard setAsideReasons.count < ReplicationBounds.setAsideAlarms,
      setAsideReasons.insert(reason).inserted
    else { return }
    try raise(
      "set_aside",
      "commit \(notice.sequence) of \(notice.origin) does not verify: \(notice.reason)")
  }

  struct SetAsideReason: Hashable {
    let source: Int64
    let origin: Origin
    let text: String
  }

  private func setAsideTotal(of source: Int64) throws -> SetAsideTotal {
    if let total = setAsideTotals[source] { return total }
    let total =
      try connection.first(
        "SELECT COUNT(*), COALESCE(SUM(LENGTH(commit_bytes)), 0) FROM set_aside WHERE peer = ?",
        .integer(source),
        read: { SetAsideTotal(commits: Int($0.integer(0)), bytes: Int($0.integer(1))) })
      ?? SetAsideTotal(commits: 0, bytes: 0)
    setAsideTotals[source] = total
    return total
  }

  /// Takes what was set aside because a key was not known, now that it is.
  func judgeSetAside(of key: KeyName) throws {
    var kept: [(peer: Int64, commit: Commit)] = []
    try connection.query(
      """
      SELECT peer, commit_bytes FROM set_aside WHERE key = ? AND commit_bytes IS NOT NULL
      ORDER BY id
      """, .blob(key.bytes)
    ) { row in
      // One that was altered here stays where it is: what comes now must not wait for it.
      if let commit = try? Commit(CommitBytes(decoding: row.blob(1))) {
        kept.append((row.integer(0), commit))
      }
      return true
    }
    // A run's later commits vouch for the earlier ones, as when they came.
    let verdicts = try verdicts(kept.map(\.commit))
    for (entry, refusal) in zip(kept, verdicts) where refusal == nil {
      try admit(entry.commit, from: entry.peer)
    }
  }

  /// Lets go of what was set aside for a place in a chain whose good commit is held.
  func releaseSetAside(_ origin: Origin, _ sequence: UInt64) throws {
    if setAsideNames == nil { setAsideNames = try loadSetAsideNames() }
    // Nothing is set aside, mostly: this runs for every commit that comes.
    guard setAsideNames?.isEmpty == false,
      setAsideNames?.remove(SetAsideName(origin: origin, sequence: sequence)) != nil
    else { return }
    setAsideTotals.removeAll()
    try connection.execute(
      "DELETE FROM set_aside WHERE origin = ? AND sequence = ?", .text(origin.description),
      .integer(Int64(sequence)))
  }

  private func loadSetAsideNames() throws -> Set<SetAsideName> {
    var names: Set<SetAsideName> = []
    try connection.query("SELECT origin, sequence FROM set_aside") { row in
      let parts = row.text(0).split(separator: "#")
      if parts.count == 2, let region = RegionID(String(parts[0])),
        let incarnation = UInt32(parts[1])
      {
        names.insert(
          SetAsideName(
            origin: Origin(region: region, incarnation: incarnation),
            sequence: UInt64(bitPattern: row.integer(1))))
      }
      return true
    }
    return names
  }
}
