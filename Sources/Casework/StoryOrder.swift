import Ledger

/// The order in which an entity's events are told: parents before children, else by tie time, the
/// later of an event's own time and its ancestors', then by hash. It is the same wherever the same
/// events are held, folded or not; a parent that is not held counts as not named.
package struct StoryOrder: Sendable {
  /// The indices of the events as they were given, in the order of the story.
  package let indices: [Int]
  /// Of each event, by its index, the indices of the parents that are held.
  private let parents: [[Int]]

  /// - Parameter events: each event once, in any order.
  package init(_ events: [FoldInput]) {
    var places = [Hash: Int](minimumCapacity: events.count)
    for (index, input) in events.enumerated() { places[input.event.hash] = index }
    let parents = events.map { $0.event.parents.compactMap { places[$0] } }
    var children = [[Int]](repeating: [], count: events.count)
    for (child, above) in parents.enumerated() {
      for parent in above { children[parent].append(child) }
    }
    // A tie time never falls along a path, and the generation rises: together they sort parents
    // before children.
    var ties = events.map(\.time.rawValue)
    var generations = [Int](repeating: 0, count: events.count)
    var unmet = parents.map(\.count)
    var ready = events.indices.filter { unmet[$0] == 0 }
    while let index = ready.popLast() {
      for child in children[index] {
        ties[child] = max(ties[child], ties[index])
        generations[child] = max(generations[child], generations[index] + 1)
        unmet[child] -= 1
        if unmet[child] == 0 { ready.append(child) }
      }
    }
    self.parents = parents
    indices = events.indices.sorted { a, b in
      (ties[a], generations[a], events[a].event.hash)
        < (ties[b], generations[b], events[b].event.hash)
    }
  }

  /// Hands values from events to their ancestors: each event's own value, combined with those of
  /// everything that came upon it.
  ///
  /// - Parameters:
  ///   - values: one for each event, by its index.
  ///   - combine: must not depend on order.
  /// - Returns: what each event came to, by its index.
  package func gatheredUpward<Value>(
    _ values: [Value], combine: (inout Value, Value) -> Void
  ) -> [Value] {
    var gathered = values
    for index in indices.reversed() {
      for parent in parents[index] { combine(&gathered[parent], gathered[index]) }
    }
    return gathered
  }
}
