import Foundation
import Ledger
import Node
import Regions
import Replication
import Store
import Testing

/// The topology as part of the ledger.
@Suite(.timeLimit(.minutes(10))) struct CommandsTopologyTests {
  private func apply(_ text: String, at node: CommandsNode, dryRun: Bool = false) async throws
    -> TopologyApplyAnswer
  {
    try await node.commands.applyTopology(
      TopologyApplyArguments(text: text, dryRun: dryRun), by: CommandsNode.clerk())
  }

  private static func text(_ more: String = "", number: Int = 10) -> String {
    """
    deployment: trial
    regions:
      - {id: hub, no: 1, tier: city, names: 港城市}
      - {id: east, no: 2, tier: district, names: 东海区, parent: hub}
      - {id: west, no: 3, tier: district, names: 西山区, parent: hub}
      - {id: lake0, no: \(number), tier: township, names: 湖0镇, parent: east}
    \(more)

    """
  }

  private static let dune = "  - {id: dune, no: 20, tier: township, names: 沙丘镇, parent: west}"

  @Test func `only what a draft changes is written, and the second time nothing`() async throws {
    let city = try CommandsCity()
    let hub = try city.node("hub")
    let address = try hub.core.store.read {
      try $0.signedTrees().newest?.address(of: hub.core.region)
    }
    #expect(address != nil)
    let foreseen = try await apply(Self.text(Self.dune), at: hub, dryRun: true)
    let sequence = try hub.core.store.read { try $0.identity().sequence }
    let done = try await apply(Self.text(Self.dune), at: hub)
    #expect(foreseen.changed && foreseen.tree && foreseen.dryRun)
    #expect(done.regionsDescribed == 1 && done.regionsDescribed == foreseen.regionsDescribed)
    #expect(done.regionsChanged == foreseen.regionsChanged)
    #expect(done.regionsRemoved.isEmpty)
    let after = try hub.core.store.read { try $0.identity().sequence }
    #expect(after == sequence + 1)
    let tree = try hub.core.store.read { try $0.signedTrees().newest }
    #expect(tree?.parent(of: try #require(RegionID("dune"))) == RegionID("west"))
    #expect(tree?.address(of: hub.core.region) == address, "an address that no draft names stays")
    let again = try await apply(Self.text(Self.dune), at: hub)
    #expect(!again.changed && !again.tree && again.regionsDescribed + again.regionsChanged == 0)
    #expect(try hub.core.store.read { try $0.identity().sequence } == after)
    let removed = try await apply(Self.text(), at: hub, dryRun: true)
    #expect(removed.regionsRemoved == ["dune"])
  }

  @Test func `two drafts at the same time describe a region once`() async throws {
    let city = try CommandsCity()
    let hub = try city.node("hub")
    async let one = apply(Self.text(Self.dune), at: hub)
    async let two = apply(Self.text(Self.dune), at: hub)
    let answers = try await [one, two]
    #expect(answers.count(where: \.changed) == 1)
    #expect(try hub.core.store.read { try $0.regionEntities().count } == 5)
  }

  @Test func `a draft elsewhere, of another city or against what is permanent is refused`()
    async throws
  {
    let city = try CommandsCity()
    let east = try city.node("east")
    let hub = try city.node("hub")
    let elsewhere = await commandError { _ = try await apply(Self.text(), at: east) }
    #expect(elsewhere?.exit == .refused)
    let sequence = try hub.core.store.read { try $0.identity().sequence }
    for text in [
      Self.text().replacing("trial", with: "other"), Self.text(number: 11), "deployment: trial\n",
      Self.text("  - {id: dune, no: 20, tier: township, names: 沙丘镇, parent: nowhere}"),
      Self.text(Self.dune).replacing("lake0, no: 10", with: "lake9, no: 10"),
    ] {
      let error = await commandError { _ = try await apply(text, at: hub) }
      #expect(error?.exit == .badData, "\(text)")
    }
    #expect(try hub.core.store.read { try $0.identity().sequence } == sequence)
  }

  @Test func `no lead, contact or directive is in a bundle`() async throws {
    let city = try CommandsCity()
    let (hub, east, lake) = (try city.node("hub"), try city.node("east"), try city.node("lake0"))
    _ = try await lake.report()
    try lake.carry(to: east)
    try east.carry(to: hub)
    var issue = DirectiveIssueArguments(title: "应急")
    issue.toAll = true
    _ = try await hub.commands.issueDirective(issue, by: CommandsNode.clerk())
    #expect(try hub.core.store.read { try $0.figures().leads } == 1)
    let bundle = try TreeBundle.decode(TreeBundle.made(from: hub.home))
    let kinds = bundle.commits.flatMap { commit in commit.events.map(\.event.kind) }
    #expect(
      Set(kinds) == ["origin.opened", "region.described", "tree.published"], "\(Set(kinds))")
    #expect(kinds.count(where: { $0 == "origin.opened" }) == 2, "those of hub and district")
  }
}
