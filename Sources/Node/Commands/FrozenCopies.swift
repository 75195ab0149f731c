import Ledger
import Regions
import Replication
import Store

/// Tells which of the entities held here are frozen copies: by the newest tree this node's region is
/// at or above no region of their audience any more, so nothing of them comes here.
struct FrozenCopies {
  private let region: RegionID
  private let trees: TreeHistory
  private let learned: [Hash: UInt64]
  private var known: [[RegionID]: String?] = [:]

  /// - Parameter region: the node's own.
  init(at region: RegionID, _ reader: StoreReader) throws {
    self.region = region
    trees = try reader.signedTrees()
    // By its first tree a node leaves nothing.
    learned = trees.trees.count > 1 ? try reader.treesLearned() : [:]
  }

  /// As of when an entity of this audience stands here: RFC 3339, when this node learned the tree by
  /// which it left; `nil` for a living copy.
  mutating func since(_ audience: [RegionID]) -> String? {
    if let known = known[audience] { return known }
    let departure = trees.departure(of: region, from: audience)
    let time = departure.flatMap { learned[$0.version.event] }.map { CommandTime.text($0) }
    known[audience] = .some(time)
    return time
  }
}
