import Synchronization

/// How many sessions there may be at once.
final class SessionPlaces: Sendable {
  private let taken = Mutex(0)
  private let most: Int

  init(most: Int) { self.most = most }

  /// Whether there was a place; it must then be given back.
  func take() -> Bool {
    taken.withLock { taken in
      guard taken < most else { return false }
      taken += 1
      return true
    }
  }

  func giveBack() { taken.withLock { $0 -= 1 } }
}
