/// What became of one simulated city.
package struct SimulationReport: Sendable {
  /// How a run ended.
  package enum Result: String, Sendable {
    case good
    /// Something still moved long after everything was mended.
    case notSettled = "not_settled"
    /// An invariant did not hold, or was never asked.
    case checkFailed = "check_failed"
    /// The simulation itself is at fault.
    case harness
  }

  /// How often an invariant was asked, and how often it did not hold.
  package struct Check: Hashable, Sendable {
    package let checked: Int
    package let failed: Int
  }

  /// What went wrong, and when.
  package struct Failure: Hashable, Sendable {
    package let message: String
    package let virtualSeconds: UInt64
    /// The shortest safety phase, in hours, that was found to end in a failure as well; the trace is
    /// that run's.
    package internal(set) var shortestHours: UInt64
  }

  package let seed: UInt64
  package let profile: String
  package let offices: Int
  let hours: UInt64
  package internal(set) var virtualSeconds: UInt64 = 0
  /// Events that were signed, each counted once.
  package internal(set) var events = 0
  package internal(set) var commits = 0
  /// Frames that arrived.
  package internal(set) var frames = 0
  package internal(set) var faults: [String: Int] = [:]
  package internal(set) var checks: [String: Check] = [:]
  /// How often honest offices wrote each kind of the process on trial; `nil` where none was.
  package internal(set) var trialKinds: [String: Int]?
  package internal(set) var conflictsOpened = 0
  package internal(set) var conflictsDecided = 0
  package internal(set) var settledAfterSeconds: UInt64?
  package internal(set) var stateDigest = ""
  package internal(set) var result = Result.good
  package internal(set) var failure: Failure?
  /// What happened, in words; the last of it that a failure is about, unless all was asked for.
  package internal(set) var trace: [String] = []

  init(_ options: Simulation.Options) {
    seed = options.seed
    profile = options.profile.name
    offices = options.shape.offices
    hours = options.hours
  }

  mutating func fail(_ result: Result, _ message: String, _ trace: Trace, about: [String]) {
    self.result = result
    failure = Failure(message: message, virtualSeconds: 0, shortestHours: hours)
    self.trace = trace.last(Simulation.traceLines, about: about)
  }

  mutating func take(_ city: City) {
    virtualSeconds = (city.now - city.start) / 1_000
    events = city.books.facts.count
    commits = city.books.commits.count
    frames = city.frames
    faults = city.faults
    checks = city.checks.tallies.mapValues { Check(checked: $0.checked, failed: $0.failed) }
    trialKinds = city.trial == nil ? nil : city.trialKinds
    conflictsOpened = city.conflictsOpened
    conflictsDecided = city.conflictsDecided
    failure = failure.map {
      Failure(message: $0.message, virtualSeconds: virtualSeconds, shortestHours: hours)
    }
    if failure == nil { trace = city.trace.lines }
  }

  /// An invariant that was never asked proves nothing.
  mutating func finish() {
    guard failure == nil, let name = City.checkNames.first(where: { checks[$0] == nil }) else {
      return
    }
    checks[name] = Check(checked: 0, failed: 0)
    result = .checkFailed
    failure = Failure(
      message: "\(name) was never asked", virtualSeconds: virtualSeconds, shortestHours: hours)
  }
}

extension City {
  /// The invariants that every run must ask. That a repair voids cursors is asked where one is cut,
  /// that a warning is written once where an office that warned never lost its store.
  static let checkNames = [
    "audience", "bounds", "clock", "conflict_noted", "converged", "cursors", "digests", "durable",
    "exchanged", "forged", "frozen_copy", "merge", "never_refused", "once", "one_chain",
    "one_commit", "one_entity", "parents_first", "quota", "rebuild", "same_state", "same_tree",
    "scope", "times_grow", "unaltered", "urgent_ancestors", "verify", "waiting_named",
    "warned_truly", "window",
  ]
}
