import Ledger

/// Puts event rows back together into commits; what was not read stands there as its bare hash.
struct CommitCollector {
  private struct Open {
    let row: Int64
    let stamp: [UInt8]
    let previous: Hash
    let signature: [UInt8]
    var parts: [Commit.Part]
    var lastPlace: Int
  }

  private var open: Open?
  private(set) var commits: [Commit] = []
  /// The bytes of the events collected so far.
  private(set) var bytes = 0

  /// Whether the row would go on with the commit that is being collected.
  func continues(_ eventRow: Int64) -> Bool {
    guard let open else { return false }
    let place = Int(eventRow % Schema.eventsPerCommit)
    return open.row == eventRow / Schema.eventsPerCommit && place > open.lastPlace
  }

  /// The number of commits, the one being collected included.
  var count: Int { commits.count + (open == nil ? 0 : 1) }

  /// Adds the event of a row whose columns are event id, bytes, stamp, previous, signature, hashes.
  mutating func add(_ row: borrowing SQLRow, firstColumn: Int32) throws {
    let eventRow = row.integer(firstColumn)
    let eventBytes = row.blob(firstColumn + 1)
    let place = Int(eventRow % Schema.eventsPerCommit)
    if !continues(eventRow) {
      try close()
      let hashes = try [Hash](joinedBytes: row.blob(firstColumn + 5))
      let count = max(hashes.count, 1)
      guard hashes.isEmpty ? place == 0 : place < count else {
        throw StoreError(.damaged, "event \(eventRow) stands outside its commit")
      }
      open = Open(
        row: eventRow / Schema.eventsPerCommit, stamp: row.blob(firstColumn + 2),
        previous: try row.hash(firstColumn + 3), signature: row.blob(firstColumn + 4),
        parts: hashes.isEmpty ? [.event(eventBytes)] : hashes.map { .withheld($0) },
        lastPlace: place)
    }
    if place < (open?.parts.count ?? 0) { open?.parts[place] = .event(eventBytes) }
    open?.lastPlace = place
    bytes += eventBytes.count
  }

  private mutating func close() throws {
    guard let finished = open else { return }
    open = nil
    do {
      commits.append(
        try Commit(
          stampBytes: finished.stamp, previous: finished.previous, parts: finished.parts,
          signature: finished.signature))
    } catch {
      throw StoreError(.damaged, "the stored commit \(finished.row) is ill-formed", cause: error)
    }
  }

  /// Ends the collection and gives its commits.
  mutating func finish() throws -> [Commit] {
    try close()
    return commits
  }
}
