import Synchronization

/// Tells work on a thread of its own that the task that waits for it was cancelled.
final class Cancellation: Sendable {
  private let isCancelled = Atomic(false)

  private init() {}

  /// - Throws: `CancellationError` once the task was cancelled.
  func check() throws {
    if isCancelled.load(ordering: .relaxed) { throw CancellationError() }
  }

  /// Runs `body`, whose work looks at the cancellation of the present task.
  static func watching<Result: Sendable>(
    _ body: (Cancellation) async throws -> Result
  ) async throws -> Result {
    let cancellation = Cancellation()
    return try await withTaskCancellationHandler {
      try await body(cancellation)
    } onCancel: {
      cancellation.isCancelled.store(true, ordering: .relaxed)
    }
  }
}
