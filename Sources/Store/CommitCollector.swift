import Ledger
import Replication

/// Puts event rows back together into commits; what was not read stands there as its bare hash.
struct CommitCollector {
  private struct Open {
    let row: Int64
    var commit: CommitBytes
    var lastPlace: Int
  }

  private var open: Open?
  private(set) var commits: [CommitBytes] = []
  /// At least as many bytes as what was collected so far takes on the wire.
  private(set) var bytes = 0

  /// Whether the row would go on with the commit that is being collected.
  func continues(_ eventRow: Int64) -> Bool {
    guard let open else { return false }
    let place = Int(eventRow % Schema.eventsPerCommit)
    return open.row == eventRow / Schema.eventsPerCommit && place > open.lastPlace
  }

  /// The number of commits, the one being collected included.
  var count: Int { commits.count + (open == nil ? 0 : 1) }

  /// The stamp's key of the commit that is being collected.
  var key: KeyName? { open?.commit.key }

  /// Adds the event of a row whose columns are event id, bytes, stamp, previous, signature, hashes.
  mutating func add(_ row: borrowing SQLRow, firstColumn: Int32) throws {
    let eventRow = row.integer(firstColumn)
    guard eventRow >= 0 else {
      throw StoreError(.damaged, "event \(eventRow) stands outside its commit")
    }
    let eventBytes = row.blob(firstColumn + 1)
    let place = Int(eventRow % Schema.eventsPerCommit)
    if !continues(eventRow) {
      close()
      let hashes = try [Hash](joinedBytes: row.blob(firstColumn + 5))
      let count = max(hashes.count, 1)
      guard hashes.isEmpty ? place == 0 : place < count else {
        throw StoreError(.damaged, "event \(eventRow) stands outside its commit")
      }
      let commit = CommitBytes(
        stamp: row.blob(firstColumn + 2), previous: try row.hash(firstColumn + 3),
        parts: hashes.isEmpty ? [.event(eventBytes)] : hashes.map { .withheld($0) },
        signature: row.blob(firstColumn + 4))
      bytes += FrameSize.commit(stamp: commit.stamp) + hashes.count * FrameSize.withheld
      open = Open(row: eventRow / Schema.eventsPerCommit, commit: commit, lastPlace: place)
    }
    if place < (open?.commit.parts.count ?? 0) { open?.commit.parts[place] = .event(eventBytes) }
    open?.lastPlace = place
    bytes += eventBytes.count + FrameSize.field
  }

  private mutating func close() {
    if let finished = open?.commit { commits.append(finished) }
    open = nil
  }

  /// Ends the collection and gives its commits.
  mutating func finish() -> [CommitBytes] {
    close()
    return commits
  }
}
