import Ledger
import Regions

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
}
