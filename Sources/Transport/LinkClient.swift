import GRPCCore
import GRPCNIOTransportHTTP2
package import Identity
import NIOCore
import NIOPosix
import NIOSSL
import Replication
import Synchronization
import Wire

/// The child's end of its link: dials the parent and runs one session.
package struct LinkClient: Sendable {
  package typealias Handler = @Sendable (_ session: LinkSession) async throws -> Void

  private let credentials: LinkCredentials
  private let admit: LinkAdmission

  /// - Parameter admit: asked for the other side before the handshake ends.
  package init(credentials: LinkCredentials, admit: @escaping LinkAdmission) {
    self.credentials = credentials
    self.admit = admit
  }

  /// Dials once, and returns when the session is over: `handler` returned and the other side closed,
  /// or its time to close was up.
  ///
  /// Whose certificate it is counts, not at which address it is shown: the name in it must be
  /// `expected`. The host need not stand in the certificate, so that a parent can be reached through
  /// a forwarded port or by an address that is new.
  ///
  /// - Parameters:
  ///   - host: a DNS name or an IP address.
  ///   - limit: how long it may take until the other side has accepted the session.
  ///   - evidence: owns the stream beside the session that carries evidence. It is opened anew a while
  ///     after it ended, as long as the session lasts; its end is none of the session's.
  ///     With `nil` there is none.
  ///   - handler: owns the session from then on.
  /// - Throws: `TransportError`, or what `handler` throws; `CancellationError` when cancelled.
  package func run(
    host: String, port: Int, expecting expected: NodeName, within limit: Duration,
    evidence: EvidenceSession.Handler? = nil, _ handler: @escaping Handler
  ) async throws {
    let address = "\(host):\(port)"
    let dial = Dial()
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    do {
      let transport = try HTTP2ClientTransport.Posix(
        target: .dns(host: host, port: port), transportSecurity: security(dial, expected),
        config: Self.config(dial, expected), eventLoopGroup: loop)
      try await withTaskExecutorPreference(LoopExecutor(loop)) {
        try await Self.run(transport, dial, within: limit, address, evidence, handler)
      }
    } catch {
      try Task.checkCancellation()
      if dial.isAccepted { throw error }
      // What this side refused comes first, then what the other side said, then what TLS saw.
      throw dial.refusal ?? error as? TransportError ?? dial.fault
        ?? TransportError(dialFailure: error, address: address)
    }
  }

  private enum Ended { case connection, limit, session }

  private static func run(
    _ transport: HTTP2ClientTransport.Posix, _ dial: Dial, within limit: Duration,
    _ address: String, _ evidence: EvidenceSession.Handler?,
    _ handler: @escaping Handler
  ) async throws {
    try await withThrowingTaskGroup(of: Ended.self) { group in
      group.addTask {
        try? await transport.connect()
        return .connection
      }
      group.addTask {
        try await Task.sleep(for: limit)
        guard dial.isAccepted else {
          throw TransportError(
            .timedOut, "\(address) did not accept the session within \(limit); try again later")
        }
        return .limit
      }
      group.addTask {
        try await converse(transport, dial, evidence, handler)
        return .session
      }
      defer {
        transport.beginGracefulShutdown()
        group.cancelAll()
      }
      // A connection that ends makes the session end, with the error that says why.
      while let ended = try await group.next() {
        if ended == .session { break }
      }
    }
  }

  private typealias Posix = HTTP2ClientTransport.Posix

  private static func converse(
    _ transport: Posix, _ dial: Dial, _ evidence: EvidenceSession.Handler?,
    _ handler: @escaping Handler
  ) async throws {
    try await transport.withStream(descriptor: FrameCodec.method, options: options) {
      stream, context in
      let reader = PartReader(stream.inbound)
      try await stream.outbound.write(.metadata([:]))
      try await accepted(reader)
      let session = try await dial.session(
        address: peerAddress(context.remotePeer), connection: connection(stream, reader))
      try await withThrowingTaskGroup(of: Void.self) { group in
        if let evidence {
          group.addTask { await carryEvidence(transport, session.peer, evidence) }
        }
        defer { group.cancelAll() }
        try await handler(session)
      }
      if let fault = session.fault { throw fault }
      await session.close()
      try await awaitClose(of: session)
    }
  }

  /// Keeps a stream for evidence open until the task is cancelled. One that fails, also because the
  /// parent is of a version without it, leaves the link as it is.
  private static func carryEvidence(
    _ transport: Posix, _ peer: CertifiedKey, _ evidence: @escaping EvidenceSession.Handler
  ) async {
    while !Task.isCancelled {
      try? await transport.withStream(descriptor: EvidenceCodec.method, options: options) {
        stream, _ in
        let reader = PartReader(stream.inbound)
        try await stream.outbound.write(.metadata([:]))
        try await accepted(reader)
        try await evidence(
          EvidenceSession(peer: peer, connection: connection(stream, reader)))
        await stream.outbound.finish()
      }
      try? await Task.sleep(for: LinkTuning.evidencePause)
    }
  }

  private static var options: CallOptions {
    var options = CallOptions.defaults
    options.waitForReady = false
    // The transport takes this for the limit of what it receives.
    options.maxRequestMessageBytes = ReplicationBounds.messageBytes
    options.maxResponseMessageBytes = ReplicationBounds.messageBytes
    return options
  }

  /// Waits for the parent's initial metadata, which say that it accepted the session.
  private static func accepted(_ reader: PartReader<RPCResponsePart<Posix.Bytes>>) async throws {
    switch try await reader.next() {
    case .metadata: return
    case .status(let status, _):
      throw TransportError(status)
        ?? TransportError(.closed, "the other side ended the session at once")
    case .message, nil: throw TransportError(.closed, "the other side accepted no session")
    }
  }

  private static func connection(
    _ stream: RPCStream<Posix.Inbound, Posix.Outbound>,
    _ reader: PartReader<RPCResponsePart<Posix.Bytes>>
  ) -> LinkSession.Connection {
    LinkSession.Connection(
      receive: {
        while let part = try await reader.next() {
          switch part {
          case .metadata: continue
          case .message(let bytes): return bytes.withUnsafeBytes { Array($0) }
          case .status(let status, _):
            if let error = TransportError(status) { throw error }
            return nil
          }
        }
        return nil
      },
      send: { try await stream.outbound.write(.message(Posix.Bytes($0))) },
      finish: { await stream.outbound.finish() })
  }

  /// What was sent is still on its way: leaving the stream now would drop it.
  private static func awaitClose(of session: LinkSession) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { while try await session.skip() {} }
      group.addTask { try await Task.sleep(for: LinkTuning.closing) }
      defer { group.cancelAll() }
      try await group.next()
    }
  }

  private func security(_ dial: Dial, _ expected: NodeName) throws -> Posix.TransportSecurity {
    try .mTLS(certificateReloader: LinkCredentials.Reloader(credentials: credentials)) { tls in
      tls.serverCertificateVerification = .noHostnameVerification
      tls.trustRoots = credentials.trustRoots
      tls.customVerificationCallback = PeerVerification.callback { [credentials, admit] chain, _ in
        switch PeerVerification.judge(chain, by: credentials.current.roots) {
        case .failure(let refusal): return dial.refuse(refusal)
        case .success(let peer):
          guard peer.key.name == expected else {
            return dial.refuse(.wrongNode(peer.key.name, expected: expected))
          }
          if let refusal = admit(peer.key) { return dial.refuse(refusal) }
          return dial.verified(peer)
        }
      }
    }
  }

  private static func config(_ dial: Dial, _ expected: NodeName) -> Posix.Config {
    .defaults { config in
      // Also the name asked for in TLS, where an address may not stand.
      config.http2.authority = "\(expected.region)"
      config.http2.targetWindowSize = LinkTuning.windowBytes
      config.http2.maxFrameSize = LinkTuning.frameBytes
      config.connection.flushCoalescing = nil
      // A ping of HTTP/2 waits behind the data that is under way, and its answer is waited for all the
      // same; the session has signs of life of its own.
      config.connection.keepalive = nil
      config.channelDebuggingCallbacks.onCreateTCPConnection = { channel in
        channel.eventLoop.makeCompletedFuture {
          dial.connected(
            channel, try Arrivals.count(channel, before: NIOSSLClientHandler.self))
          try ConnectionWatcher.watch(channel, behind: NIOSSLClientHandler.self) { error, _ in
            dial.failed(error)
          }
        }.flatMap { LinkTuning.prepare(channel) }
      }
    }
  }
}
