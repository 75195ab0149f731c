import Ledger

/// The events that were queued to a peer or taken from it, as they stood at one instant, in the order
/// of comparison.
///
/// Prefix sums give the fingerprint of any range in logarithmic time.
package struct NotedSet: Sendable {
  /// In ascending order, without doubles.
  package let keys: [SetKey]
  private let sums: [Fingerprint]

  /// - Parameter keys: in any order, without doubles.
  package init(_ keys: [SetKey]) {
    let keys = keys.sorted()
    var sums = [Fingerprint()]
    sums.reserveCapacity(keys.count + 1)
    var sum = Fingerprint()
    for key in keys {
      sum.add(key.hash)
      sums.append(sum)
    }
    self.keys = keys
    self.sums = sums
  }

  package var count: Int { keys.count }

  /// The places of the events from `lower` on and before `upper`; `nil` means to the end.
  package func places(from lower: SetKey, before upper: SetKey?) -> Range<Int> {
    let first = firstPlace(notBefore: lower)
    let last = upper.map { firstPlace(notBefore: $0) } ?? keys.count
    return first..<max(first, last)
  }

  /// The fingerprint of the events at those places.
  package func fingerprint(_ places: Range<Int>) -> Fingerprint {
    sums[places.upperBound] - sums[places.lowerBound]
  }

  /// Whether the event is in the set.
  package func contains(_ key: SetKey) -> Bool {
    let place = firstPlace(notBefore: key)
    return place < keys.count && keys[place] == key
  }

  private func firstPlace(notBefore key: SetKey) -> Int {
    var (low, high) = (0, keys.count)
    while low < high {
      let middle = (low + high) / 2
      if keys[middle] < key { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
