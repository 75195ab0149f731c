import NIOCore
import NIOSSL
import Synchronization

/// The open connections of a server, by the two addresses that a stream's context names. A stream knows
/// these alone; what TLS proved stands with the connection.
///
/// One remote address may have two connections at once, to different addresses of this machine, so it
/// takes both ends to tell whose certificate is meant.
final class ServerConnections: Sendable {
  /// Both ends of a connection, as gRPC names them.
  private struct Name: Hashable {
    let remote: String
    let local: String
  }

  private struct Open: Sendable {
    let channel: any Channel
    let arrivals: Arrivals
  }

  private let open = Mutex<[Name: Open]>([:])
  /// Refusals made inside handshakes, by event loop. TLS ends the handshake in the same turn of the
  /// loop in which a chain was refused, so no other connection's comes between.
  private let refusals = Mutex<[ObjectIdentifier: TransportError]>([:])

  /// Adds a connection until it closes. Call it on the connection's event loop.
  func add(_ channel: any Channel, _ arrivals: Arrivals) {
    guard let name = Self.name(of: channel) else { return }
    open.withLock { $0[name] = Open(channel: channel, arrivals: arrivals) }
    channel.closeFuture.whenComplete { _ in
      self.open.withLock { if $0[name]?.channel === channel { $0[name] = nil } }
    }
  }

  /// Remembers why the handshake that is under way on `loop` ends.
  func refuse(_ refusal: TransportError, on loop: any EventLoop) {
    refusals.withLock { $0[ObjectIdentifier(loop)] = refusal }
  }

  /// Why the handshake that just ended on `loop` was refused here.
  func takeRefusal(on loop: any EventLoop) -> TransportError? {
    refusals.withLock { $0.removeValue(forKey: ObjectIdentifier(loop)) }
  }

  /// What TLS knows of a connection, and the loop that it runs on.
  struct Facts: Sendable {
    let tlsVersion: String
    let chain: [[UInt8]]
    let loop: any EventLoop
    let arrivals: Arrivals
  }

  /// The facts of the connection between these addresses; `nil` if it is gone.
  func facts(remote: String, local: String) async -> Facts? {
    guard let found = open.withLock({ $0[Name(remote: remote, local: local)] }) else { return nil }
    let channel = found.channel
    guard let version = try? await channel.nioSSL_tlsVersion().get(),
      let chain = try? await channel.nioSSL_peerValidatedCertificateChain().get(),
      let der = try? chain.map({ try $0.toDERBytes() })
    else { return nil }
    return Facts(
      tlsVersion: version.name, chain: der, loop: channel.eventLoop, arrivals: found.arrivals)
  }

  private static func name(of channel: any Channel) -> Name? {
    guard let remote = name(of: channel.remoteAddress), let local = name(of: channel.localAddress)
    else { return nil }
    return Name(remote: remote, local: local)
  }

  /// The name that gRPC gives to an end of a connection.
  private static func name(of address: SocketAddress?) -> String? {
    guard let address, let port = address.port else { return nil }
    switch address {
    case .v4(let address): return "ipv4:\(address.host):\(port)"
    case .v6(let address): return "ipv6:[\(address.host)]:\(port)"
    default: return nil
    }
  }
}

extension TLSVersion {
  /// As TLS tools write it.
  var name: String {
    switch self {
    case .tlsv13: "TLSv1.3"
    case .tlsv12: "TLSv1.2"
    case .tlsv11: "TLSv1.1"
    case .tlsv1: "TLSv1"
    }
  }
}

/// The address in gRPC's name of a peer: what follows the kind.
func peerAddress(_ name: String) -> String {
  name.firstIndex(of: ":").map { String(name[name.index(after: $0)...]) } ?? name
}
