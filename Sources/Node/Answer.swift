import Replication
import Synchronization

/// Carries a link's next input from the writer's transaction to its completion. Work that runs twice
/// leaves what it found last.
final class Answer: Sendable {
  private let input = Mutex<LinkInput?>(nil)

  func set(_ value: LinkInput?) { input.withLock { $0 = value } }

  func get() -> LinkInput? { input.withLock { $0 } }
}

/// Carries a session's ending out of the connection's closure.
final class EndingBox: Sendable {
  private let ending = Mutex<LinkRunner.Ending?>(nil)

  func set(_ value: LinkRunner.Ending) { ending.withLock { $0 = value } }

  func get() -> LinkRunner.Ending? { ending.withLock { $0 } }
}
