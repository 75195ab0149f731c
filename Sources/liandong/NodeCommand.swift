import ArgumentParser
import Foundation
import Identity
import Logging
import Node
import Regions
import Store

/// `liandong node`: what concerns this node as a whole.
struct NodeCommand: CommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "node", abstract: Text.nodeAbstract.help,
    subcommands: [NodeRequestCommand.self, NodeInitCommand.self])
}

/// `liandong node init`: makes the store of a provisioned folder.
struct NodeInitCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: Text.nodeInitAbstract.help)

  @OptionGroup var common: CommonOptions

  private struct Answer: Encodable {
    let schema = "liandong.node_init/1"
    let region: String
    let tier: String
    let incarnation: UInt32
  }

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    let home = common.home(in: context)
    let identity = try NodeInitialiser.run(
      home: home, software: Version.software, logger: context.logger(level: .warning),
      clocks: .system)
    if context.output.isJSON {
      try context.output.json(
        Answer(
          region: identity.region.rawValue, tier: identity.tier.name,
          incarnation: identity.incarnation))
    } else {
      context.output.line(.nodeInitialised(identity.region.rawValue, home.path))
    }
    return .good
  }
}

/// `liandong serve`: runs the node until it is told to stop.
struct ServeCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: Text.serveAbstract.help)

  /// How long a short command may hold the store before a node that starts gives up.
  private static let patience = Duration.seconds(5)

  @OptionGroup var common: CommonOptions

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    let home = common.home(in: context)
    let configuration = try NodeConfiguration.load(
      from: home, agreeingWith: home.keyStore.load().certified.name)
    let logger = context.logger(
      level: Logger.Level(rawValue: configuration.logLevel.rawValue) ?? .info)
    // The lock comes before the socket, so that there are never two writers.
    let core = try await open(home, logger, configuration.bounds)
    let router = CommandRouter(core: core, home: home, isRunning: true)
    let control = ControlServer(
      home: home, existing: .remove,
      describe: { error, language in ControlFailure(explaining: error, in: language) },
      report: { logger.warning("a caller was turned away", metadata: ["error": "\($0)"]) },
      handler: { request, write in try await router.handle(request, write) })
    let server = NodeServer(
      core: core, home: home, configuration: configuration, control: control,
      notifySocket: context.environment["NOTIFY_SOCKET"])
    let region = core.region
    try await server.run {
      logger.notice("the node serves", metadata: ["region": "\(region)"])
    }
    return .good
  }

  /// Opens the store; a command that holds it for a moment is waited for, another node is not.
  private func open(
    _ home: HomeLayout, _ logger: Logger, _ bounds: NodeConfiguration.Bounds
  ) async throws -> NodeCore {
    let deadline = ContinuousClock.now + Self.patience
    while true {
      do {
        return try NodeCore.open(
          home: home, software: Version.software, logger: logger, clocks: .system,
          bounds: bounds)
      } catch let error as StoreError where error.code == .locked {
        let isServed = await NodeCall.isServed(home)
        guard !isServed, ContinuousClock.now < deadline else { throw error }
      }
      try await Task.sleep(for: .milliseconds(50))
    }
  }
}
