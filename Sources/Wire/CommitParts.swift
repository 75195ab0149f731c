import Ledger
import Replication

/// How a commit that is held in part stands on the wire: the events that are here, and the places and
/// hashes of those that are not.
enum CommitParts {
  typealias Withheld = (place: UInt32, hash: Hash)

  /// Puts the events that are here between those that are not.
  ///
  /// - Parameter withheld: by ascending place.
  static func joined(
    _ events: [Commit.Part], _ withheld: [Withheld]
  ) throws(MalformedFrame) -> [Commit.Part] {
    let count = events.count + withheld.count
    guard (1...LedgerBounds.commitEvents).contains(count) else {
      throw MalformedFrame("\(count) events", at: "events")
    }
    guard !withheld.isEmpty else { return events }
    var parts: [Commit.Part] = []
    parts.reserveCapacity(count)
    var here = events.makeIterator()
    for (index, absent) in withheld.enumerated() {
      guard absent.place >= parts.count, absent.place < count else {
        throw MalformedFrame("at the place \(absent.place) of \(count)", at: "withheld[\(index)]")
      }
      while parts.count < absent.place {
        guard let part = here.next() else {
          throw MalformedFrame("no event before it", at: "withheld[\(index)]")
        }
        parts.append(part)
      }
      parts.append(.withheld(absent.hash))
    }
    while let part = here.next() { parts.append(part) }
    return parts
  }
}
