package import Identity
package import Replication
import Synchronization
import Wire

/// The stream of a connection that carries evidence files, at either end. It ends when either side
/// closes it, when it breaks, and with its connection; the link's own stream knows nothing of it.
package final class EvidenceSession: Sendable {
  /// Who owns such a stream from its opening on; it ends when this returns or throws.
  package typealias Handler = @Sendable (_ session: EvidenceSession) async throws -> Void

  /// What the other side's certificate proves; it may link, as of the stream's opening.
  package let peer: CertifiedKey
  private let connection: LinkSession.Connection

  init(peer: CertifiedKey, connection: LinkSession.Connection) {
    self.peer = peer
    self.connection = connection
  }

  /// Sends a frame, and returns when the connection has taken it. Sends that overlap have no order.
  ///
  /// - Throws: `TransportError`: closed.
  package func send(_ frame: EvidenceFrame) async throws {
    let message = try EvidenceCodec.encode(frame)
    do {
      try await connection.send(message)
    } catch let error as CancellationError {
      throw error
    } catch {
      throw TransportError(streamFailure: error)
    }
  }

  /// The next frame from the other side; `nil` once it closed. One task reads at a time.
  ///
  /// - Throws: `TransportError`: malformed frame, closed, or what the other side gave as its reason.
  package func receive() async throws -> EvidenceFrame? {
    let message: [UInt8]?
    do {
      message = try await connection.receive()
    } catch let error as CancellationError {
      throw error
    } catch {
      throw TransportError(streamFailure: error)
    }
    do {
      return try message.map { try EvidenceCodec.decode($0) }
    } catch {
      throw TransportError(
        .malformedFrame,
        "\(peer.name) sent what is no frame of evidence: \(error); compare the two sides' versions",
        cause: error)
    }
  }
}
