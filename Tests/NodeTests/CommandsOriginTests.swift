import Casework
import Identity
import Ledger
import Node
import Regions
import Replication
import Store
import Testing

/// Closing origins and declaring events lost, as commands.
@Suite(.timeLimit(.minutes(10))) struct CommandsOriginTests {
  /// A commit that a node's key signs beside its chain, with one act on a lead.
  private func forge(
    at node: CommandsNode, sequence: UInt64, on lead: EntityID, parents: [Hash],
    _ act: Act = .progress("planted")
  ) throws -> Commit {
    let signer = CommitSigner(privateKey: try node.core.credentials.load().key.privateKey)
    let origin = try node.core.store.read { try $0.identity() }.origin
    var draft = CommitDraft(
      stamp: Stamp(
        origin: origin, sequence: sequence,
        time: HybridTime(milliseconds: CommandsCity.start), actor: "wang", role: "officer",
        tier: node.core.tier, key: signer.key, lane: .bulk))
    draft.add(act.draft(entity: lead, heads: parents, salt: node.core.salt()))
    return try signer.seal(draft, previous: Hash(of: [9]))
  }

  private func take(_ commits: [Commit], from node: CommandsNode, at other: CommandsNode) throws {
    let peer = node.core.region
    let outcome = try other.core.store.write(now: other.core.wallMilliseconds()) {
      try $0.take(Shipment(chains: [], commits: commits), from: peer)
    }
    try #require(outcome.result.setAside.isEmpty)
  }

  private func close(
    _ incarnation: UInt32 = 1, at hub: CommandsNode, through: UInt64? = nil, except: [String] = [],
    dryRun: Bool = false, region: String = "lake0"
  ) async throws -> OriginCloseAnswer {
    var arguments = OriginCloseArguments(region: region, incarnation: incarnation)
    arguments.through = through
    arguments.except = except
    arguments.dryRun = dryRun
    return try await hub.commands.closeOrigin(arguments, by: CommandsNode.clerk())
  }

  private func origin(_ node: CommandsNode) throws -> OriginAnswer? {
    try node.commands.listOrigins().first { $0.region == "lake0" && $0.incarnation == 1 }
  }

  @Test func `the hub closes an origin, and two commits of a sequence must be told apart`()
    async throws
  {
    let city = try CommandsCity()
    let (hub, east, lake) = (try city.node("hub"), try city.node("east"), try city.node("lake0"))
    let lead = try #require(EntityID(text: try await lake.report().id))
    let root = try #require(try lake.core.store.read { try $0.entity(lead) }).heads
    try lake.carry(to: east)
    let forged = try forge(at: lake, sequence: 2, on: lead, parents: root)
    try take([forged], from: lake, at: east)
    try east.carry(to: hub)
    #expect(try origin(hub)?.commits == 3)
    #expect(try hub.commands.listOrigins().filter(\.own).map(\.region) == ["hub"])

    let undecided = await commandError { _ = try await close(at: hub) }
    #expect(undecided?.exit == .badData && undecided?.code == .ambiguous)
    #expect(undecided?.english.contains(forged.hash.description) == true)
    let forgedStart = String(forged.hash.description.prefix(8))
    let foreseen = try await close(at: hub, except: [forgedStart], dryRun: true)
    #expect((foreseen.good, foreseen.barred, foreseen.closure.value) == (2, 1, nil))
    #expect(try origin(hub)?.closed == false)
    let done = try await close(at: hub, except: [forgedStart])
    #expect((done.good, done.barred, done.dryRun) == (2, 1, false))
    let after = try #require(try origin(hub))
    #expect(after.closed && after.barred == 1 && !after.own)
    let state = try hub.core.store.read { try $0.entity(lead) }?.state
    #expect(state?.ineffective.map(\.reason) == [.originClosed])
    // What one closure bars, a second one neither asks about nor makes good.
    let second = try await close(at: hub, dryRun: true)
    #expect((second.good, second.barred) == (2, 1))

    // The closure goes down; the township writes again after its next start.
    try hub.carry(to: east)
    try east.carry(to: lake)
    #expect(try origin(east)?.barred == 1)
    let closed = await #expect(throws: StoreError.self) { _ = try await lake.report() }
    #expect(closed?.code == .originClosed)
    try lake.close()
    let again = try city.node("lake0")
    #expect(try await again.report().number?.contains("-2-") == true)
    #expect(try await again.commands.verify().ok)
  }

  @Test func `what cannot be closed is refused with the reason`() async throws {
    let city = try CommandsCity()
    let (hub, east, lake) = (try city.node("hub"), try city.node("east"), try city.node("lake0"))
    _ = try await lake.report()
    try lake.carry(to: east)
    try east.carry(to: hub)
    let elsewhere = await commandError { _ = try await close(at: east) }
    #expect(elsewhere?.exit == .refused && elsewhere?.code == .notPermitted)
    let own = try hub.core.store.read { try $0.identity() }.incarnation
    #expect(
      await commandError { _ = try await close(own, at: hub, region: "hub") }?.exit == .refused)
    #expect(await commandError { _ = try await close(7, at: hub) }?.code == .notFound)
    #expect(
      await commandError { _ = try await close(at: hub, region: "nowhere") }?.code
        == .unknownRegion)
    for except in ["", "abc", "0123456789", "zzzzzzzzzz"] {
      #expect(
        await commandError { _ = try await close(at: hub, except: [except]) }?.code == .badField)
    }
    let none = try await close(at: hub, through: 0, dryRun: true)
    #expect(none.good == 0 && none.barred == 2)
  }

  @Test func `what waits names its need, and the hub declares it lost`() async throws {
    let city = try CommandsCity()
    let (hub, east, lake) = (try city.node("hub"), try city.node("east"), try city.node("lake0"))
    let report = try await lake.report()
    let lead = try #require(EntityID(text: report.id))
    let root = try #require(try lake.core.store.read { try $0.entity(lead) }).heads
    try lake.carry(to: east)
    #expect(try east.commands.status(isRunning: false).waiting == 0)
    let lost = Hash(of: [7])
    let orphan = try forge(at: lake, sequence: 9, on: lead, parents: root + [lost])
    try take([orphan], from: lake, at: east)
    try east.carry(to: hub)
    #expect(try hub.commands.status(isRunning: false).waiting == 1)
    let waiting = try #require(try hub.commands.listWaiting(WaitingListArguments()).first)
    for limit in [-1, 0, 1_001] {
      var none = WaitingListArguments()
      none.limit = limit
      #expect(await commandError { _ = try hub.commands.listWaiting(none) }?.code == .badField)
    }
    #expect(waiting.entity == report.id && waiting.number == report.number)
    #expect(waiting.needs.map(\.kind) == ["event"])
    #expect(waiting.needs.map(\.hash) == [lost.description])
    #expect(waiting.ends == ["hub", "neighbour"] && waiting.events == 1)
    #expect(waiting.since.value != nil)

    var arguments = DeclareLostArguments(entity: try #require(report.number))
    let elsewhere = await commandError {
      _ = try await east.commands.declareLost(arguments, by: CommandsNode.clerk())
    }
    #expect(elsewhere?.exit == .refused)
    arguments.events = ["01234567"]
    let unknown = await commandError {
      _ = try await hub.commands.declareLost(arguments, by: CommandsNode.clerk())
    }
    #expect(unknown?.code == .badField)
    // Named twice it is one.
    arguments.events = [10, 12].map { String(lost.description.prefix($0)) }
    let done = try await hub.commands.declareLost(arguments, by: CommandsNode.clerk())
    #expect(done.lost == [lost.description] && done.missing.isEmpty)
    #expect(try hub.commands.listWaiting(WaitingListArguments()).isEmpty)
    let again = await commandError {
      _ = try await hub.commands.declareLost(arguments, by: CommandsNode.clerk())
    }
    #expect(again?.code == .notFound)
    try hub.carry(to: east)
    #expect(try east.commands.status(isRunning: false).waiting == 0)
    #expect(try east.core.store.read { try $0.entity(lead) }?.state?.facts.count == 1)
  }

  @Test func `a missing founding event cannot be declared lost`() async throws {
    let city = try CommandsCity()
    let (hub, east, lake) = (try city.node("hub"), try city.node("east"), try city.node("lake0"))
    let report = try await lake.report()
    let lead = try #require(EntityID(text: report.id))
    let root = try #require(try lake.core.store.read { try $0.entity(lead) }).heads
    let act = try forge(at: lake, sequence: 9, on: lead, parents: root)
    let chains = try lake.core.store.read { reader in
      [try reader.chain(of: act.stamp.key)].compactMap { $0 }
    }
    _ = try hub.core.store.write(now: hub.core.wallMilliseconds()) {
      try $0.take(Shipment(chains: chains, commits: [act]), from: east.core.region)
    }
    let waiting = try #require(try hub.commands.listWaiting(WaitingListArguments()).first)
    #expect(waiting.family.value == nil && waiting.ends == ["neighbour"])
    let refusal = await commandError {
      _ = try await hub.commands.declareLost(
        DeclareLostArguments(entity: report.id), by: CommandsNode.clerk())
    }
    #expect(refusal?.code == .waiting && refusal?.exit == .refused)
  }
}
