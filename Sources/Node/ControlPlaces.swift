import Synchronization

/// Counts the connections of a server against their bound.
final class ControlPlaces: Sendable {
  private let most: Int
  private let taken = Mutex(0)

  init(most: Int) { self.most = most }

  /// Takes a place; false where none is free.
  func take() -> Bool {
    taken.withLock { taken in
      guard taken < most else { return false }
      taken += 1
      return true
    }
  }

  /// Gives a place back.
  func giveBack() { taken.withLock { $0 -= 1 } }
}
