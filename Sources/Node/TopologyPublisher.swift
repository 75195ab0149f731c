import Foundation
import Ledger
package import Logging
package import Regions
import Replication
import Store

/// Makes a topology draft part of the ledger: one signed tree, and one reference entity per region.
/// From then on the ledger is the source.
package enum TopologyPublisher {
  /// What publishing changed.
  package struct Summary: Hashable, Sendable {
    package var isTreeNew = false
    package var regionsDescribed = 0
    package var regionsChanged = 0
  }

  /// The most region events of one commit; each is well below a kibibyte or two.
  private static let eventsPerCommit = 64

  /// Publishes at the hub.
  ///
  /// - Throws: `StoreError` where this node is not the topology's hub.
  package static func publish(
    _ topology: Topology, at core: NodeCore, actor: String, role: String
  ) throws -> Summary {
    let tree = topology.linkTree
    guard core.tier == .city, tree.hub == core.region else {
      throw StoreError(
        .refused, "only the hub \(tree.hub) can publish its topology, this node is \(core.region)")
    }
    let (known, newest) = try core.store.read {
      (try RegionDirectory(reader: $0), try $0.signedTrees().newest)
    }
    var summary = Summary()
    var drafts: [EventDraft] = []
    if newest != tree {
      summary.isTreeNew = true
      let body = CanonicalValue.map([
        "rules": .bytes(core.rules.bytes), "regions": tree.canonical,
      ])
      drafts.append(
        EventDraft(
          entity: nil, kind: SignedTree.kind, parents: [], audience: [.everyone],
          salt: core.salt(), body: body.encoded))
    }
    for region in topology.regions.sorted(by: { $0.id < $1.id }) {
      let body = RegionDirectory.body(of: region, rules: core.rules)
      guard let entry = known.entry(region.id) else {
        summary.regionsDescribed += 1
        drafts.append(
          EventDraft(
            entity: nil, kind: "region.described", parents: [], audience: [.everyone],
            salt: core.salt(), body: body))
        continue
      }
      guard entry.body != body else { continue }
      summary.regionsChanged += 1
      drafts.append(
        EventDraft(
          entity: entry.entity, kind: "region.changed", parents: entry.heads, audience: [],
          salt: core.salt(), body: body))
    }
    _ = try core.store.write(now: core.wallMilliseconds()) { transaction in
      var rest = drafts[...]
      while !rest.isEmpty {
        let part = rest.prefix(eventsPerCommit)
        rest = rest.dropFirst(part.count)
        _ = try transaction.author(actor: actor, role: role, lane: .bulk) { commit in
          for draft in part { commit.add(draft) }
        }
      }
    }
    return summary
  }
}

/// Publishes a provisioned city's topology: the hub's store is made, the signed tree written into it,
/// and every other folder gets the bundle with which `node init` begins.
package enum InitialTree {
  /// It may be called again for a city that it has published, and then changes nothing.
  package static func publish(
    _ topology: Topology, hub: HomeLayout, folders: [RegionID: HomeLayout], software: String,
    logger: Logger, clocks: NodeCore.Clocks
  ) throws {
    _ = try NodeInitialiser.run(home: hub, software: software, logger: logger, clocks: clocks)
    let core = try NodeCore.open(home: hub, software: software, logger: logger, clocks: clocks)
    defer { try? core.close() }
    _ = try TopologyPublisher.publish(topology, at: core, actor: "provision", role: "system")
    let bytes = TreeBundle.encode(try core.store.read { try $0.everything() })
    for folder in folders.values where folder != hub {
      try Data(bytes).write(to: URL(filePath: folder.tree), options: .atomic)
    }
  }
}
