import Ledger

extension Link {
  mutating func batchArrived(_ batch: Batch) -> [LinkEffect] {
    // While a repair is awaited or has not yet named the peer's heads, what was in flight is
    // passed over: the comparison covers it.
    guard let expected = receiving[batch.lane] else { return [] }
    guard batch.start == expected else {
      return violation("batch begins at \(batch.start.position), not at \(expected.position)")
    }
    let end = batch.end
    receiving[batch.lane] = end
    return [.take(batch, movesCursor: repair?.isSettled ?? true)]
  }

  mutating func taken(
    _ lane: Lane, _ end: Cursor, movedCursor: Bool, _ setAside: [SetAsideNotice]
  ) -> [LinkEffect] {
    let report: [LinkEffect] = setAside.isEmpty ? [] : [.send(.setAside(setAside))]
    if let repair {
      // What was taken before the peer noted its heads is covered by the comparison.
      guard let head = repair.theirs?.heads[lane], head.incarnation == end.incarnation,
        head.position < end.position
      else { return report }
      self.repair?.taken[lane] = end
    }
    let acknowledgement = Acknowledgement(
      lane: lane, position: end.position, movesCursor: movedCursor)
    return report + [.send(.acknowledgement(acknowledgement))]
  }
}
