import Foundation
import Node

/// A township that wrote while its links were down catches up with the hub, over the district.
struct CatchUp {
  let city: BenchCity
  let program: String
  /// Events that wait at the township.
  let events: Int
  let perCommit: Int

  struct Run {
    /// From the moment links may come up until the hub holds everything durably.
    let seconds: Double
    /// The time until it held half of it.
    let secondsOfFirstHalf: Double
    /// Resident memory of the hub right afterwards.
    let hubMegabytes: Double
  }

  /// How long one catch-up may take, per thousand events and in all.
  private static let secondsPerThousand = 2.0
  private static let secondsAtLeast = 60.0

  private var state: String { "filled-\(perCommit)-\(events)" }

  /// Fills the township's store and keeps that state; nothing of it is measured.
  ///
  /// - Returns: the mean size of an event's bytes.
  func fill() throws -> Double {
    try city.reset()
    let core = try city.openTownship()
    let meanBytes: Double
    do {
      defer { try? core.close() }
      meanBytes = try BenchCity.fill(core, events: events, perCommit: perCommit)
    }
    try city.keep(.township, as: state)
    return meanBytes
  }

  /// One measured run from the kept state.
  func run() async throws -> Run {
    try city.reset(township: state)
    let running = try await RunningCity.start(city, program: program)
    defer { running.stop() }
    // The township's own first commit comes along.
    let arriving = UInt64(events) + 1
    let limit = max(Self.secondsAtLeast, Double(events) / 1000 * Self.secondsPerThousand)
    let began = StageClock.nanoseconds()
    try await running.letLinksUp()
    let sightings = try await running.watch.times(
      of: [running.eventsBefore + arriving / 2, running.eventsBefore + arriving], within: limit)
    guard sightings.events == running.eventsBefore + arriving else {
      throw BenchError(
        "the hub holds \(sightings.events) events, not \(running.eventsBefore + arriving)")
    }
    return Run(
      seconds: Double(sightings.at[1] - began) / 1e9,
      secondsOfFirstHalf: Double(sightings.at[0] - began) / 1e9,
      hubMegabytes: try running.hub.residentMegabytes())
  }

  /// Resident memory of the township some time after everything is synced.
  func idleTownshipMegabytes(after pause: Duration) async throws -> Double {
    try city.reset(township: state)
    let running = try await RunningCity.start(city, program: program)
    defer { running.stop() }
    try await running.letLinksUp()
    _ = try await running.watch.times(
      of: [running.eventsBefore + UInt64(events) + 1], within: Self.secondsAtLeast)
    try await Task.sleep(for: pause)
    return try running.township.residentMegabytes()
  }

  /// Removes the kept state.
  func forget() throws { try city.forget(township: state) }
}
