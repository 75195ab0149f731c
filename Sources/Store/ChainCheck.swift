import Ledger

/// The chains of all origins, followed commit by commit in the order of acceptance.
struct ChainCheck {
  /// A commit whose own signature is not good.
  struct Unsigned {
    let row: Int64
    let hash: Hash
    let origin: String
    let sequence: UInt64
  }

  /// The highest sequence of an origin so far, and its commits: an origin that was restored may have
  /// signed several.
  private struct Head {
    let sequence: UInt64
    var hashes: Set<Hash>
  }

  private let judge: any KeyJudge
  private var heads: [Origin: Head] = [:]
  /// Rows of commits that are not good by themselves, and so vouch for none before them.
  private var excluded: Set<Int64> = []
  /// What a later commit may vouch for.
  private(set) var unsigned: [Unsigned] = []

  /// - Parameter judge: looks at the signatures.
  init(judge: any KeyJudge) { self.judge = judge }

  /// Compares a commit with those that stand before it. Whatever it says, its origin signed it: a
  /// break of the chain is a finding about that origin, no damage of this store.
  mutating func follow(_ commit: Commit, _ report: inout Verification) {
    let stamp = commit.stamp
    guard let head = heads[stamp.origin] else {
      heads[stamp.origin] = Head(sequence: stamp.sequence, hashes: [commit.hash])
      return
    }
    if head.sequence == stamp.sequence - 1, !head.hashes.contains(commit.previous) {
      report.find(
        commit.hash, stamp.origin.description, stamp.sequence,
        "it follows another commit than the one before it: its origin signed two chains")
    }
    if head.sequence == stamp.sequence {
      report.find(
        commit.hash, stamp.origin.description, stamp.sequence,
        "its origin signed another commit of this sequence")
      heads[stamp.origin]?.hashes.insert(commit.hash)
    } else if head.sequence < stamp.sequence {
      heads[stamp.origin] = Head(sequence: stamp.sequence, hashes: [commit.hash])
    }
  }

  /// Judges a commit by its own signature; one without a good one waits for a later commit's word.
  mutating func judge(
    _ commit: Commit, _ row: Int64, _ keys: [KeyName: JudgedKey], _ report: inout Verification
  ) {
    let stamp = commit.stamp
    func fail(_ reason: String) {
      report.fail(commit.hash, stamp.origin.description, stamp.sequence, reason)
      excluded.insert(row)
    }
    guard let key = keys[stamp.key] else { return fail("its key is certified by no stored chain") }
    guard key.mayStamp(stamp) else {
      return fail("its key is certified for another region or tier")
    }
    guard judge.isSigned(commit, by: key) else {
      excluded.insert(row)
      unsigned.append(
        Unsigned(
          row: row, hash: commit.hash, origin: stamp.origin.description, sequence: stamp.sequence))
      return
    }
    report.signatures += 1
  }

  /// The commit of this row is not good.
  mutating func exclude(_ row: Int64) { excluded.insert(row) }

  /// A good commit vouches for the commit of this row.
  mutating func include(_ row: Int64) { excluded.remove(row) }

  func isExcluded(_ row: Int64) -> Bool { excluded.contains(row) }
}
