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
  private let notifySocket: String?

  /// - Parameters:
  ///   - core: the opened node; it holds the store's lock.
  ///   - control: the server of the control socket, with the commands behind it.
  ///   - notifySocket: the value of `NOTIFY_SOCKET`.
  package init(
    core: NodeCore, configuration: NodeConfiguration, control: ControlServer,
    notifySocket: String?
  ) {
    self.core = core
    self.configuration = configuration
    self.control = control
    self.notifySocket = notifySocket
  }

  /// Runs until SIGTERM or SIGINT, then ends links and commands and closes the store.
  ///
  /// - Parameter onReady: called once when commands are taken.
  /// - Throws: what a service fails with: `TransportError` for the port, `ControlError` for the
  ///   socket.
  package func run(onReady: @escaping @Sendable () -> Void) async throws {
    let credentials = try LinkCredentials(core.credentials.load())
    var services: [any Service] = [
      IncarnationKeeper(core: core), CredentialsWatcher(core: core, credentials: credentials),
    ]
    if let listen = configuration.listen {
      services.append(
        try LinkListener(
          core: core, credentials: credentials, host: listen.host, port: listen.port,
          mostChildren: configuration.bounds.children))
    }
    if core.tier != .city {
      services.append(
        LinkDialler(
          core: core, credentials: credentials,
          configuredAddress: configuration.parent?.description))
    }
    services.append(ControlService(server: control, onReady: onReady))
    services.append(ServiceNotifier(socketPath: notifySocket))
    var group = ServiceGroupConfiguration(
      services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: core.logger)
    group.maximumGracefulShutdownDuration = .seconds(15)
    do {
      try await ServiceGroup(configuration: group).run()
    } catch {
      // The service's error says more than what closing after it may find.
      try? core.close()
      throw error
    }
    try core.close()
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

/// Puts a renewed certificate in force without a restart: new connections use it, open ones stay.
private struct CredentialsWatcher: Service {
  private static let interval = Duration.seconds(5)

  let core: NodeCore
  let credentials: LinkCredentials

  func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        // Cancelled is as good as slept: the loop looks at it next.
        try? await Task.sleep(for: Self.interval)
        if !Task.isCancelled { reload() }
      }
    }
  }

  private func reload() {
    do {
      let found = try core.credentials.load()
      guard found.chain != credentials.current.chain else { return }
      guard found.certified.name == core.name else {
        core.logger.error(
          "the new certificate is for another node and is not used",
          metadata: ["found": "\(found.certified.name)"])
        return
      }
      try credentials.replace(with: found)
      core.logger.notice(
        "a renewed certificate is in force",
        metadata: ["not_after": "\(found.certified.notAfter)"])
    } catch {
      core.logger.error(
        "the certificate in the node's folder cannot be used; the old one stays in force",
        metadata: ["error": "\(error)"])
    }
  }
}
