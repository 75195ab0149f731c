import ArgumentParser
import Foundation
import Identity
import Logging
import Node
import Regions

/// `liandong provision TOPOLOGY --out DIR`: a ready folder for every node of a city.
struct ProvisionCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "provision", abstract: Text.provisionAbstract.help)

  @Argument(help: ArgumentHelp(Text.topologyFileHelp.help, valueName: "topology"))
  var topology: String
  @Option(help: ArgumentHelp(Text.outputFolderHelp.help, valueName: "dir"))
  var out: String
  @Option(help: ArgumentHelp(Text.provisionAuthorityHelp.help, valueName: "dir"))
  var ca: String?
  @Option(help: ArgumentHelp(Text.provisionHostHelp.help, valueName: "host"))
  var host: String?
  @Option(
    name: .customLong("base-port"),
    help: ArgumentHelp(Text.basePortHelp.help, valueName: "port"))
  var basePort = ProvisionPlan.defaultBasePort
  @Flag(help: ArgumentHelp(Text.resumeHelp.help))
  var resume = false
  @OptionGroup var common: CommonOptions

  /// Where nodes are reached when nobody says otherwise.
  private static let loopback = "127.0.0.1"

  private struct Answer: Encodable {
    struct Node: Encodable {
      let region: String
      let tier: String
      let parent: String?
      let address: String?
      let folder: String
      let new: Bool
    }
    let schema = "liandong.provision/1"
    let deployment: String
    let ca: String
    let nodes: [Node]
  }

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    let output = context.output
    let homeOnNode = try homeOnNode()
    let given = try InputFile(path: topology).topology()
    let plan = try ProvisionPlan(for: given, host: host ?? Self.loopback, basePort: basePort)
    if host == nil, plan.topology != given { output.note(.loopbackHost(Self.loopback)) }
    let provisioner = Provisioner(
      output: out, authorityFolder: ca, resumes: resume, homeOnNode: homeOnNode,
      language: context.language)
    var generator = SystemRandomNumberGenerator()
    let result = try provisioner.run(
      plan, at: context.now(), serialsFrom: &generator,
      progress: { done, region in
        output.progress(done, of: plan.nodes.count, .provisioned(region.rawValue))
      },
      publish: { topology, hub, folders in
        try InitialTree.publish(
          topology, hub: hub, folders: folders, software: Version.software,
          logger: context.logger(level: .warning), clocks: .system)
      })
    let made = result.nodes.count { $0.isNew }
    guard output.isJSON else {
      output.line(
        .provisionDone(
          made: made, kept: result.nodes.count - made, path: out, authority: result.authority))
      return .good
    }
    let nodes = result.nodes.map {
      Answer.Node(
        region: $0.node.name.region.rawValue, tier: $0.node.name.tier.name,
        parent: $0.node.parent?.rawValue, address: $0.node.address?.description,
        folder: $0.home.path, new: $0.isNew)
    }
    try output.json(
      Answer(deployment: plan.deployment.rawValue, ca: result.authority, nodes: nodes))
    return .good
  }

  /// Where each folder will stand on its own machine. The environment's home is this machine's node
  /// and says nothing of the others.
  private func homeOnNode() throws -> HomeLayout {
    guard let home = common.home else { return HomeLayout(path: HomeLayout.defaultPath) }
    let isPlain = home.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    guard home.hasPrefix("/"), isPlain else {
      throw CommandFailure(.usage, code: "usage", .homeNotAbsolute(home))
    }
    return HomeLayout(path: home)
  }
}
