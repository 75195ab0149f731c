import FoundationEssentials
import Identity
import Logging
import Regions
import ServiceLifecycle
import Transport
import UnixSignals

/// One running node: its services in order of dependence, stopped in reverse.
package struct NodeServer: Sendable {
  private let core: NodeCore
  private let configuration: NodeConfiguration
  private let control: ControlServer
  private let home: HomeLayout
  private let notifySocket: String?

  /// - Parameters:
  ///   - core: the opened node; it holds the store's lock.
  ///   - home: the node's folder.
  ///   - control: the server of the control socket, with the commands behind it.
  ///   - notifySocket: the value of `NOTIFY_SOCKET`.
  package init(
    core: NodeCore, home: HomeLayout, configuration: NodeConfiguration, control: ControlServer,
    notifySocket: String?
  ) {
    self.core = core
    self.home = home
    self.configuration = configuration
    self.control = control
    self.notifySocket = notifySocket
  }

  /// Runs until SIGTERM or SIGINT, then ends links and commands and closes the store.
  ///
  /// - Parameter onReady: called once when commands are taken and, where this node has children, they
  ///   can dial.
  /// - Throws: what a service fails with: `TransportError` for the port, `ControlError` for the
  ///   socket.
  package func run(onReady: @escaping @Sendable () -> Void) async throws {
    do {
      try await serve(onReady)
    } catch {
      // The service's error says more than what closing after it may find.
      try? core.close()
      throw error
    }
    try core.close()
  }

  private func serve(_ onReady: @escaping @Sendable () -> Void) async throws {
    let credentials = try LinkCredentials(core.credentials.load())
    let evidence = EvidenceCarrier(core: core, folder: try EvidenceFolder.open(in: home))
    // Ready is who takes commands and, where it is configured, children.
    let readiness = Readiness(parts: configuration.listen == nil ? 1 : 2, onReady: onReady)
    var services: [any Service] = [
      IncarnationKeeper(core: core), CredentialsWatcher(core: core, credentials: credentials),
      MissingKeeper(core: core), WarningKeeper(core: core), DeliveryKeeper(core: core),
      EvidenceKeeper(carrier: evidence, policy: configuration.evidence),
      MemoryKeeper(store: core.store),
    ]
    if let listen = configuration.listen {
      services.append(
        try LinkListener(
          core: core, evidence: evidence, credentials: credentials, host: listen.host,
          port: listen.port, mostChildren: configuration.bounds.children,
          onListening: { readiness.partIsReady() }))
    }
    if core.tier != .city {
      services.append(
        LinkDialler(
          core: core, evidence: evidence, credentials: credentials,
          configuredAddress: configuration.parent?.description))
    }
    services.append(ControlService(server: control, onReady: { readiness.partIsReady() }))
    services.append(ServiceNotifier(socketPath: notifySocket, readiness: readiness))
    var group = ServiceGroupConfiguration(
      services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: core.logger)
    group.maximumGracefulShutdownDuration = .seconds(15)
    try await ServiceGroup(configuration: group).run()
  }
}

/// The control socket as a service.
private struct ControlService: Service {
  let server: ControlServer
  let onReady: @Sendable () -> Void

  func run() async throws {
    try await cancelWhenGracefulShutdown { try await server.run(onListening: onReady) }
  }
}

/// Opens a new incarnation where a peer turned out to hold commits that this store lost.
private struct IncarnationKeeper: Service {
  let core: NodeCore

  func run() async throws {
    try await cancelWhenGracefulShutdown {
      for await former in core.incarnationRequests {
        try await core.openIncarnation(leaving: former)
      }
    }
  }
}
