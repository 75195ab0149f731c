import FoundationEssentials
import Identity
import Logging
import Regions
import Replication
import ServiceLifecycle
package import Transport

/// The parent's side of a node: listens for children and runs their sessions.
package struct LinkListener: Service {
  private let core: NodeCore
  private let credentials: LinkCredentials
  private let server: LinkServer
  private let onListening: @Sendable () -> Void

  /// - Parameters:
  ///   - evidence: carries the children's evidence.
  ///   - host: the address to listen at.
  ///   - port: 0 for a free one.
  ///   - mostChildren: how many may be connected at once.
  ///   - onListening: called once when children can dial.
  package init(
    core: NodeCore, evidence: EvidenceCarrier, credentials: LinkCredentials, host: String,
    port: Int, mostChildren: Int,
    onListening: @escaping @Sendable () -> Void
  ) throws {
    self.core = core
    self.onListening = onListening
    self.credentials = credentials
    self.server = try LinkServer(
      host: host, port: port, credentials: credentials, mostSessions: mostChildren,
      admit: { [core] peer in
        if let refusal = peer.linkRefusal(at: core.wallDate(), revoked: []) { return refusal }
        guard !core.links.isPaused else {
          return TransportError(.overloaded, "an operator paused this node's links")
        }
        guard peer.name.tier > core.tier else {
          return TransportError(
            .certificateRefused,
            "\(peer.name) does not stand below \(core.name); dial the parent that the tree names")
        }
        return nil
      },
      report: { [logger = core.logger] refusal, remote in
        logger.warning(
          "a connection was refused", metadata: ["remote": "\(remote)", "error": "\(refusal)"])
      },
      handler: { [core] session in
        let runner = LinkRunner(core: core, side: .parent, peer: session.peer.name.region)
        do {
          _ = try await runner.run(session)
        } catch {
          core.logger.info(
            "a child's session ended",
            metadata: ["peer": "\(session.peer.name.region)", "error": "\(error)"])
        }
      },
      evidence: { session in
        try await EvidenceRunner(carrier: evidence, peer: session.peer.name.region).run(session)
      })
  }

  /// The port that is listened at.
  package var port: Int? { get async { await server.port } }

  package func run() async throws {
    try await withGracefulShutdownHandler {
      async let announced: Void = announce()
      try await server.run()
      await announced
    } onGracefulShutdown: {
      core.links.stopAll(Goodbye(reason: .stopping, message: "the parent stops or restarts"))
      server.stop()
    }
  }
}

extension LinkListener {
  private func announce() async {
    if await port != nil { onListening() }
  }
}

extension NodeCore {
  func wallDate() -> Date { Date(timeIntervalSince1970: Double(wallMilliseconds()) / 1000) }
}
