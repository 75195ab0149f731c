import Casework
import Foundation
import Ledger
import Logging
import Node
import Regions
import Store
import Synchronization

/// A hub that has two years of casework in its store. It is built once through the ordinary commit
/// path and kept: what a run adds to it stays there.
struct CaseworkStore {
  /// The program's layout of this store: another one is built anew.
  private static let layout = "1"
  static let townships = 96
  static let firstTownshipNumber = 101
  private static let districts = 6
  private static let span: UInt64 = 700 * 86_400_000
  /// The sweep that a running node does each minute is done this often in the store's own time.
  private static let sweepEvery: UInt64 = 2 * 3_600_000
  private static let eventsPerCommit = 50
  private static let commitsPerTransaction = 10
  static let hub = "hub"
  private static let hubNumber = 1
  private static let sayEvery = 500_000

  let leads: Int
  private let folder: String

  /// - Parameters:
  ///   - folder: where the store is kept.
  ///   - leads: how many it has once it is built.
  init(below folder: String, leads: Int) {
    self.leads = leads
    self.folder = folder + "/casework-\(Self.layout)-\(leads)"
  }

  var home: HomeLayout { HomeLayout(path: folder + "/" + Self.hub) }
  private var doneMark: String { folder + "/built" }

  /// Opens the hub's store in this process, by this machine's clocks.
  func open() throws -> NodeCore { try open(clocks: .system) }

  private func open(clocks: NodeCore.Clocks) throws -> NodeCore {
    try NodeCore.open(
      home: home, software: BenchCity.software, logger: BenchCity.logger, clocks: clocks)
  }

  /// Builds the store unless it is there.
  ///
  /// - Parameter process: the text of the process file that is in force from the first.
  func build(process: String, say: (String) -> Void) async throws {
    guard !FileManager.default.fileExists(atPath: doneMark) else { return }
    try? FileManager.default.removeItem(atPath: folder)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let clock = StoreClock(at: StageClock.wallMilliseconds() - Self.span)
    try provision(by: clock.clocks)
    let core = try open(clocks: clock.clocks)
    do {
      defer { try? core.close() }
      try await fill(core, clock, process: process, say)
    }
    guard FileManager.default.createFile(atPath: doneMark, contents: nil) else {
      throw BenchError("cannot write \(doneMark)")
    }
  }

  private func provision(by clocks: NodeCore.Clocks) throws {
    let text = Self.topology(port: try BenchCity.freePorts(1)[0])
    guard case .topology(let topology) = TopologyFile.parse(text) else {
      throw BenchError("the benchmark's own topology is refused")
    }
    let plan = try ProvisionPlan(for: topology, host: "127.0.0.1")
    var numbers = SystemRandomNumberGenerator()
    _ = try Provisioner(output: folder).run(plan, at: Date(), serialsFrom: &numbers) {
      topology, hub, folders in
      try InitialTree.publish(
        topology, hub: hub, folders: folders, software: BenchCity.software,
        logger: BenchCity.logger, clocks: clocks)
    }
    try ControlClient(home: home).checkPath()
  }

  private func fill(
    _ core: NodeCore, _ clock: StoreClock, process: String, _ say: (String) -> Void
  ) async throws {
    let person = try ActingPerson(account: "bench", role: "administrator")
    let applied = try await NodeCommands(core: core, home: home, language: .en)
      .applyProcess(ProcessApplyArguments(text: process), by: person)
    guard let rules = Hash(hex: applied.process) else {
      throw BenchError("the published process has no hash")
    }
    var workload = CaseworkWorkload(
      seed: 1, rules: rules, hub: core.region, places: Self.places)
    let perTransaction = Self.eventsPerCommit * Self.commitsPerTransaction
    let transactions = max(1, leads * CaseworkWorkload.eventsPerLead / perTransaction)
    let step = Self.span / UInt64(transactions + 1)
    var (sweptAt, said, warnings) = (clock.now, 0, 0)
    while true {
      clock.pass(step)
      let now = clock.now
      let written = try core.store.write(now: now) { transaction in
        var written = 0
        for _ in 0..<Self.commitsPerTransaction {
          written += try workload.write(
            events: Self.eventsPerCommit, until: leads, at: now, in: transaction)
        }
        return written
      }.result
      if now - sweptAt >= Self.sweepEvery || written == 0 {
        warnings += try await core.sweepWarnings().warnings
        sweptAt = now
      }
      if workload.events - said >= Self.sayEvery {
        said = workload.events
        say("\(workload.leads) leads, \(said) events, \(warnings) warnings written")
      }
      if written == 0 { return }
    }
  }

  /// Each township by its name, as leads tell it.
  static let places: [String: RegionID] = Dictionary(
    uniqueKeysWithValues: (1...townships).compactMap { number in
      RegionID("town-\(number)").map { (townshipName(number), $0) }
    })

  private static func townshipName(_ number: Int) -> String { "测试\(number)镇" }

  private static func topology(port: Int) -> String {
    let districtLines = (1...districts).map {
      "  - {id: district-\($0), no: \(10 + $0), tier: district, names: 测试\($0)区, parent: \(hub)}"
    }
    let townshipLines = (1...townships).map {
      "  - {id: town-\($0), no: \(firstTownshipNumber + $0 - 1), tier: township, names: \(townshipName($0)), "
        + "parent: district-\(1 + $0 % districts)}"
    }
    let head = """
      deployment: bench
      regions:
        - {id: \(hub), no: \(hubNumber), tier: city, names: 测试市, address: "127.0.0.1:\(port)"}
      """
    return ([head] + districtLines + townshipLines).joined(separator: "\n") + "\n"
  }
}

/// A clock that is turned by hand.
private final class StoreClock: Sendable {
  private let milliseconds: Mutex<UInt64>

  init(at milliseconds: UInt64) { self.milliseconds = Mutex(milliseconds) }

  var now: UInt64 { milliseconds.withLock { $0 } }

  func pass(_ duration: UInt64) { milliseconds.withLock { $0 += duration } }

  var clocks: NodeCore.Clocks {
    NodeCore.Clocks(
      wallMilliseconds: { self.now },
      monotonicMilliseconds: NodeCore.Clocks.system.monotonicMilliseconds,
      randomBytes: NodeCore.Clocks.system.randomBytes)
  }
}
