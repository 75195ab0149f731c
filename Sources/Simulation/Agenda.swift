import Replication

/// What happens at a moment of a simulated city.
enum Happening {
  /// A frame reaches an office.
  case frame(Frame, session: Int, at: Int)
  /// The other end of a session has closed the connection.
  case reset(session: Int, at: Int)
  /// A session's timer fires.
  case tick(session: Int, at: Int)
  /// An office's disk has done what the writer asked for.
  case commit(at: Int, life: Int)
  /// A child dials its parent.
  case dial(at: Int, life: Int)
  /// The parent answers.
  case connect(child: Int, parent: Int, lives: Int)
  /// Somebody works at an office.
  case act(at: Int)
  /// Somebody works there once more.
  case extraAct(at: Int)
  /// Something goes wrong.
  case fault(Fault)
  /// Something goes wrong once more.
  case extraFault(Fault)
  /// A fault comes to its end.
  case recovery(Recovery)
  /// An office opens or closes for the day.
  case hours(at: Int, opens: Bool)
  /// The invariants that can be asked at any time are asked.
  case inspection
}

/// What waits to happen: by time, and at one time in the order in which it was planned.
struct Agenda {
  /// Small and without references: entries change places far more often than things happen.
  private struct Entry {
    let at: UInt64
    let order: UInt64
    /// Where in `happenings`.
    let place: Int
  }

  private var heap: [Entry] = []
  private var happenings: [Happening?] = []
  private var freePlaces: [Int] = []
  private var planned: UInt64 = 0

  var count: Int { heap.count }

  /// - Parameter at: virtual milliseconds.
  mutating func plan(_ happening: Happening, at: UInt64) {
    planned += 1
    heap.append(Entry(at: at, order: planned, place: keep(happening)))
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard precedes(child, parent) else { break }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  /// Takes what happens next, if it happens no later than `limit`.
  mutating func next(notAfter limit: UInt64) -> (at: UInt64, happening: Happening)? {
    guard let first = heap.first, first.at <= limit, let happening = happenings[first.place]
    else { return nil }
    happenings[first.place] = nil
    freePlaces.append(first.place)
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
        if precedes(child, least) { least = child }
      }
      guard least != parent else { break }
      heap.swapAt(parent, least)
      parent = least
    }
    return (first.at, happening)
  }

  private mutating func keep(_ happening: Happening) -> Int {
    guard let place = freePlaces.popLast() else {
      happenings.append(happening)
      return happenings.count - 1
    }
    happenings[place] = happening
    return place
  }

  private func precedes(_ a: Int, _ b: Int) -> Bool {
    heap[a].at != heap[b].at ? heap[a].at < heap[b].at : heap[a].order < heap[b].order
  }
}
