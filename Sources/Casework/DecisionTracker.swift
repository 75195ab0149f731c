import Ledger

/// Follows the decisions on conflicts through the graph.
///
/// A decision is judged by the conflicts among its own ancestors: they are found as the fold of these
/// ancestors alone would find them, so the verdict never changes. It counts if no ancestor decided
/// on the same pair; so the decisions on a pair that count are concurrent, and the first of them in
/// the merge order is the pair's. Later rivals can take a pair's place among the conflicts of the
/// whole graph: then its decision still stands and settles nothing, and the new pair is open.
///
/// The work is bounded by decisions times the slot's candidates.
struct DecisionTracker {
  /// The decisions that count, by their pair.
  private var decisions: [Conflict: [Int]] = [:]

  /// How a pair stands among an event's ancestors.
  ///
  /// - Parameter taking: the candidates of the pair's slot in the order in which they are taken.
  func standing(
    of pair: Conflict, before position: Int, taking: [Int], in graph: EventGraph,
    hash: (Int) -> Hash
  ) -> PairStanding {
    var standing = Standing()
    for candidate in taking where graph.isAncestor(candidate, of: position) {
      let stands = standing.take(candidate, in: graph)
      guard hash(candidate) == pair.loser else { continue }
      guard !stands, let rival = standing.firstRival(of: candidate, in: graph),
        hash(rival) == pair.winner
      else { return .none }
      return isDecided(pair, before: position, in: graph) ? .decided : .open
    }
    return .none
  }

  private func isDecided(_ pair: Conflict, before position: Int, in graph: EventGraph) -> Bool {
    decisions[pair]?.contains { graph.isAncestor($0, of: position) } ?? false
  }

  mutating func pass(_ position: Int, deciding pair: Conflict) {
    decisions[pair, default: []].append(position)
  }

  /// The decision of each pair, and those that come too late.
  func settle(by order: MergeOrder) -> (first: [Conflict: Int], late: [Int]) {
    var (first, late): ([Conflict: Int], [Int]) = ([:], [])
    for (pair, positions) in decisions {
      first[pair] = positions.min { order.precedes($0, $1) }
      late += positions.filter { $0 != first[pair] }
    }
    return (first, late)
  }
}
