import Foundation

/// The section `sync` of `make bench`: measures all its figures in one run and prints them.
struct SyncSection {
  /// Repeats of each figure but the long catch-up; the median counts.
  private static let repeats = 3
  /// The long catch-up's commits: filling its store with single ones would take the section's time.
  private static let eventsPerCommitOfMany = 100
  private static let smallLedgerEvents = 1_000
  private static let idlePause = Duration.seconds(3)

  // The goals of the README: ratios to the floor, milliseconds, MB, and a ratio of halves.
  private static let singleGoal = 1.0
  private static let batchGoal = 0.7
  private static let medianGoal = 2.0
  private static let highGoal = 4.0
  private static let idleGoal = 60.0
  private static let secondHalfGoal = 0.9

  let program: String
  let folder: String
  let floorProgram: String
  /// Events of the two catch-ups that are compared with the floor, which writes as many rows.
  var events = 50_000
  /// Events of the long catch-up.
  var manyEvents = 500_000

  func run() async throws {
    let floor = Floor(program: floorProgram, folder: folder, rows: events)
    say("provisioning three nodes")
    let city = try BenchCity(below: folder)
    var floorRuns = [try floor.seconds()]
    let single = try await catchUp(city, perCommit: 1)
    floorRuns.append(try floor.seconds())
    let batch = try await catchUp(city, perCommit: 100)
    floorRuns.append(try floor.seconds())
    try emitCatchUps(single, batch, floor: floorRuns)
    try await live(city)
    try await memory(city)
    try await secondHalf(city)
  }

  private struct Measured {
    let runs: [CatchUp.Run]
    let meanEventBytes: Double

    var seconds: [Double] { runs.map(\.seconds) }
    var note: String {
      "events of \(Int(meanEventBytes.rounded())) bytes on average; \(Workload.mixNote); three "
        + "processes; from `sync resume` at the township until the hub's ledger has all"
    }
  }

  private func catchUp(_ city: BenchCity, perCommit: Int) async throws -> Measured {
    let catchUp = CatchUp(city: city, program: program, events: events, perCommit: perCommit)
    let meanBytes = try catchUp.fill()
    var runs: [CatchUp.Run] = []
    for _ in 0..<Self.repeats {
      let run = try await catchUp.run()
      say("\(events) events in commits of \(perCommit): \(run.seconds) s")
      runs.append(run)
    }
    try catchUp.forget()
    return Measured(runs: runs, meanEventBytes: meanBytes)
  }

  private func emitCatchUps(_ single: Measured, _ batch: Measured, floor: [Double]) throws {
    try BenchLine(
      .floor, n: events, runs: floor, unit: "s", ratio: 1,
      note: "bare SQLite, three files one after another; before, between and after the catch-ups"
    ).emit()
    let figures: [(BenchLine.Metric, Measured, Double)] = [
      (.catchUpSingle, single, Self.singleGoal), (.catchUpBatch100, batch, Self.batchGoal),
    ]
    for (metric, measured, goal) in figures {
      let ratio = measured.seconds.median / floor.median
      try BenchLine(
        metric, n: events, runs: measured.seconds, unit: "s", ratio: ratio, goal: goal,
        isWithinGoal: ratio <= goal, note: measured.note
      ).emit()
    }
    try BenchLine(
      .hub, n: events, runs: single.runs.map(\.hubMegabytes), unit: "MB",
      note: "VmRSS right after the catch-up of single commits"
    ).emit()
  }

  private func live(_ city: BenchCity) async throws {
    let latency = LiveLatency(city: city, program: program)
    var runs: [LiveLatency.Run] = []
    for _ in 0..<Self.repeats {
      let run = try await latency.run()
      let (median, high) = (run.milliseconds.median, run.milliseconds.percentile(99))
      say("live: median \(median) ms, p99 \(high) ms")
      runs.append(run)
    }
    let longest = runs.map(\.longestWaitMilliseconds).max() ?? 0
    let note = Self.liveNote(longestWaitMilliseconds: longest)
    let figures: [(BenchLine.Metric, Int, Double?)] = [
      (.liveMedian, 50, Self.medianGoal), (.live95, 95, nil), (.live99, 99, Self.highGoal),
    ]
    for (metric, percent, goal) in figures {
      let values = runs.map { $0.milliseconds.percentile(percent) }
      try BenchLine(
        metric, n: LiveLatency.commits, runs: values, unit: "ms", goal: goal,
        isWithinGoal: goal.map { values.median < $0 }, note: note
      ).emit()
    }
    try BenchLine(
      .wireBytes, n: LiveLatency.eventsBefore, runs: runs.map(\.wireBytesPerEvent),
      unit: "B/event",
      note: "TCP payload between township and district, both directions, TLS and HTTP/2 included, "
        + "while single commits catch up"
    ).emit()
  }

  private static func liveNote(longestWaitMilliseconds: Double) -> String {
    let wait = (longestWaitMilliseconds * 100).rounded() / 100
    return """
      single commits 20 ms apart, from before the write is submitted until a reader of the hub's \
      ledger sees it; the township runs in the benchmark's process, district and hub in their own; \
      the reader sleeps 0.2 ms between looks, its longest wait was \(wait) ms
      """
  }

  private func memory(_ city: BenchCity) async throws {
    let catchUp = CatchUp(
      city: city, program: program, events: Self.smallLedgerEvents, perCommit: 1)
    _ = try catchUp.fill()
    var runs: [Double] = []
    for _ in 0..<Self.repeats {
      runs.append(try await catchUp.idleTownshipMegabytes(after: Self.idlePause))
    }
    try catchUp.forget()
    try BenchLine(
      .idleTownship, n: Self.smallLedgerEvents, runs: runs, unit: "MB", ratio: nil,
      goal: Self.idleGoal, isWithinGoal: runs.median < Self.idleGoal,
      note: "VmRSS of the township's process, linked and idle for 3 s after its ledger was synced"
    ).emit()
  }

  private func secondHalf(_ city: BenchCity) async throws {
    let catchUp = CatchUp(
      city: city, program: program, events: manyEvents,
      perCommit: Self.eventsPerCommitOfMany)
    let began = StageClock.seconds()
    _ = try catchUp.fill()
    say("\(manyEvents) events filled in \(Int(StageClock.seconds() - began)) s")
    let run = try await catchUp.run()
    let secondHalf = run.seconds - run.secondsOfFirstHalf
    let ratio = run.secondsOfFirstHalf / secondHalf
    try BenchLine(
      .catchUpSecondHalf, n: manyEvents, runs: [ratio], unit: "ratio", ratio: ratio,
      goal: Self.secondHalfGoal, isWithinGoal: ratio >= Self.secondHalfGoal,
      note: "time of the first half / time of the second; commits of "
        + "\(Self.eventsPerCommitOfMany); \(Int(run.seconds.rounded())) s in all, "
        + "\(Int((Double(manyEvents) / run.seconds).rounded())) events a second"
    ).emit()
    try catchUp.forget()
  }

  private func say(_ text: String) {
    FileHandle.standardError.write(Data("sync: \(text)\n".utf8))
  }
}
