import Casework
import Ledger
import Regions

extension MergeReference {
  /// One stay of a case in a stage.
  struct Stay {
    let event: Hash
    let stage: String
    /// The region that handed the case over.
    let giver: RegionID
    /// In milliseconds since 1970 UTC, by the author's clock.
    let entered: Int64
  }

  /// The stays that the counting moves make; each move comes upon the one before.
  var stays: [Stay] {
    guard let settled else { return [] }
    let moves = order.filter { hash in
      guard case .stage = verdicts[hash], settled.ineffective[hash] == nil else { return false }
      return true
    }
    return moves.sorted { isAncestor($0, $1) }.compactMap { hash in
      guard let item = items[hash], case .stage(let value, let key) = verdicts[hash],
        let giver = value["giver"]?.text.flatMap({ RegionID($0) })
      else { return nil }
      let entered = Int64(HybridTime(rawValue: item.time).milliseconds)
      return Stay(event: hash, stage: key, giver: giver, entered: entered)
    }
  }
}
