import Foundation
package import Ledger
package import Regions
import Replication
package import Store

/// Makes a topology draft part of the ledger: one signed tree, and one reference entity per region.
/// From then on the ledger is the source, and only what a later draft changes becomes events.
package enum TopologyPublisher {
  /// What publishing changes.
  package struct Summary: Hashable, Sendable {
    package var isTreeNew = false
    package var regionsDescribed = 0
    package var regionsChanged = 0
    /// The regions that the tree in force names and the draft does not. What they wrote stays.
    package var regionsRemoved: [RegionID] = []

    /// Whether the ledger says all of it already.
    package var isEmpty: Bool { !isTreeNew && regionsDescribed == 0 && regionsChanged == 0 }
  }

  /// What has to be written so that the ledger says what the draft says.
  package struct Changes: Sendable {
    package fileprivate(set) var summary = Summary()
    fileprivate var drafts: [EventDraft] = []
  }

  /// The most region events of one commit; each is well below a kibibyte or two.
  private static let eventsPerCommit = 64

  /// Compares a draft with the ledger.
  ///
  /// - Parameters:
  ///   - rules: the rules that new entities pin.
  ///   - salt: gives 16 random bytes for each event.
  /// - Throws: `CommandError` of exit 65 where the draft gives a region another number or tier than
  ///   the ledger, for these are permanent, or a number that another region has.
  package static func changes(
    _ topology: Topology, in reader: StoreReader, rules: Hash, salt: () -> [UInt8]
  ) throws -> Changes {
    let known = try RegionDirectory(reader: reader)
    let newest = try reader.signedTrees().newest
    try check(topology, against: known)
    var changes = Changes()
    let tree = topology.linkTree
    if newest != tree {
      changes.summary.isTreeNew = true
      changes.summary.regionsRemoved =
        newest?.entries.map(\.id).filter { !tree.contains($0) } ?? []
      let body = CanonicalValue.map(["rules": .bytes(rules.bytes), "regions": tree.canonical])
      changes.drafts.append(
        EventDraft(
          entity: nil, kind: SignedTree.kind, parents: [], audience: [.everyone], salt: salt(),
          body: body.encoded))
    }
    for region in topology.regions.sorted(by: { $0.id < $1.id }) {
      let body = RegionDirectory.body(of: region, rules: rules)
      if let entry = known.entry(region.id) {
        guard entry.body != body else { continue }
        changes.summary.regionsChanged += 1
        changes.drafts.append(
          EventDraft(
            entity: entry.entity, kind: "region.changed", parents: entry.heads, audience: [],
            salt: salt(), body: body))
      } else {
        changes.summary.regionsDescribed += 1
        changes.drafts.append(
          EventDraft(
            entity: nil, kind: "region.described", parents: [], audience: [.everyone],
            salt: salt(), body: body))
      }
    }
    return changes
  }

  /// Writes the changes as this node's commits.
  package static func author(
    _ changes: Changes, actor: String, role: String, in transaction: StoreTransaction
  ) throws {
    var rest = changes.drafts[...]
    while !rest.isEmpty {
      let part = rest.prefix(eventsPerCommit)
      rest = rest.dropFirst(part.count)
      _ = try transaction.author(actor: actor, role: role, lane: .bulk) { commit in
        for draft in part { commit.add(draft) }
      }
    }
  }

  /// Numbers begin the numbers of leads, and tiers stand in certificates: neither ever changes.
  private static func check(_ topology: Topology, against known: RegionDirectory) throws {
    let holders = Dictionary(
      known.regions.map { ($0.number, $0.id) }, uniquingKeysWith: { first, _ in first })
    for region in topology.regions {
      if let there = known.entry(region.id)?.region,
        there.number != region.number || there.tier != region.tier
      {
        throw CommandError(
          .contradictsLedger, .badData,
          zh: "\(region.id):台账中编号为 \(there.number)、层级为 \(there.tier.name),永不更改;请改拓扑文件",
          en: "\(region.id) has no \(there.number) and tier \(there.tier.name) in the ledger, "
            + "which are permanent; correct the topology file")
      }
      if let holder = holders[region.number], holder != region.id {
        throw CommandError(
          .contradictsLedger, .badData,
          zh: "\(region.id):编号 \(region.number) 在台账中属于 \(holder),永不重用;请换一个编号",
          en: "the no \(region.number) of \(region.id) is \(holder)'s in the ledger and is never "
            + "given again; choose another")
      }
    }
  }
}
