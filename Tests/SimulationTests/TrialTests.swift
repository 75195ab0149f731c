import Casework
import Dispatch
import Foundation
import Simulation
import Synchronization
import Testing

/// Cities that work by the process file that is shipped, in all of its acts.
@Suite struct TrialTests {
  private static let cities: [(profile: String, seed: UInt64)] = [
    ("calm", 1), ("storm", 1), ("rural", 2), ("hostile", 1), ("upgrade", 1), ("move", 1),
  ]

  private static func shipped() throws -> Casework.Process {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "topology/process.yaml")
    switch ProcessFile.parse(try String(contentsOf: file, encoding: .utf8)) {
    case .draft(let draft): return draft.process
    case .refused(let findings):
      Issue.record("\(findings)")
      throw CancellationError()
    }
  }

  @Test func `each kind of the shipped process is written, and every invariant holds`() throws {
    let process = try Self.shipped()
    let shape = try #require(Shape(districts: 3, townships: 9))
    let reports = Mutex<[SimulationReport]>([])
    DispatchQueue.concurrentPerform(iterations: Self.cities.count) { index in
      let city = Self.cities[index]
      guard let profile = Profile.named(city.profile) else { return }
      var options = Simulation.Options(
        seed: city.seed, shape: shape, hours: 72, profile: profile)
      options.process = process
      let report = Simulation.run(options)
      reports.withLock { $0.append(report) }
    }
    let all = reports.withLock { $0 }
    #expect(all.count == Self.cities.count)
    for report in all where report.result != .good {
      Issue.record(
        """
        liandong simulate --process topology/process.yaml --seed \(report.seed) \
        --profile \(report.profile) --hours \(report.failure?.shortestHours ?? 72): \
        \(report.failure?.message ?? "") at \(report.failure?.virtualSeconds ?? 0) s
        \(report.trace.suffix(40).joined(separator: "\n"))
        """)
    }
    var kinds: [String: Int] = [:]
    for report in all { kinds.merge(report.trialKinds ?? [:], uniquingKeysWith: +) }
    let known = process.families.flatMap(\.kinds).map(\.kind)
    #expect(known.count > 90)
    for kind in known { #expect(kinds[kind, default: 0] > 0, "\(kind) was never written") }
    let rarest = kinds.values.min() ?? 0
    print("\(known.count) kinds of the shipped process, the rarest \(rarest) times")
  }
}
