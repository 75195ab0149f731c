import NIOCore
import NIOSSL
import Synchronization

/// What one dialling found out, gathered from the handshake's callbacks.
final class Dial: Sendable {
  private struct Findings: Sendable {
    var channel: (any Channel)?
    var arrivals: Arrivals?
    var peer: VerifiedPeer?
    var refusal: TransportError?
    var fault: TransportError?
    var isAccepted = false
  }

  private let findings = Mutex(Findings())

  /// Whether the other side accepted the session.
  var isAccepted: Bool { findings.withLock(\.isAccepted) }
  /// Why this side refused the other's certificate.
  var refusal: TransportError? { findings.withLock(\.refusal) }
  /// The connection's first fault.
  var fault: TransportError? { findings.withLock(\.fault) }

  func connected(_ channel: any Channel, _ arrivals: Arrivals) {
    findings.withLock {
      $0.channel = channel
      $0.arrivals = arrivals
    }
  }

  func failed(_ error: TransportError) {
    findings.withLock { if $0.fault == nil { $0.fault = error } }
  }

  /// Always `false`, for the callback to return.
  func refuse(_ error: TransportError) -> Bool {
    findings.withLock { $0.refusal = error }
    return false
  }

  /// Always `true`, for the callback to return.
  func verified(_ peer: VerifiedPeer) -> Bool {
    findings.withLock { $0.peer = peer }
    return true
  }

  /// Opens the session that the other side accepted.
  func session(address: String, connection: LinkSession.Connection) async throws -> LinkSession {
    let (channel, arrivals, peer) = findings.withLock { ($0.channel, $0.arrivals, $0.peer) }
    guard let channel, let arrivals, let peer,
      let version = try await channel.nioSSL_tlsVersion().get()
    else {
      throw TransportError(.tlsRefused, "the connection ended before TLS said what it proved")
    }
    findings.withLock { $0.isAccepted = true }
    return LinkSession(
      peer: peer, tlsVersion: version.name, remoteAddress: address, arrivals: arrivals,
      connection: connection)
  }
}
