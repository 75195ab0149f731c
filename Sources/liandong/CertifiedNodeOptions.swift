import ArgumentParser
import Identity
import Regions

/// Which node a certificate is for, and at what addresses it is found.
struct CertifiedNodeOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(Text.regionHelp.help, valueName: "region"),
    transform: ArgumentReaders.region)
  var region: RegionID
  @Option(
    help: ArgumentHelp(Text.tierHelp.help, valueName: "tier"), transform: ArgumentReaders.tier)
  var tier: Tier
  @Option(
    name: .customLong("host"), help: ArgumentHelp(Text.hostHelp.help, valueName: "host"),
    transform: ArgumentReaders.host)
  var hosts: [HostName] = []

  func name(in deployment: Deployment) -> NodeName {
    NodeName(deployment: deployment, tier: tier, region: region)
  }
}
