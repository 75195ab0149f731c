import GRPCCore
import GRPCNIOTransportHTTP2
import Identity
import NIOCore
import Replication
import Wire

/// The parent's end of its links: listens, and runs a session for each child that it admits.
///
/// Every connection is mutual TLS. A chain that proves no node of this deployment ends the handshake;
/// a node that may not link (`admit`) is told so by the status of its stream. Both are reported.
package final class LinkServer: Sendable {
  package typealias Handler = @Sendable (_ session: LinkSession) async throws -> Void
  package typealias Report =
    @Sendable (_ refusal: TransportError, _ remoteAddress: String) -> Void

  private let transport: HTTP2ServerTransport.Posix
  private let address: String
  private let credentials: LinkCredentials
  private let connections: ServerConnections
  private let places: SessionPlaces
  private let stopWithin: Duration
  private let admit: LinkAdmission
  private let report: Report
  private let handler: Handler
  private let evidence: EvidenceSession.Handler?
  private let evidencePlaces: SessionPlaces
  private let (stopRequests, stopRequest) = AsyncStream.makeStream(of: Never.self)

  /// - Parameters:
  ///   - host: an IP address of this machine; `0.0.0.0` or `::` for all.
  ///   - port: 0 for one that is free.
  ///   - mostSessions: further children are refused as overloaded.
  ///   - stopWithin: how long sessions may go on after ``stop()``.
  ///   - admit: asked for each new session.
  ///   - report: told of each connection and session that was refused; called on threads of the
  ///     network.
  ///   - handler: owns a session from its opening; the session ends when it returns. Its error, if it
  ///     throws a `TransportError`, is told to the other side.
  ///   - evidence: the same for the streams that carry evidence, of which there may be as many; `nil`
  ///     serves none.
  /// - Throws: `TransportError`: credentials unusable.
  package init(
    host: String, port: Int, credentials: LinkCredentials,
    mostSessions: Int = ReplicationBounds.children, stopWithin: Duration = .seconds(5),
    admit: @escaping LinkAdmission, report: @escaping Report, handler: @escaping Handler,
    evidence: EvidenceSession.Handler? = nil
  ) throws {
    self.address = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    self.credentials = credentials
    self.connections = ServerConnections()
    self.places = SessionPlaces(most: mostSessions)
    self.stopWithin = stopWithin
    self.admit = admit
    self.report = report
    self.handler = handler
    self.evidence = evidence
    self.evidencePlaces = SessionPlaces(most: mostSessions)
    self.transport = HTTP2ServerTransport.Posix(
      address: host.contains(":") ? .ipv6(host: host, port: port) : .ipv4(host: host, port: port),
      transportSecurity: try Self.security(credentials, connections),
      config: Self.config(connections, report))
    transport.configure(context: Self.context)
  }

  /// The port that is listened at; waits until it is. `nil` if listening failed or is over.
  package var port: Int? {
    get async {
      guard let address = try? await transport.listeningAddress else { return nil }
      return address.ipv4?.port ?? address.ipv6?.port
    }
  }

  /// Listens until ``stop()``, then until the sessions are over, at most as long as was said at the
  /// beginning. Call it once.
  ///
  /// - Throws: `TransportError`: port in use, address unusable, closed.
  package func run() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await self.listen() }
      group.addTask {
        for await _ in self.stopRequests {}
        self.transport.beginGracefulShutdown()
        try? await Task.sleep(for: self.stopWithin)
      }
      // Either listening ended, or the time to end it is over.
      defer { group.cancelAll() }
      try await group.next()
    }
  }

  /// Takes no new session, and ends ``run()`` when the open ones are over or their time is up.
  package func stop() { stopRequest.finish() }

  private func listen() async throws {
    do {
      try await transport.listen { stream, context in await self.serve(stream, context) }
    } catch {
      if Task.isCancelled { return }
      throw TransportError(listenFailure: error, address: address)
    }
  }
}

// Sessions.
extension LinkServer {
  typealias Posix = HTTP2ServerTransport.Posix
  private typealias Stream = RPCStream<Posix.Inbound, Posix.Outbound>

  private func serve(_ stream: Stream, _ context: ServerContext) async {
    do {
      try await converse(stream, context)
    } catch {
      let remote = peerAddress(context.remotePeer)
      report(error, remote)
      try? await stream.outbound.write(.status(error.status, [:]))
    }
    await stream.outbound.finish()
  }

  /// Opens a session or throws why there is none.
  private func converse(
    _ stream: Stream, _ context: ServerContext
  ) async throws(TransportError) {
    let method = stream.descriptor.fullyQualifiedMethod
    let isLink = method == FrameCodec.method.fullyQualifiedMethod
    let evidence = method == EvidenceCodec.method.fullyQualifiedMethod ? self.evidence : nil
    guard isLink || evidence != nil else {
      throw TransportError(.notALink, "this node serves no \(stream.descriptor)")
    }
    let facts = await connections.facts(remote: context.remotePeer, local: context.localPeer)
    guard let facts else {
      throw TransportError(.closed, "the connection is gone, or TLS says nothing of it")
    }
    // Judged again: the roots in force may be others than at the handshake.
    let peer = try PeerVerification.judge(facts.chain, by: credentials.current.roots).get()
    if let refusal = admit(peer.key) { throw refusal }
    let places = isLink ? self.places : evidencePlaces
    guard places.take() else {
      throw TransportError(.overloaded, "this node has as many sessions as it may; try again later")
    }
    defer { places.giveBack() }
    await withTaskExecutorPreference(LoopExecutor(facts.loop)) {
      if let evidence {
        let session = EvidenceSession(peer: peer.key, connection: Self.connection(stream))
        return await carry(stream, session, evidence)
      }
      await converse(
        stream,
        LinkSession(
          peer: peer, tlsVersion: facts.tlsVersion,
          remoteAddress: peerAddress(context.remotePeer), arrivals: facts.arrivals,
          connection: Self.connection(stream)))
    }
  }

  private func carry(
    _ stream: Stream, _ session: EvidenceSession, _ evidence: EvidenceSession.Handler
  ) async {
    var ending = Status(code: .ok, message: "")
    do {
      try await stream.outbound.write(.metadata([:]))
      try await evidence(session)
    } catch {
      ending =
        (error as? TransportError)?.status
        ?? Status(code: .unavailable, message: "the stream of evidence ended")
    }
    try? await stream.outbound.write(.status(ending, [:]))
  }

  private func converse(_ stream: Stream, _ session: LinkSession) async {
    let ending: Status
    do {
      try await stream.outbound.write(.metadata([:]))
      try await handler(session)
      ending = session.fault?.status ?? Status(code: .ok, message: "")
    } catch {
      ending =
        (session.fault ?? error as? TransportError)?.status
        ?? Status(code: .unavailable, message: "the session ended")
    }
    await session.end { try? await stream.outbound.write(.status(ending, [:])) }
  }

  private static func connection(_ stream: Stream) -> LinkSession.Connection {
    let reader = PartReader(stream.inbound)
    return LinkSession.Connection(
      receive: {
        while let part = try await reader.next() {
          guard case .message(let bytes) = part else { continue }
          return bytes.withUnsafeBytes { Array($0) }
        }
        return nil
      },
      send: { try await stream.outbound.write(.message(Posix.Bytes($0))) },
      finish: { try? await stream.outbound.write(.status(Status(code: .ok, message: ""), [:])) })
  }
}
