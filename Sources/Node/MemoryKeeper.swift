import CAllocator
import ServiceLifecycle
import Store

/// The C library's allocator.
package enum Allocator {
  /// What may lie freed at the end of an allocator's area, in bytes.
  private static let keptBytes: CInt = 64 << 20
  /// Only what is larger gets pages of its own: the most that the GNU C library takes.
  private static let mappedBytes: CInt = 32 << 20
  /// By how much an area grows at once, in bytes.
  private static let growthBytes: CInt = 1 << 20

  /// Has the process keep what is freed until ``giveBack()``. By itself the allocator returns each batch's
  /// buffers at once and takes them anew, page by page, for the next: a tenth of a catch-up's time.
  package static func keepFreed() {
    _ = mallopt(M_TRIM_THRESHOLD, keptBytes)
    _ = mallopt(M_MMAP_THRESHOLD, mappedBytes)
    _ = mallopt(M_TOP_PAD, growthBytes)
  }

  /// Returns what is freed to the machine.
  static func giveBack() { _ = malloc_trim(0) }
}

/// Gives memory back to the machine when nobody has used the store for a while: offices' machines are
/// weak and have other work. The next use finds the file in the system's own cache.
struct MemoryKeeper: Service {
  /// The store counts as idle when it was not used between two looks.
  private static let interval = Duration.seconds(1)

  let store: Store

  init(store: Store) {
    self.store = store
    Allocator.keepFreed()
  }

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
            Allocator.giveBack()
          }
          released = uses
        }
        seen = uses
      }
    }
  }
}
