import Dispatch
import Simulation
import Synchronization
import Testing

/// A fixed share of simulated cities: `make soak` runs fresh ones.
@Suite struct ShareTests {
  /// The cities, by profile and seed: enough of each that every kind of fault happens.
  private static let cities: [(profile: String, seed: UInt64)] = [
    ("calm", [1]), ("rural", [2]), ("storm", [1, 3]), ("hostile", [1, 2, 3]),
    ("upgrade", [2, 3]), ("move", [2]),
  ].flatMap { profile, seeds in seeds.map { (profile, $0) } }
  /// What they must come to together, so that a workload that withers is noticed.
  private static let leastEvents = 50_000

  @Test func `cities of every profile settle and keep every invariant`() throws {
    let shape = try #require(Shape(districts: 3, townships: 9))
    let reports = Mutex<[SimulationReport]>([])
    // One city is one thread; two of them keep two cores busy.
    DispatchQueue.concurrentPerform(iterations: Self.cities.count) { index in
      let city = Self.cities[index]
      guard let profile = Profile.named(city.profile) else { return }
      let report = Simulation.run(
        Simulation.Options(seed: city.seed, shape: shape, hours: 72, profile: profile))
      reports.withLock { $0.append(report) }
    }
    let all = reports.withLock { $0 }
    #expect(all.count == Self.cities.count)
    for report in all where report.result != .good {
      Issue.record(
        """
        liandong simulate --seed \(report.seed) --profile \(report.profile) \
        --hours \(report.failure?.shortestHours ?? 72): \(report.failure?.message ?? "") \
        at \(report.failure?.virtualSeconds ?? 0) s
        \(report.trace.suffix(40).joined(separator: "\n"))
        """)
    }
    let events = all.reduce(0) { $0 + $1.events }
    #expect(events >= Self.leastEvents)
    #expect(all.allSatisfy { $0.faults.count >= 5 }, "each city has at least five kinds of fault")
    var faults: [String: Int] = [:]
    for report in all { faults.merge(report.faults, uniquingKeysWith: +) }
    for fault in Fault.allCases {
      #expect(faults[fault.rawValue, default: 0] > 0, "\(fault.rawValue) never happened")
    }
    #expect(all.contains { $0.conflictsDecided > 0 })
    print("\(all.count) cities, \(events) events; \(faults.sorted { $0.key < $1.key })")
  }

  @Test(arguments: ["storm", "hostile", "upgrade"])
  func `a seed gives the same run again`(_ name: String) throws {
    let profile = try #require(Profile.named(name))
    let shape = try #require(Shape(districts: 2, townships: 3))
    let options = Simulation.Options(seed: 77, shape: shape, hours: 24, profile: profile)
    let (first, second) = (Simulation.run(options), Simulation.run(options))
    #expect(first.result == .good)
    #expect(!first.stateDigest.isEmpty && first.stateDigest == second.stateDigest)
    #expect(first.frames == second.frames && first.faults == second.faults)
    #expect(first.checks == second.checks)
    let other = Simulation.run(
      Simulation.Options(seed: 78, shape: shape, hours: 24, profile: profile))
    #expect(first.stateDigest != other.stateDigest)
  }
}
