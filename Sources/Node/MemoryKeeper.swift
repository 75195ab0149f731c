import CAllocator
import ServiceLifecycle
import Store

/// Gives memory back to the machine when nobody has used the store for a while: offices' machines are
/// weak and have other work. The next use finds the file in the system's own cache.
struct MemoryKeeper: Service {
  /// The store counts as idle when it was not used between two looks.
  private static let interval = Duration.seconds(1)

  let store: Store

  func run() async throws {
    try await cancelWhenGracefulShutdown {
      var (seen, released) = (store.useCount, 0)
      while !Task.isCancelled {
        // Cancelled is as good as slept: the loop looks at it next.
        try? await Task.sleep(for: Self.interval)
        let uses = store.useCount
        if uses == seen, uses != released {
          // One long transaction looks idle too: the writer is waited for on a thread that may wait.
          try await onWaitingThread { [store] in
            store.releaseMemory()
            _ = malloc_trim(0)
          }
          released = uses
        }
        seen = uses
      }
    }
  }
}
