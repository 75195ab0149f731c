import Ledger
import Regions
import Replication
import Store
import Synchronization

/// One session's way to the writer. Its writes are carried out in order up to the first that fails, or
/// until a later session takes its place; none after that.
///
/// A write may rest on one before it that the link has not heard of yet: a repair's cursors stand
/// behind batches that were only just handed over. So nothing may overtake a failure.
final class SessionWrites: Sendable {
  private let writer: GroupWriter
  private let peer: RegionID
  private let isShut = Atomic(false)

  init(writer: GroupWriter, peer: RegionID) {
    self.writer = writer
    self.peer = peer
  }

  /// Has nothing carried out any more that is not under way.
  func shut() { isShut.store(true, ordering: .sequentiallyConsistent) }

  /// Queues a write.
  ///
  /// - Parameters:
  ///   - marks: random, for a repair that begins.
  ///   - completion: called on the writer's thread with the link's next input: `nil` where it expects
  ///     none, and where the write was not carried out.
  func submit(
    _ effect: LinkEffect, marks: LanePair<Hash>,
    completion: @escaping @Sendable (Result<LinkInput?, any Error>) -> Void
  ) {
    let answer = Answer()
    writer.submit(weight: effect.weight) { [self] transaction in
      guard !isShut.load(ordering: .sequentiallyConsistent) else {
        answer.set(nil)
        return
      }
      answer.set(try transaction.carryOut(effect, for: peer, marks: marks))
    } completion: { [self] outcome in
      if case .failure = outcome { shut() }
      completion(outcome.map { answer.get() })
    }
  }

  /// Waits until all that was queued before, by any session, is done, and readies the cursors that
  /// the session's hello will name.
  func begin() async throws {
    try await writer.write { [peer] in _ = try $0.askForMissing(of: peer) }
  }
}
