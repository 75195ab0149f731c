import Identity
import Regions
import Replication
import Store

/// What `topology apply` takes: the text of a topology file, which the caller has read.
package struct TopologyApplyArguments: Codable, Hashable, Sendable {
  package let text: String
  /// Whether to tell only what would change.
  package let dryRun: Bool

  package init(text: String, dryRun: Bool) {
    self.text = text
    self.dryRun = dryRun
  }
}

/// What `topology apply` answers: schema `liandong.topology_apply/1`.
package struct TopologyApplyAnswer: Codable, Hashable, Sendable {
  package let schema: String
  /// Whether anything is new in the ledger; with `dryRun`, would be.
  package let changed: Bool
  package let tree: Bool
  package let regionsDescribed: Int
  package let regionsChanged: Int
  package let regionsRemoved: [String]
  /// The regions with children that have no address: nobody can dial them.
  package let withoutAddress: [String]
  package let dryRun: Bool
}

extension NodeCommands {
  /// Publishes a topology draft at the hub; what the ledger says already adds nothing.
  ///
  /// A region without an address in the draft keeps the one that the ledger has for it.
  ///
  /// - Throws: `CommandError` of exit 77 elsewhere than at the hub, of exit 65 for a draft that has
  ///   faults, is another city's or contradicts what is permanent.
  package func applyTopology(
    _ arguments: TopologyApplyArguments, by person: ActingPerson
  ) async throws -> TopologyApplyAnswer {
    guard core.tier == .city else {
      throw CommandError(
        .notPermitted, .refused, zh: "只有市级节点能发布区域树,本节点是 \(core.region)",
        en: "only the hub publishes the tree, this node is \(core.region); run it there")
    }
    let draft = try topology(arguments.text)
    if arguments.dryRun {
      return try core.store.read { reader in
        let (topology, changes) = try changes(draft, in: reader)
        return Self.answer(topology, changes.summary, dryRun: true)
      }
    }
    // The next draft must find this one on the disk, or it would describe new regions again.
    return try await core.writer.write(weight: GroupWriter.groupWeight) { [self] transaction in
      let (topology, changes) = try changes(draft, in: transaction.reader)
      try TopologyPublisher.author(
        changes, actor: person.account, role: person.role, in: transaction)
      return Self.answer(topology, changes.summary, dryRun: false)
    }
  }

  private func topology(_ text: String) throws -> Topology {
    let topology: Topology
    switch TopologyFile.parse(text) {
    case .topology(let good): topology = good
    case .refused(let findings):
      let lines = findings.map {
        "\($0.line):\($0.column): \($0.message(in: language)) \($0.cure(in: language))"
      }.joined(separator: "\n")
      throw CommandError(.badField, .badData, zh: lines, en: lines)
    }
    let deployment = core.name.deployment.rawValue
    guard topology.deployment.rawValue == deployment, topology.linkTree.hub == core.region else {
      throw CommandError(
        .contradictsLedger, .badData,
        zh: "拓扑文件属于部署 \(topology.deployment)、市级 \(topology.linkTree.hub);"
          + "本节点属于部署 \(deployment)、是 \(core.region)",
        en: "the topology is that of deployment \(topology.deployment) with the hub "
          + "\(topology.linkTree.hub), this node is \(core.region) of \(deployment)")
    }
    return topology
  }

  private func changes(
    _ draft: Topology, in reader: StoreReader
  ) throws -> (Topology, TopologyPublisher.Changes) {
    let tree = try reader.signedTrees().newest
    let topology = try draft.listening { $1 ?? tree?.address(of: $0) }
    let changes = try TopologyPublisher.changes(
      topology, in: reader, rules: core.rules, salt: core.salt)
    return (topology, changes)
  }

  private static func answer(
    _ topology: Topology, _ summary: TopologyPublisher.Summary, dryRun: Bool
  ) -> TopologyApplyAnswer {
    let tree = topology.linkTree
    return TopologyApplyAnswer(
      schema: "liandong.topology_apply/1", changed: !summary.isEmpty, tree: summary.isTreeNew,
      regionsDescribed: summary.regionsDescribed, regionsChanged: summary.regionsChanged,
      regionsRemoved: summary.regionsRemoved.map(\.rawValue),
      withoutAddress: tree.entries.filter {
        $0.address == nil && !tree.children(of: $0.id).isEmpty
      }.map(\.id.rawValue), dryRun: dryRun)
  }
}
