import Dispatch
import Replication
package import Store
import Synchronization

/// Groups what waits into one transaction, so that one flush to disk serves many writers.
///
/// Requests run in the order in which they came, on one thread. Where one of a group fails, the whole
/// group is undone and each runs alone, so that nobody's failure is another's.
package final class GroupWriter: Sendable {
  /// The most requests of one transaction.
  package static let groupSize = 64
  /// No request joins a transaction that carries this much weight: two full batches of a link. What
  /// is acknowledged together stays well below a link's window, so its sender never runs dry.
  package static let groupWeight = 2 * ReplicationBounds.batchCommits

  package typealias Work = @Sendable (StoreTransaction) throws -> Void
  package typealias Completion = @Sendable (Result<Void, any Error>) -> Void

  private struct Request: Sendable {
    let weight: Int
    let work: Work
    let completion: Completion
  }

  private struct State {
    var waiting: [Request] = []
    var isDraining = false
    var isFinished = false
  }

  private let store: Store
  private let wallMilliseconds: @Sendable () -> UInt64
  private let committed: @Sendable (StoreEffects) -> Void
  private let queue = DispatchQueue(label: "liandong.store.writer")
  private let state = Mutex(State())

  /// - Parameters:
  ///   - wallMilliseconds: the wall clock, since 1970 UTC.
  ///   - committed: told of each transaction once it is durable, before its completions.
  package init(
    store: Store, wallMilliseconds: @escaping @Sendable () -> UInt64,
    committed: @escaping @Sendable (StoreEffects) -> Void
  ) {
    self.store = store
    self.wallMilliseconds = wallMilliseconds
    self.committed = committed
  }

  /// Queues work. It may run twice where its group failed, so it must have no effect of its own.
  ///
  /// - Parameters:
  ///   - weight: how many commits the work stores, about.
  ///   - completion: called on the writer's thread, when the work is durable or has failed; after
  ///     `finish()` at once, with a `StoreError` of code closed.
  package func submit(
    weight: Int = 1, _ work: @escaping Work, completion: @escaping Completion
  ) {
    let mustStart: Bool? = state.withLock { state in
      if state.isFinished { return nil }
      state.waiting.append(Request(weight: weight, work: work, completion: completion))
      defer { state.isDraining = true }
      return !state.isDraining
    }
    switch mustStart {
    case true?: queue.async { self.drain() }
    case false?: break
    case nil:
      completion(.failure(StoreError(.closed, "this node stops; ask again when it runs")))
    }
  }

  /// Refuses new work and returns when all that waited is done, so that the store may be closed.
  /// It blocks for that long, and must not be called from work or a completion.
  package func finish() {
    state.withLock { $0.isFinished = true }
    queue.sync { drain() }
  }

  /// Runs work in a transaction and waits until it is durable.
  ///
  /// - Parameter weight: ``groupWeight`` for work that whoever comes next must see on disk.
  package func write<Result: Sendable>(
    weight: Int = 1, _ body: @escaping @Sendable (StoreTransaction) throws -> Result
  ) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
      let result = Mutex<Result?>(nil)
      submit(weight: weight) { transaction in
        let value = try body(transaction)
        result.withLock { $0 = value }
      } completion: { outcome in
        switch outcome {
        case .success:
          guard let value = result.withLock({ $0 }) else {
            preconditionFailure("work that succeeded left its result")
          }
          continuation.resume(returning: value)
        case .failure(let error): continuation.resume(throwing: error)
        }
      }
    }
  }

  private func drain() {
    while true {
      let group = state.withLock { state in
        let group = Array(state.waiting.prefix(Self.groupCount(state.waiting.lazy.map(\.weight))))
        state.waiting.removeFirst(group.count)
        if group.isEmpty { state.isDraining = false }
        return group
      }
      if group.isEmpty { return }
      run(group)
    }
  }

  /// How many of the requests that wait go into the next transaction.
  package static func groupCount(_ weights: some Sequence<Int>) -> Int {
    var (count, sum) = (0, 0)
    for weight in weights.prefix(groupSize) {
      count += 1
      sum += weight
      if sum >= groupWeight { break }
    }
    return count
  }

  private func run(_ group: [Request]) {
    do {
      let (_, effects) = try store.write(now: wallMilliseconds()) { transaction in
        for request in group { try request.work(transaction) }
      }
      committed(effects)
      for request in group { request.completion(.success(())) }
    } catch {
      guard group.count > 1 else {
        group[0].completion(.failure(error))
        return
      }
      for request in group { run([request]) }
    }
  }
}
