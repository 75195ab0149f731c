import Foundation
import Identity
import Ledger
import Logging
import Node
import Regions
import Replication
import Store
import Synchronization
import Testing

/// A small provisioned city on the disk whose nodes carry out commands in this process. Nodes talk
/// only where a test carries their outboxes.
final class CommandsCity: Sendable {
  static let start: UInt64 = 1_795_420_800_000
  private let scratch: ScratchHome
  private let clock = Mutex(CommandsCity.start)

  /// - Parameters:
  ///   - townships: how many stand below the district `east`.
  ///   - names: what the first of them are called.
  init(townships: Int = 1, names: [String] = []) throws {
    scratch = try ScratchHome()
    let topology = try Self.topology(townships: townships, names: names)
    var generator = SystemRandomNumberGenerator()
    let plan = try ProvisionPlan(for: topology, host: "127.0.0.1", basePort: 9_000)
    let clocks = self.clocks
    _ = try Provisioner(output: scratch.path("city")).run(
      plan, at: Date(timeIntervalSince1970: Double(Self.start) / 1000), serialsFrom: &generator
    ) { topology, hub, folders in
      try InitialTree.publish(
        topology, hub: hub, folders: folders, software: "test", logger: Self.logger,
        clocks: clocks)
    }
  }

  /// Lets time pass.
  func turnClock(by milliseconds: UInt64) { clock.withLock { $0 += milliseconds } }

  static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  static func topology(townships: Int, names: [String] = []) throws -> Topology {
    func region(
      _ id: String, _ number: Int, _ name: String, _ tier: Tier, under parent: String?
    ) throws -> Topology.Region {
      Topology.Region(
        id: try #require(RegionID(id)), number: number, tier: tier,
        names: [Topology.Name(name)],
        codes: [Topology.DivisionCode(system: "nbs2023", code: "3207\(number)")],
        parent: try parent.map { try #require(RegionID($0)) }, managedBy: nil, address: nil,
        location: nil, departments: [Topology.Department(key: "ecology", name: "生态环境")])
    }
    return try Topology(
      deployment: try #require(RegionID("trial")),
      regions: [
        region("hub", 1, "港城市", .city, under: nil),
        region("east", 2, "东海区", .district, under: "hub"),
        region("west", 3, "西山区", .district, under: "hub"),
      ]
        + (0..<townships).map {
          try region(
            "lake\($0)", 10 + $0, $0 < names.count ? names[$0] : "湖\($0)镇", .township,
            under: "east")
        })
  }

  var clocks: NodeCore.Clocks {
    NodeCore.Clocks(
      wallMilliseconds: { [self] in
        clock.withLock {
          $0 += 10
          return $0
        }
      },
      monotonicMilliseconds: { 0 },
      randomBytes: { count in
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
      })
  }

  func home(_ region: String) throws -> HomeLayout {
    let folder = try #require(
      FileManager.default.subpathsOfDirectory(atPath: scratch.path("city")).first {
        $0.hasSuffix("/\(region)/node.yaml") || $0 == "\(region)/node.yaml"
      })
    return HomeLayout(path: scratch.path("city/" + folder.dropLast("/node.yaml".count)))
  }

  func path(_ name: String) -> String { scratch.path(name) }

  func write(_ text: String, to name: String) throws -> String {
    try scratch.write(text, to: name)
    return path(name)
  }

  /// Opens a node, making its store on the first call.
  func node(_ region: String) throws -> CommandsNode {
    let home = try home(region)
    if !FileManager.default.fileExists(atPath: home.database) {
      _ = try NodeInitialiser.run(
        home: home, software: "test", logger: Self.logger, clocks: clocks)
    }
    let core = try NodeCore.open(
      home: home, software: "test", logger: Self.logger, clocks: clocks)
    return CommandsNode(core: core, home: home)
  }
}

/// One open node of a `CommandsCity`, closed with its last reference.
final class CommandsNode: Sendable {
  let core: NodeCore
  let home: HomeLayout
  private let isClosed = Mutex(false)

  init(core: NodeCore, home: HomeLayout) {
    self.core = core
    self.home = home
  }

  deinit { try? close() }

  func close() throws {
    let wasClosed = isClosed.withLock { closed in
      defer { closed = true }
      return closed
    }
    if !wasClosed { try core.close() }
  }

  var commands: NodeCommands { NodeCommands(core: core, home: home, language: .en) }

  static func clerk(_ role: String = "platform_office") throws -> ActingPerson {
    try ActingPerson(account: "wang", role: role)
  }

  /// Brings everything that is queued for another node there, as a link would.
  @discardableResult
  func carry(to other: CommandsNode) throws -> [StoreEffects] {
    var all: [StoreEffects] = []
    for lane in Lane.allCases {
      var position: UInt64 = 0
      while true {
        guard try core.store.read({ try $0.outboxHeads(of: other.core.region)[lane] }) > position
        else { break }
        let (batch, chains) = try core.store.read {
          try $0.batch(
            for: other.core.region, lane: lane, from: position, maximumBytes: 1 << 20)
        }
        let shipment = Shipment(
          chains: Array(chains.values), commits: try batch.commits.map { try Commit($0) })
        let (outcome, effects) = try other.core.store.write(now: other.core.wallMilliseconds()) {
          try $0.take(shipment, from: self.core.region)
        }
        all.append(effects)
        try #require(outcome.setAside.isEmpty)
        position = batch.endPosition
      }
    }
    return all
  }

  /// A lead with only what is needed.
  func report(_ title: String = "夜间施工噪声") async throws -> ActAnswer {
    var arguments = LeadReportArguments(channel: "hotline_12345")
    arguments.title = title
    return try await commands.reportLead(arguments, by: Self.clerk())
  }
}

/// The `CommandError` that `body` throws.
func commandError(_ body: () async throws -> Void) async -> CommandError? {
  do {
    try await body()
    return nil
  } catch {
    return error as? CommandError
  }
}
