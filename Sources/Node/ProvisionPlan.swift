package import Identity
package import Regions

/// Which nodes a city gets, and at which addresses: worked out before anything is written.
package struct ProvisionPlan: Sendable {
  /// One node to be made.
  package struct Node: Hashable, Sendable {
    /// The name that its certificate will prove.
    package let name: NodeName
    /// The region above on the network; `nil` at the hub.
    package let parent: RegionID?
    /// Where it listens for its children; `nil` for a node without children and address.
    package let address: ConfigurationAddress?
  }

  /// The topology, with the address of every node that listens.
  package let topology: Topology
  /// The deployment's word in certificates.
  package let deployment: Deployment
  /// The nodes in the document's order.
  package let nodes: [Node]

  /// The port of the first node that has no address in the topology.
  package static let defaultBasePort = 7_420

  /// Gives each node its address: the topology's own, else `host` and `basePort` plus a number for
  /// those that have children. The numbers count all nodes with children in the document's order,
  /// so that a second run gives the same ones.
  ///
  /// - Throws: ``ProvisionError``: the host is no host, the ports do not suffice, or two nodes
  ///   would listen at one address.
  package init(
    for topology: Topology, host: String, basePort: Int = ProvisionPlan.defaultBasePort
  ) throws {
    guard let deployment = Deployment(topology.deployment.rawValue) else {
      throw ProvisionError(.badAddress, "\(topology.deployment) is no deployment's name")
    }
    var number = 0
    var nodes: [Node] = []
    var regions: [Topology.Region] = []
    for region in topology.regions {
      var address: ConfigurationAddress?
      let hasChildren = !topology.linkTree.children(of: region.id).isEmpty
      if let text = region.address {
        guard let given = ConfigurationAddress(text) else {
          throw ProvisionError(
            .badAddress,
            "the address \(text) of \(region.id) is none; write host:port in the topology")
        }
        address = given
      } else if hasChildren {
        guard let made = ConfigurationAddress(host: host, port: basePort + number) else {
          throw ProvisionError(
            .badAddress,
            "\(host) with port \(basePort + number) for \(region.id) is no address; name a host "
              + "or IP address with --host, and ports up to 65535 with --base-port")
        }
        address = made
      }
      if hasChildren { number += 1 }
      nodes.append(
        Node(
          name: NodeName(deployment: deployment, tier: region.tier, region: region.id),
          parent: region.linkParent, address: address))
      regions.append(region.listening(at: address?.description))
    }
    var holders: [ConfigurationAddress: RegionID] = [:]
    for node in nodes {
      guard let address = node.address else { continue }
      if let other = holders.updateValue(node.name.region, forKey: address) {
        throw ProvisionError(
          .badAddress,
          "\(other) and \(node.name.region) would both listen at \(address); give one another "
            + "address in the topology, or another --base-port")
      }
    }
    self.deployment = deployment
    self.nodes = nodes
    self.topology = try Topology(deployment: topology.deployment, regions: regions)
  }
}

extension ProvisionPlan.Node {
  /// The settings that the node begins with: it listens on its own address if that is an IP
  /// address, else on every address of its machine, and finds its parent by the tree.
  package func configuration(in language: Language) -> NodeConfiguration {
    let listen = address.flatMap { address in
      address.isIPAddress
        ? address : ConfigurationAddress(host: "0.0.0.0", port: address.port)
    }
    return NodeConfiguration(name: name, listen: listen, language: language)
  }

  /// The DNS or IP name for its certificate.
  var hosts: [HostName] { address.flatMap { HostName($0.host) }.map { [$0] } ?? [] }
}
