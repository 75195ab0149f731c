import Replication
import Synchronization

/// What waits to be sent in one session. It is bounded, since a peer may ask and never read.
final class OutgoingQueue: Sendable {
  enum Item: Sendable {
    case frame(Frame)
    case batch(OutgoingBatch)
    /// Events that are read and sent a frame at a time.
    case repair([SetKey])

    fileprivate var bytes: Int {
      switch self {
      case .frame(let frame): frame.approximateBytes
      case .batch(let batch): batch.byteCount
      case .repair(let keys): keys.count * SetKey.byteCount
      }
    }
  }

  /// What waits, in order; one task takes it.
  let items: AsyncStream<Item>
  private let continuation: AsyncStream<Item>.Continuation
  private let waitingBytes = Atomic(0)

  init() { (items, continuation) = AsyncStream.makeStream(of: Item.self) }

  /// Queues an item.
  ///
  /// - Returns: whether there was room; where not, the item is dropped and the session must end.
  func add(_ item: Item) -> Bool {
    let bytes = item.bytes
    let waiting = waitingBytes.wrappingAdd(bytes, ordering: .relaxed).newValue
    guard waiting <= ReplicationBounds.outgoingBytes else {
      waitingBytes.wrappingSubtract(bytes, ordering: .relaxed)
      return false
    }
    continuation.yield(item)
    return true
  }

  /// The connection has taken an item.
  func sent(_ item: Item) { waitingBytes.wrappingSubtract(item.bytes, ordering: .relaxed) }

  /// Nothing follows.
  func finish() { continuation.finish() }
}
