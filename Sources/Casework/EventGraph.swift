import Ledger

/// The graph of one entity's held events, laid out so that ancestry is a look-up.
///
/// Events get positions in a topological order that keeps *runs* together: a run is a path on which
/// every event but the first has the one before it as its only parent. The ancestors of an event are
/// then the earlier positions of its run and the bits kept once for the run. A straight history costs
/// nothing; the worst graph costs a bit for every pair. No step recurses.
struct EventGraph {
  /// The index in the input of the event at each position.
  private(set) var order: [Int] = []
  /// Indices in the input of events with a missing ancestor.
  private(set) var unplaced: [Int] = []
  /// The later of an event's own time and its parents' tie times, by position.
  private(set) var ties: [UInt64] = []
  /// The parents that count as if nobody had named them; none of them gets a position.
  let absent: Set<Hash>
  /// Whether the bits would exceed the bound; then nothing else but `order` is laid out.
  private(set) var isTangled = false

  private var parentStart: [Int] = [0]
  private var parentPositions: [Int] = []
  private var runOf: [Int] = []
  private var runStart: [Int] = []
  private var wordStart: [Int] = [0]
  private var words: [UInt64] = []

  /// - Parameters:
  ///   - events: each event once, in any order.
  ///   - absent: parents that count as not named, as `AbsentParents` finds them.
  ///   - bitBound: the most bits to set aside.
  init(
    _ events: [FoldInput], absent: Set<Hash> = [], bitBound: Int = FoldBounds.ancestorBits
  ) {
    self.absent = absent
    var indices = [Hash: Int](minimumCapacity: events.count)
    for (index, input) in events.enumerated() { indices[input.event.hash] = index }
    layOut(events, indices: indices)
    isTangled = runStart.count.multipliedReportingOverflow(by: order.count).partialValue > bitBound
    guard !isTangled else { return }
    link(events, indices: indices)
  }

  /// Finds the order: emits a run as far as it goes, keeps what became ready for later.
  private mutating func layOut(_ events: [FoldInput], indices: [Hash: Int]) {
    var pending = events.map { input in
      absent.isEmpty
        ? input.event.parents.count : input.event.parents.count { !absent.contains($0) }
    }
    var childStart = [Int](repeating: 0, count: events.count + 1)
    for input in events {
      for parent in input.event.parents {
        if let index = indices[parent] { childStart[index + 1] += 1 }
      }
    }
    for index in events.indices { childStart[index + 1] += childStart[index] }
    var children = [Int](repeating: 0, count: childStart[events.count])
    var filled = childStart
    for (child, input) in events.enumerated() {
      for parent in input.event.parents {
        guard let index = indices[parent] else { continue }
        children[filled[index]] = child
        filled[index] += 1
      }
    }
    // Founding events, and those whose every parent is absent.
    var ready = events.indices.filter { pending[$0] == 0 }
    order.reserveCapacity(events.count)
    while let start = ready.popLast() {
      runStart.append(order.count)
      var next: Int? = start
      while let current = next {
        order.append(current)
        runOf.append(runStart.count - 1)
        next = nil
        for child in children[childStart[current]..<childStart[current + 1]] {
          pending[child] -= 1
          guard pending[child] == 0 else { continue }
          if next == nil, events[child].event.parents.count == 1 {
            next = child
          } else {
            ready.append(child)
          }
        }
      }
    }
    // A founding event has no parents either, so what never became ready is told by the order.
    var isPlaced = [Bool](repeating: false, count: events.count)
    for index in order { isPlaced[index] = true }
    unplaced = events.indices.filter { !isPlaced[$0] }
  }

  private mutating func link(_ events: [FoldInput], indices: [Hash: Int]) {
    var positions = [Int](repeating: -1, count: events.count)
    for (position, index) in order.enumerated() { positions[index] = position }
    for (position, index) in order.enumerated() {
      var tie = events[index].time.rawValue
      for parent in events[index].event.parents {
        guard let parentIndex = indices[parent] else { continue }
        // One that was declared lost and turned up may wait itself.
        let above = positions[parentIndex]
        guard above >= 0 else { continue }
        parentPositions.append(above)
        tie = max(tie, ties[above])
      }
      parentStart.append(parentPositions.count)
      ties.append(tie)
      if runStart[runOf[position]] == position { gatherAncestors(of: position) }
    }
  }

  /// Sets aside the bits of a run, those of its first event's ancestors.
  private mutating func gatherAncestors(of start: Int) {
    let parents = parents(of: start)
    let base = words.count
    let count = parents.max().map { $0 / 64 + 1 } ?? 0
    words.append(contentsOf: repeatElement(0, count: count))
    for parent in parents {
      let run = runOf[parent]
      let from = wordStart[run]
      for offset in 0..<(wordStart[run + 1] - from) { words[base + offset] |= words[from + offset] }
      setBits(runStart[run]...parent, from: base)
    }
    wordStart.append(words.count)
  }

  private mutating func setBits(_ range: ClosedRange<Int>, from base: Int) {
    let (first, last) = (range.lowerBound / 64, range.upperBound / 64)
    for word in first...last {
      var bits = UInt64.max
      if word == first { bits &= .max << UInt64(range.lowerBound % 64) }
      if word == last { bits &= .max >> UInt64(63 - range.upperBound % 64) }
      words[base + word] |= bits
    }
  }

  /// The number of events that have a position.
  var count: Int { order.count }

  /// The positions of an event's parents.
  func parents(of position: Int) -> ArraySlice<Int> {
    parentPositions[parentStart[position]..<parentStart[position + 1]]
  }

  /// Whether `a` is an ancestor of `b`.
  func isAncestor(_ a: Int, of b: Int) -> Bool {
    guard a < b else { return false }
    let run = runOf[b]
    if runOf[a] == run { return true }
    let word = wordStart[run] + a / 64
    return word < wordStart[run + 1] && words[word] >> UInt64(a % 64) & 1 == 1
  }

  /// Whether neither of two different events is an ancestor of the other.
  func areConcurrent(_ a: Int, _ b: Int) -> Bool {
    a != b && !isAncestor(a, of: b) && !isAncestor(b, of: a)
  }

  /// How many of the positions set in `mask` are ancestors of an event with several parents.
  func countAncestors(of position: Int, in mask: [UInt64]) -> Int {
    let run = runOf[position]
    precondition(runStart[run] == position, "only the first of a run has its ancestors in bits")
    let from = wordStart[run]
    var count = 0
    for offset in 0..<(wordStart[run + 1] - from) {
      count += (words[from + offset] & mask[offset]).nonzeroBitCount
    }
    return count
  }
}
