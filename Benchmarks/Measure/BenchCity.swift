import Foundation
import Glibc
import Logging
import Node
import Regions
import Store

/// A hub, a district and a township of one line, provisioned as a city is, with their stores as they
/// were at certain points, so that every run begins with the same ones.
struct BenchCity {
  /// The region of each office.
  enum Office: String, CaseIterable {
    case hub = "lianyungang-shi"
    case district = "haizhou-qu"
    case township = "xinpu-jiedao"
  }

  /// The township's name as leads tell it, and its permanent number.
  static let townshipName = "新浦街道"
  static let townshipNumber = 101
  /// The program and version that these nodes name to each other.
  static let software = "liandong bench"
  static let logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }

  /// The port at which the district listens.
  let districtPort: Int
  private let folder: String

  /// Provisions the three folders below `folder` and keeps their stores' first state.
  init(below folder: String) throws {
    self.folder = folder
    let ports = try Self.freePorts(2)
    districtPort = ports[1]
    guard case .topology(let topology) = TopologyFile.parse(Self.topology(ports: ports)) else {
      throw BenchError("the benchmark's own topology is refused")
    }
    let plan = try ProvisionPlan(for: topology, host: "127.0.0.1")
    var numbers = SystemRandomNumberGenerator()
    _ = try Provisioner(output: folder).run(plan, at: Date(), serialsFrom: &numbers) {
      topology, hub, folders in
      try InitialTree.publish(
        topology, hub: hub, folders: folders, software: Self.software, logger: Self.logger,
        clocks: .system)
    }
    for office in [Office.district, .township] {
      _ = try NodeInitialiser.run(
        home: home(of: office), software: Self.software, logger: Self.logger, clocks: .system)
    }
    for office in Office.allCases {
      try ControlClient(home: home(of: office)).checkPath()
      try keep(office, as: Self.firstState)
    }
  }

  /// The state of all stores right after provisioning.
  static let firstState = "first"

  func home(of office: Office) -> HomeLayout { HomeLayout(path: folder + "/" + office.rawValue) }

  private func keptFolder(_ office: Office, _ state: String) -> String {
    folder + "/kept-\(state)/" + office.rawValue
  }

  /// What makes up a store: the counters beside it go with it, or the node would hold the copy for a
  /// restored backup and open a new incarnation. The write-ahead log is there where the last one to
  /// close the store left it; the shared memory beside it is always made anew.
  private static let storeFiles = [
    HomeLayout.File.database, HomeLayout.File.database + "-wal", HomeLayout.File.starts,
    "sequence",
  ]
  private static let sharedMemory = HomeLayout.File.database + "-shm"

  /// Keeps the state of an office's closed store under a name.
  func keep(_ office: Office, as state: String) throws {
    let kept = keptFolder(office, state)
    try FileManager.default.createDirectory(atPath: kept, withIntermediateDirectories: true)
    try Self.copyStore(from: home(of: office).path, to: kept)
  }

  /// Puts kept states in the place of the stores: the first state where none is named.
  func reset(township state: String = firstState) throws {
    for office in Office.allCases {
      let home = home(of: office)
      // SQLite tells files apart by inode and must not take the new ones for the old.
      for file in Self.storeFiles + [Self.sharedMemory] { unlink(home.path(of: file)) }
      unlink(home.controlSocket)
      let kept = keptFolder(office, office == .township ? state : Self.firstState)
      try Self.copyStore(from: kept, to: home.path)
    }
  }

  private static func copyStore(from source: String, to target: String) throws {
    for file in storeFiles where FileManager.default.fileExists(atPath: source + "/" + file) {
      try Store.copy(source + "/" + file, to: target + "/" + file)
    }
  }

  func forget(township state: String) throws {
    try FileManager.default.removeItem(atPath: keptFolder(.township, state))
  }

  /// Opens the township's store in this process.
  func openTownship() throws -> NodeCore {
    try NodeCore.open(
      home: home(of: .township), software: Self.software, logger: Self.logger, clocks: .system)
  }

  /// Has the township's clerks write that many events through the ordinary author path, while no
  /// link runs.
  ///
  /// - Returns: the mean size of an event's bytes.
  static func fill(_ core: NodeCore, events: Int, perCommit: Int) throws -> Double {
    var workload = Workload(
      seed: UInt64(perCommit), township: townshipName, region: core.region,
      regionNumber: townshipNumber, rules: core.rules)
    var left = events
    while left > 0 {
      _ = try core.store.write(now: core.wallMilliseconds()) { transaction in
        for _ in 0..<commitsPerTransaction where left > 0 {
          let count = min(perCommit, left)
          try workload.write(events: count, in: transaction)
          left -= count
        }
      }
    }
    return workload.meanEventBytes
  }

  /// The filling is not measured, so its transactions are large.
  private static let commitsPerTransaction = 500

  private static func topology(ports: [Int]) -> String {
    """
    deployment: bench
    regions:
      - {id: \(Office.hub.rawValue), no: 1, tier: city, names: 连云港市,
         address: "127.0.0.1:\(ports[0])"}
      - {id: \(Office.district.rawValue), no: 10, tier: district, names: 海州区,
         parent: \(Office.hub.rawValue), address: "127.0.0.1:\(ports[1])"}
      - {id: \(Office.township.rawValue), no: \(townshipNumber), tier: township,
         names: \(townshipName), parent: \(Office.district.rawValue)}

    """
  }

  /// Ports of the loopback address that are free now; all are held until all are known.
  static func freePorts(_ count: Int) throws -> [Int] {
    var held: [CInt] = []
    defer { for descriptor in held { close(descriptor) } }
    var ports: [Int] = []
    while ports.count < count {
      let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
      guard descriptor >= 0 else { throw BenchError("the system gives no socket") }
      held.append(descriptor)
      guard let port = LoopbackSocket.bindToFreePort(descriptor) else {
        throw BenchError("no port of the loopback address is free")
      }
      ports.append(port)
    }
    return ports
  }
}
