package import Identity
package import Replication
import Synchronization
import Wire

/// One open session of a link, at either end. It ends when either side closes it or the connection
/// breaks; it knows nothing of what the frames mean.
package final class LinkSession: Sendable {
  /// What the other side's certificate proves; it may link, as of the session's opening.
  package let peer: CertifiedKey
  /// The other side's chain as it presented it: DER, leaf first.
  package let peerChain: [[UInt8]]
  /// The negotiated version, for example `TLSv1.3`.
  package let tlsVersion: String
  /// The other side's address and port, for people.
  package let remoteAddress: String

  private let arrivals: Arrivals
  private let connection: Connection
  private let isClosed = Atomic(false)
  private let firstFault = Mutex<TransportError?>(nil)
  private let sent = Atomic<UInt64>(0)
  private let received = Atomic<UInt64>(0)

  /// The means by which an end of a stream reads and writes messages.
  struct Connection: Sendable {
    /// The next message; `nil` once the other side closed.
    let receive: @Sendable () async throws -> [UInt8]?
    /// Hands a message on; waits while the connection takes no more.
    let send: @Sendable ([UInt8]) async throws -> Void
    /// Tells the other side that no message follows.
    let finish: @Sendable () async -> Void
  }

  init(
    peer: VerifiedPeer, tlsVersion: String, remoteAddress: String, arrivals: Arrivals,
    connection: Connection
  ) {
    self.peer = peer.key
    self.peerChain = peer.chain
    self.tlsVersion = tlsVersion
    self.remoteAddress = remoteAddress
    self.arrivals = arrivals
    self.connection = connection
  }

  /// The bytes of the messages that were handed to the connection.
  package var bytesSent: UInt64 { sent.load(ordering: .relaxed) }
  /// The bytes of the messages that arrived.
  package var bytesReceived: UInt64 { received.load(ordering: .relaxed) }
  /// All bytes that the connection brought, with TLS and HTTP/2 and also of what has not arrived as a
  /// whole: as long as it grows, the other side lives.
  package var bytesArrived: UInt64 { arrivals.bytes }

  /// Sends a frame. Frames arrive in the order of their sends; sends that overlap have no order.
  ///
  /// It returns when the connection has taken the frame, which it does only while there is room:
  /// a slow receiver slows its sender.
  ///
  /// - Throws: `TransportError`: frame too large (the session stays open), closed.
  package func send(_ frame: Frame) async throws {
    try await send(bounded: try FrameCodec.encode(frame))
  }

  /// Sends a part of an outbox, which arrives as the frame `batch`; otherwise as `send(_:)` of a
  /// frame.
  package func send(_ batch: OutgoingBatch) async throws {
    try await send(bounded: FrameCodec.encode(batch))
  }

  private func send(bounded message: [UInt8]) async throws {
    guard message.count <= ReplicationBounds.messageBytes else {
      throw TransportError(
        .frameTooLarge,
        "a frame of \(message.count) bytes, and a message has at most "
          + "\(ReplicationBounds.messageBytes); send it in parts")
    }
    try await send(message: message)
  }

  /// Sends bytes as a message, whatever they are.
  func send(message: [UInt8]) async throws {
    guard !isClosed.load(ordering: .acquiring) else { throw Self.over }
    do {
      try await connection.send(message)
    } catch let error as CancellationError {
      throw error
    } catch {
      throw TransportError(.closed, Self.over.message, cause: error)
    }
    sent.wrappingAdd(UInt64(message.count), ordering: .relaxed)
  }

  /// Ends the session from this side; frames that were sent still arrive. What the other side sent
  /// until it closes too can still be read.
  package func close() async { await end(connection.finish) }

  /// Ends the session as `finish` does it, unless it has ended.
  func end(_ finish: () async -> Void) async {
    guard !isClosed.exchange(true, ordering: .acquiringAndReleasing) else { return }
    await finish()
  }

  /// Why the frames from the other side ended other than by its close.
  var fault: TransportError? { firstFault.withLock { $0 } }

  /// The frames from the other side, in order, ending when it closes.
  package var inbound: Frames { Frames(session: self) }

  private static let over = TransportError(.closed, "the session is over; open a new one")

  fileprivate func next() async throws -> Frame? {
    guard let message = try await receive() else { return nil }
    do {
      return try FrameCodec.decode(message)
    } catch {
      throw noted(
        TransportError(
          .malformedFrame,
          "\(peer.name) at \(remoteAddress) sent what is no frame: \(error); compare the two "
            + "sides' versions", cause: error))
    }
  }

  /// Drops the next message unread; `false` at the end.
  func skip() async throws -> Bool { try await receive() != nil }

  private func receive() async throws -> [UInt8]? {
    do {
      guard let message = try await connection.receive() else { return nil }
      received.wrappingAdd(UInt64(message.count), ordering: .relaxed)
      return message
    } catch let error as CancellationError {
      throw error
    } catch {
      throw noted(TransportError(streamFailure: error))
    }
  }

  private func noted(_ error: TransportError) -> TransportError {
    firstFault.withLock { if $0 == nil { $0 = error } }
    return error
  }

  /// Frames as they arrive. One task reads at a time; a second iterator goes on where the first one
  /// stopped.
  ///
  /// Iterating throws `TransportError`: malformed frame, frame too large, closed (the connection
  /// broke), or what the other side gave as its reason.
  package struct Frames: AsyncSequence, Sendable {
    package typealias Element = Frame
    package typealias Failure = any Error

    fileprivate let session: LinkSession

    package func makeAsyncIterator() -> Iterator { Iterator(session: session) }

    package struct Iterator: AsyncIteratorProtocol {
      fileprivate let session: LinkSession

      package mutating func next() async throws -> Frame? { try await session.next() }
    }
  }
}
