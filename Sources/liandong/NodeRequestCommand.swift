import ArgumentParser
import Identity
import Node
import Regions

/// `liandong node request REGION`: a key made on the node, and the request that the CA answers.
struct NodeRequestCommand: LiandongCommand {
  static let configuration = CommandConfiguration(
    commandName: "request", abstract: Text.nodeRequestAbstract.help)

  @OptionGroup var node: CertifiedNodeOptions
  @Option(
    help: ArgumentHelp(Text.deploymentHelp.help, valueName: "name"),
    transform: ArgumentReaders.deployment)
  var deployment: Deployment
  @OptionGroup var common: CommonOptions

  private struct Answer: Encodable {
    let schema = "liandong.node_request/1"
    let node: String
    let request: String
    let key: String
  }

  mutating func run(in context: CommandContext) async throws -> ExitStatus {
    let name = node.name(in: deployment)
    let made = try NodeRequest(name: name, hosts: node.hosts, language: context.language)
      .make(in: common.home(in: context))
    if context.output.isJSON {
      try context.output.json(
        Answer(node: name.uri, request: made.path, key: "\(made.key)"))
    } else {
      context.output.line(
        .nodeRequested(name.region.rawValue, tier: name.tier.name, path: made.path))
    }
    return .good
  }
}
