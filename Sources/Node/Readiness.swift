import Synchronization

/// Counts the services that must run before a node is ready, and tells when the last of them does.
final class Readiness: Sendable {
  private let missing: Mutex<Int>
  private let onReady: @Sendable () -> Void
  private let (ready, signal) = AsyncStream.makeStream(of: Never.self)

  /// - Parameters:
  ///   - parts: how many services must run.
  ///   - onReady: called once, by the last of them.
  init(parts: Int, onReady: @escaping @Sendable () -> Void) {
    self.missing = Mutex(parts)
    self.onReady = onReady
  }

  /// One more of the services runs. Each calls it once.
  func partIsReady() {
    let isReady = missing.withLock { missing in
      missing -= 1
      return missing == 0
    }
    guard isReady else { return }
    onReady()
    signal.finish()
  }

  /// Returns when all run, or the task is cancelled. One task waits.
  func wait() async { for await _ in ready {} }
}
