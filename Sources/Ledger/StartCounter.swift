/// How often a node's store was opened for writing, kept twice: in the store, and in a file beside it
/// that no backup of the store brings back.
package struct StartCounter: Hashable, Sendable {
  /// The number of starts.
  package let starts: UInt64
  /// The highest incarnation that this node has opened.
  package let incarnation: UInt32

  package init(starts: UInt64, incarnation: UInt32) {
    self.starts = starts
    self.incarnation = incarnation
  }

  /// What a start has to write: first beside the store, then into it.
  package struct Decision: Hashable, Sendable {
    package let counter: StartCounter
    /// Whether the store is not the one that was last open here, so that its chain must not go on.
    package let opensNewIncarnation: Bool
  }

  /// Compares the two counters at a start.
  ///
  /// They agree only if the store is the one that was last open here, or a copy of it that was made
  /// since its last start; of the latter the sequences tell. A crash between the two writes makes
  /// the counters differ as well: that costs an incarnation and is otherwise harmless.
  ///
  /// - Parameters:
  ///   - beside: the counter beside the store; `nil` where there is no file.
  ///   - inside: the store's own counter; `nil` in a store that was never open.
  ///   - lastBeside: the last sequence that is known beside the store to have been used in this
  ///     incarnation. It may lag behind after a power cut, never run ahead.
  ///   - lastInside: the store's own last sequence.
  ///   - isReplaced: whether the store's chain must not go on: it holds commits of it that a peer had
  ///     to bring, or the hub has closed the origin.
  ///   - highestSigned: the highest incarnation of this node of which the store holds a commit.
  package static func decide(
    beside: StartCounter?, inside: StartCounter?, lastBeside: UInt64 = 0, lastInside: UInt64 = 0,
    isReplaced: Bool = false, highestSigned: UInt32 = 0
  ) -> Decision {
    let known = max(beside?.incarnation ?? 0, inside?.incarnation ?? 0, highestSigned)
    let starts = max(beside?.starts ?? 0, inside?.starts ?? 0) + 1
    if let beside, beside == inside, lastBeside <= lastInside, !isReplaced {
      return Decision(
        counter: StartCounter(starts: starts, incarnation: known), opensNewIncarnation: false)
    }
    return Decision(
      counter: StartCounter(starts: starts, incarnation: incarnation(after: known)),
      opensNewIncarnation: true)
  }

  /// The number of the incarnation that follows. The last one there is stays, which a file alone can name:
  /// what it signs is sooner refused as a fork than that a node cannot start.
  package static func incarnation(after last: UInt32) -> UInt32 { last == .max ? last : last + 1 }
}
