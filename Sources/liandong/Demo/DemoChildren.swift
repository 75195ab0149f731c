import Foundation
import Glibc
import Synchronization

/// The processes that a demonstration has started, so that none outlives it.
final class DemoChildren: Sendable {
  private struct State {
    var running: Set<pid_t> = []
    var isClosed = false
  }

  /// How long all of them together may take to end before they are killed.
  private static let patience = Duration.seconds(5)

  private let state = Mutex(State())

  /// Whether they were ended and no more may start.
  var isClosed: Bool { state.withLock { $0.isClosed } }

  /// Starts a process, and keeps it until ``ended(_:)``.
  ///
  /// - Throws: `DemoError` once all were ended.
  func start(_ process: Process) throws {
    // Within the lock, so that whoever ends them all misses none.
    try state.withLock { state in
      guard !state.isClosed else {
        throw DemoError(zh: "演示已被中止", en: "the demonstration was interrupted")
      }
      try process.run()
      state.running.insert(process.processIdentifier)
    }
  }

  /// Forgets a process that has ended.
  func ended(_ process: Process) {
    _ = state.withLock { $0.running.remove(process.processIdentifier) }
  }

  /// Asks all to end, kills those that do not, and lets no more start. It blocks until then.
  func endAll() {
    var left = state.withLock { state in
      state.isClosed = true
      return state.running
    }
    for child in left { kill(child, SIGTERM) }
    let deadline = ContinuousClock.now + Self.patience
    while ContinuousClock.now < deadline {
      left = left.filter { kill($0, 0) == 0 }
      if left.isEmpty { return }
      usleep(20_000)
    }
    for child in left { kill(child, SIGKILL) }
  }
}
