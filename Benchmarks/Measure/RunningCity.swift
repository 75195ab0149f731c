import Node

/// The three nodes as processes: hub and district linked, the township's links held down until
/// ``letLinksUp()``.
struct RunningCity {
  /// How long hub and district may take to link.
  private static let linkLimit = 20.0
  private static let watchMicroseconds: UInt32 = 1_000

  let hub: NodeProcess
  let district: NodeProcess
  let township: NodeProcess
  /// Watches the hub's ledger.
  let watch: LedgerWatch
  /// The number of events that the hub holds before the township's come.
  let eventsBefore: UInt64

  /// Starts all three. The township starts first, so that nobody answers it before it is paused.
  static func start(_ city: BenchCity, program: String) async throws -> RunningCity {
    let township = try NodeProcess(program: program, home: city.home(of: .township))
    do {
      try await township.awaitReady()
      try await township.command("sync pause")
      let (hub, district) = try await Self.startParents(city, program: program)
      let watch = LedgerWatch(
        database: city.home(of: .hub).database, intervalMicroseconds: watchMicroseconds)
      return RunningCity(
        hub: hub, district: district, township: township, watch: watch,
        eventsBefore: try watch.eventsNow())
    } catch {
      RunningChildren.shared.killAll()
      throw error
    }
  }

  /// Starts hub and district, and waits until the district's own first commit has reached the hub:
  /// then the two are linked.
  static func startParents(
    _ city: BenchCity, program: String
  ) async throws -> (hub: NodeProcess, district: NodeProcess) {
    let watch = LedgerWatch(
      database: city.home(of: .hub).database, intervalMicroseconds: watchMicroseconds)
    let hub = try NodeProcess(program: program, home: city.home(of: .hub))
    try await hub.awaitReady()
    let events = try watch.eventsNow()
    let district = try NodeProcess(program: program, home: city.home(of: .district))
    try await district.awaitReady()
    _ = try await watch.times(of: [events + 1], within: linkLimit)
    return (hub, district)
  }

  /// Lets the township's links come up.
  func letLinksUp() async throws { try await township.command("sync resume") }

  func stop() {
    for node in [township, district, hub] { node.stop() }
  }
}
