package import Casework
import Crypto
import Ledger
import Regions
import Replication
import Store

/// Runs simulated cities: a safety phase in which everything goes wrong, a heal after which all must
/// settle in a bounded time, and checks of every invariant.
package enum Simulation {
  /// After the heal all must have settled within so many virtual minutes. An hour of it is what a
  /// node waits before it asks again for what did not verify.
  package static let settleMinutes: UInt64 = 180
  /// And with so many sessions for each office at most.
  static let settleSessions = 200
  /// How many lines a failure's trace has.
  static let traceLines = 60
  /// How often the heal phase looks whether all has settled, in virtual milliseconds.
  static let lookMilliseconds: UInt64 = 20_000

  /// What to simulate.
  package struct Options: Sendable {
    package var seed: UInt64
    package var shape: Shape
    package var hours: UInt64
    package var profile: Profile
    /// Whether the report has a full trace, failure or not.
    package var traces: Bool
    /// Whether a failure is narrowed down by further runs.
    package var narrows = true
    /// A process file that the hub publishes and that many leads pin; `nil` for those alone that the
    /// simulation brings along.
    package var process: Process?

    package init(
      seed: UInt64, shape: Shape, hours: UInt64, profile: Profile, traces: Bool = false
    ) {
      self.seed = seed
      self.shape = shape
      self.hours = hours
      self.profile = profile
      self.traces = traces
    }
  }

  /// Runs one city from its seed. Never throws: what goes wrong is in the report. After a failure it
  /// runs shorter ones of the same seed, to find the least that fails, and that once more in words.
  package static func run(_ options: Options) -> SimulationReport {
    var report = attempt(options, traces: options.traces)
    guard report.failure != nil, options.narrows, !options.traces else { return report }
    var shortest = options
    var (good, bad): (UInt64, UInt64) = (0, options.hours)
    while bad - good > 1 {
      shortest.hours = (good + bad) / 2
      if attempt(shortest, traces: false).failure == nil {
        good = shortest.hours
      } else {
        bad = shortest.hours
      }
    }
    shortest.hours = bad
    report.failure?.shortestHours = bad
    report.trace = attempt(shortest, traces: true).trace
    return report
  }

  private static func attempt(_ options: Options, traces: Bool) -> SimulationReport {
    let trace = Trace(isOn: traces)
    var report = SimulationReport(options)
    do {
      let city = try City(
        seed: options.seed, shape: options.shape, hours: options.hours, profile: options.profile,
        process: options.process, trace: trace)
      do {
        try city.begin()
        try city.live()
        report.settledAfterSeconds = try city.heal()
        try city.checkAll()
        try city.writeEpilogue()
        report.stateDigest = try city.digest()
      } catch let failure as CheckFailure {
        report.fail(.checkFailed, failure.description, trace, about: failure.about)
      } catch let failure as NotSettled {
        report.fail(.notSettled, failure.description, trace, about: failure.about)
      }
      report.take(city)
    } catch {
      report.fail(.harness, "\(error)", trace, about: [])
    }
    report.finish()
    return report
  }
}
