import Ledger
import Regions

/// What let one of two concurrent events of a slot stand before the other.
package enum MergeRule: String, CaseIterable, Sendable {
  /// It is the founding region's, whose events rank first in this family.
  case founder
  /// Its author's tier is the higher.
  case rank
  /// Its tie time is the earlier.
  case time
  /// Its hash is the lesser; all else is equal.
  case hash
}

/// The order in which candidates of a slot are taken: rank, tie time, hash.
struct MergeOrder {
  private struct Key {
    let rank: UInt8
    let tie: UInt64
    let hash: Hash
  }

  private let keys: [Key]

  /// - Parameter first: the region whose events rank before those of every tier; else the city does.
  init(inputs: [FoldInput], graph: EventGraph, first: RegionID?) {
    guard !graph.isTangled else {
      keys = []
      return
    }
    keys = graph.order.enumerated().map { position, index in
      let input = inputs[index]
      return Key(
        rank: input.region == first ? 0 : input.tier.rawValue + 1, tie: graph.ties[position],
        hash: input.event.hash)
    }
  }

  func precedes(_ a: Int, _ b: Int) -> Bool {
    let (x, y) = (keys[a], keys[b])
    if x.rank != y.rank { return x.rank < y.rank }
    return x.tie != y.tie ? x.tie < y.tie : x.hash < y.hash
  }

  /// What puts two events in their order.
  func rule(_ a: Int, _ b: Int) -> MergeRule {
    let (x, y) = (keys[a], keys[b])
    if x.rank != y.rank { return min(x.rank, y.rank) == 0 ? .founder : .rank }
    return x.tie != y.tie ? .time : .hash
  }

  /// Puts a position into its place among others, which are in order.
  func insert(_ position: Int, into taking: inout [Int]) {
    var (low, high) = (0, taking.count)
    while low < high {
      let middle = (low + high) / 2
      if precedes(taking[middle], position) { low = middle + 1 } else { high = middle }
    }
    taking.insert(position, at: low)
  }
}
