import Dispatch

/// Runs work that waits for the disk on a thread that may wait, not on the pool or the network's
/// threads, which everything shares.
func onWaitingThread<Result: Sendable>(
  _ work: @escaping @Sendable () throws -> Result
) async throws -> Result {
  try await withCheckedThrowingContinuation { continuation in
    DispatchQueue.global(qos: .utility).async {
      continuation.resume(with: Swift.Result { try work() })
    }
  }
}
