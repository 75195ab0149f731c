import Identity
import Node
import Synchronization
import Transport

/// How long a single commit at a township takes to stand durably in the hub's ledger, two hops away.
///
/// The township runs in this process, by the same code as `serve`, so that handing the commit to it
/// costs no hop between processes; district and hub are processes.
struct LiveLatency {
  /// Commits measured in one run, those before them that are not, and the time between two.
  static let commits = 500
  static let warmUpCommits = 50
  static let spacing = Duration.milliseconds(20)
  /// Events that the township writes while its links are down, for the bytes on the wire.
  static let eventsBefore = 5_000

  let city: BenchCity
  let program: String

  struct Run {
    /// From before the write was submitted at the township until a reader at the hub saw it.
    let milliseconds: [Double]
    /// The longest time between two looks of that reader.
    let longestWaitMilliseconds: Double
    /// Bytes between township and district, both directions, per event of the catch-up before.
    let wireBytesPerEvent: Double
  }

  private static let readerMicroseconds: UInt32 = 200
  private static let limit = 60.0

  func run() async throws -> Run {
    try city.reset()
    let core = try city.openTownship()
    defer { try? core.close() }
    _ = try BenchCity.fill(core, events: Self.eventsBefore, perCommit: 1)
    let (hub, district) = try await RunningCity.startParents(city, program: program)
    defer { for node in [district, hub] { node.stop() } }
    let dialler = LinkDialler(
      core: core,
      evidence: EvidenceCarrier(
        core: core, folder: try EvidenceFolder.open(in: city.home(of: .township))),
      credentials: try LinkCredentials(core.credentials.load()),
      configuredAddress: nil)
    let watch = LedgerWatch(
      database: city.home(of: .hub).database, intervalMicroseconds: Self.readerMicroseconds)
    return try await withThrowingTaskGroup(of: Void.self) { group in
      // The township's own first commit comes along.
      let caughtUp = try watch.eventsNow() + UInt64(Self.eventsBefore) + 1
      group.addTask { try await dialler.run() }
      defer { group.cancelAll() }
      _ = try await watch.times(of: [caughtUp], within: Self.limit)
      let wireBytes = try wireBytes()
      let (submitted, sightings) = try await write(at: core, watch, from: caughtUp)
      // A link that is up ends by itself only when it is told to.
      core.links.pause()
      let milliseconds = try zip(submitted, sightings.at).map { submitted, seen in
        guard seen > submitted else { throw BenchError("the hub held more than was written") }
        return Double(seen - submitted) / 1e6
      }
      return Run(
        milliseconds: Array(milliseconds.dropFirst(Self.warmUpCommits)),
        longestWaitMilliseconds: sightings.longestWaitMilliseconds,
        wireBytesPerEvent: wireBytes / Double(Self.eventsBefore))
    }
  }

  private func wireBytes() throws -> Double {
    guard let traffic = LoopbackSocket.traffic(toPort: city.districtPort) else {
      throw BenchError("the township has no connection to port \(city.districtPort)")
    }
    return Double(traffic.sent + traffic.received)
  }

  /// Writes single commits while the reader looks on; when each was submitted and seen.
  private func write(
    at core: NodeCore, _ watch: LedgerWatch, from events: UInt64
  ) async throws -> (submitted: [UInt64], sightings: LedgerWatch.Sightings) {
    let count = Self.warmUpCommits + Self.commits
    async let seen = watch.times(
      of: (1...count).map { events + UInt64($0) }, within: Self.limit)
    let workload = Mutex(
      Workload(
        seed: 77, township: BenchCity.townshipName, region: core.region,
        regionNumber: BenchCity.townshipNumber, rules: core.rules))
    var submitted: [UInt64] = []
    var next = ContinuousClock.now
    for _ in 0..<count {
      next += Self.spacing
      try await Task.sleep(until: next, clock: .continuous)
      submitted.append(StageClock.nanoseconds())
      try await core.writer.write { transaction in
        try workload.withLock { try $0.write(events: 1, in: transaction) }
      }
    }
    return (submitted, try await seen)
  }
}
