/// What stands of a slot's candidates: a chain, of which each follows the one before it.
///
/// Candidates are offered in the order in which the merge takes them. Because the chain is sorted by
/// position, only a candidate's two neighbours decide whether it fits.
struct Standing {
  /// Positions of the events that stand, ascending; the last is the slot's value.
  private(set) var chain: [Int] = []
  /// When each of the chain was taken.
  private var turns: [Int] = []
  private var turn = 0

  /// Takes a candidate into the chain unless one that stands is concurrent with it.
  ///
  /// - Returns: whether it stands.
  mutating func take(_ candidate: Int, in graph: EventGraph) -> Bool {
    let index = place(of: candidate)
    let follows = index == 0 || graph.isAncestor(chain[index - 1], of: candidate)
    let precedes = index == chain.count || graph.isAncestor(candidate, of: chain[index])
    guard follows, precedes else { return false }
    chain.insert(candidate, at: index)
    turns.insert(turn, at: index)
    turn += 1
    return true
  }

  /// The rival that was taken first, of those that keep a refused candidate out.
  func firstRival(of candidate: Int, in graph: EventGraph) -> Int? {
    let index = place(of: candidate)
    var first: (turn: Int, position: Int)?
    func consider(_ at: Int) {
      if first.map({ turns[at] < $0.turn }) ?? true { first = (turns[at], chain[at]) }
    }
    var below = index - 1
    while below >= 0, !graph.isAncestor(chain[below], of: candidate) {
      consider(below)
      below -= 1
    }
    var above = index
    while above < chain.count, !graph.isAncestor(candidate, of: chain[above]) {
      consider(above)
      above += 1
    }
    return first?.position
  }

  private func place(of candidate: Int) -> Int {
    // Nearly every candidate of an honest history comes last.
    if chain.last.map({ $0 < candidate }) ?? true { return chain.count }
    var (low, high) = (0, chain.count)
    while low < high {
      let middle = (low + high) / 2
      if chain[middle] < candidate { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// Follows one slot through the graph: whose value stands before and after each event.
///
/// For an event with one parent that is a look-up. For one with several it is so too where one
/// parent's side has all the candidates; only otherwise are the candidates among the ancestors taken
/// in order. So the work is bounded by events with several parents times candidates.
struct SlotTracker {
  /// What stands before an event: the position of the giver of the value, and how many candidates
  /// there are among the ancestors.
  struct Before {
    let giver: Int?
    let candidates: Int
  }

  private var after: [Before] = []
  private var mask: [UInt64]
  /// The candidates found so far, in the order in which the merge takes them.
  private(set) var taking: [Int] = []

  init(count: Int) {
    self.mask = [UInt64](repeating: 0, count: count / 64 + 1)
    after.reserveCapacity(count)
  }

  func before(_ position: Int, in graph: EventGraph) -> Before {
    let parents = graph.parents(of: position)
    guard let first = parents.first else { return Before(giver: nil, candidates: 0) }
    if parents.count == 1 { return after[first] }
    if taking.isEmpty { return Before(giver: nil, candidates: 0) }
    let candidates = graph.countAncestors(of: position, in: mask)
    for parent in parents where after[parent].candidates == candidates { return after[parent] }
    var standing = Standing()
    for candidate in taking where graph.isAncestor(candidate, of: position) {
      _ = standing.take(candidate, in: graph)
    }
    return Before(giver: standing.chain.last, candidates: candidates)
  }

  /// The position of the giver of the value after an event that was passed.
  func giver(after position: Int) -> Int? { after[position].giver }

  /// Notes an event; must be called once for each position in turn.
  mutating func pass(
    _ position: Int, before: Before, isCandidate: Bool, order: MergeOrder
  ) {
    guard isCandidate else {
      after.append(before)
      return
    }
    // A candidate follows all of its ancestors, so after it the value is its own.
    after.append(Before(giver: position, candidates: before.candidates + 1))
    mask[position / 64] |= 1 << UInt64(position % 64)
    order.insert(position, into: &taking)
  }
}
