import GRPCCore
import GRPCNIOTransportHTTP2
import Identity
import NIOCore
import NIOSSL
import Replication
import Wire

// What the transport is told.
extension LinkServer {
  static var context: GRPCServerContext {
    var context = GRPCServerContext()
    context.methods = [FrameCodec.method, EvidenceCodec.method]
    return context
  }

  static func security(
    _ credentials: LinkCredentials, _ connections: ServerConnections
  ) throws -> Posix.TransportSecurity {
    try .mTLS(certificateReloader: LinkCredentials.Reloader(credentials: credentials)) { tls in
      tls.clientCertificateVerification = .noHostnameVerification
      tls.requireALPN = true
      tls.trustRoots = credentials.trustRoots
      tls.customVerificationCallback = PeerVerification.callback { chain, loop in
        switch PeerVerification.judge(chain, by: credentials.current.roots) {
        case .success: return true
        case .failure(let refusal):
          connections.refuse(refusal, on: loop)
          return false
        }
      }
    }
  }

  static func config(
    _ connections: ServerConnections, _ report: @escaping Report
  ) -> Posix.Config {
    .defaults { config in
      config.rpc.maxRequestPayloadSize = ReplicationBounds.messageBytes
      config.http2.targetWindowSize = LinkTuning.windowBytes
      config.http2.maxFrameSize = LinkTuning.frameBytes
      // A link is one stream, and one for evidence; more would hold places that it does not need.
      config.http2.maxConcurrentStreams = 2
      config.connection.maxIdleTime = LinkTuning.idle
      config.connection.flushCoalescing = nil
      config.connection.keepalive = .init(
        time: LinkTuning.never, timeout: LinkTuning.never,
        clientBehavior: .init(
          minPingIntervalWithoutCalls: LinkTuning.pingsApart, allowWithoutCalls: true))
      config.channelDebuggingCallbacks.onAcceptTCPConnection = { channel in
        let loop = channel.eventLoop
        return loop.makeCompletedFuture {
          connections.add(
            channel, try Arrivals.count(channel, before: NIOSSLServerHandler.self))
          let remote = channel.remoteAddress.map(\.plain) ?? "an unknown address"
          try ConnectionWatcher.watch(channel, behind: NIOSSLServerHandler.self) {
            error, wasSecure in
            guard !wasSecure else { return }
            report(connections.takeRefusal(on: loop) ?? error, remote)
          }
        }.flatMap { LinkTuning.prepare(channel) }
      }
    }
  }
}

extension NIOCore.SocketAddress {
  /// Address and port, for people.
  fileprivate var plain: String { "\(ipAddress ?? "?"):\(port ?? 0)" }
}
