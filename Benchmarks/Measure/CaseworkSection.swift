import Foundation
import Node
import Regions
import Store

/// The section `casework` of `make bench`: one hub with a million leads, asked and acted on through
/// the control socket of a running node as a clerk's command does.
struct CaseworkSection {
  // The goals of the README: seconds, milliseconds, MB.
  private static let startGoal = 2.0
  private static let readGoal = 50.0
  private static let actGoal = 5.0
  private static let sweepGoal = 1.0
  private static let residentGoal = 300.0
  private static let starts = 3
  private static let readsOfKind = 2_000
  private static let acts = 1_000
  private static let dueLeads = 1_000
  /// How long those leads have until they are due: longer than it takes to write them.
  private static let dueSeconds = 60.0

  let program: String
  let folder: String
  /// The text of the process file.
  let process: String
  var leads = 1_000_000

  func run() async throws {
    let store = CaseworkStore(below: folder, leads: leads)
    let began = StageClock.seconds()
    try await store.build(process: process, say: say)
    say("the store is there after \(Int(StageClock.seconds() - began)) s")
    try await catchUpWithWarnings(store)
    let events = try LedgerWatch(database: store.home.database, intervalMicroseconds: 0).eventsNow()
    let size = "\(leads) leads, \(events) events"
    try await start(store, size)
    let node = try NodeProcess(program: program, home: store.home)
    do {
      defer { node.stop() }
      try await node.awaitReady()
      var reads = CaseworkReads(node: node, leads: leads)
      for kind in CaseworkReads.Kind.allCases {
        try emit(kind, try await reads.milliseconds(of: kind, count: Self.readsOfKind), size)
      }
      try await act(node, size)
      try emitResident(try node.residentMegabytes(), size)
    }
    try await sweep(store, size)
  }

  /// Warnings that fell due since the store was last used are not what is measured.
  private func catchUpWithWarnings(_ store: CaseworkStore) async throws {
    let core = try store.open()
    defer { try? core.close() }
    let swept = try await core.sweepWarnings()
    say("caught up: \(swept.examined) cases examined, \(swept.warnings) warnings written")
  }

  private func start(_ store: CaseworkStore, _ size: String) async throws {
    var runs: [Double] = []
    for _ in 0..<Self.starts {
      let began = StageClock.seconds()
      let node = try NodeProcess(program: program, home: store.home)
      defer { node.stop() }
      try await node.awaitReady()
      runs.append(StageClock.seconds() - began)
    }
    try BenchLine(
      .start, n: Self.starts, runs: runs, unit: "s", goal: Self.startGoal,
      isWithinGoal: runs.median < Self.startGoal,
      note: "\(size); from the process's start until it has answered `status`"
    ).emit()
  }

  private func emit(
    _ kind: CaseworkReads.Kind, _ times: [Double], _ size: String
  ) throws {
    let high = times.percentile(99)
    say("\(kind): p50 \(times.median) ms, p99 \(high) ms, longest \(times.max() ?? 0) ms")
    try BenchLine(
      kind.metric, n: times.count, runs: [high], unit: "ms", goal: Self.readGoal,
      isWithinGoal: high < Self.readGoal,
      note: "\(size); \(kind.note); p50 \(Self.rounded(times.median)) ms"
    ).emit()
  }

  private func act(_ node: NodeProcess, _ size: String) async throws {
    var acts = CaseworkActs(node: node)
    let times = try await acts.milliseconds(count: Self.acts)
    let high = times.percentile(99)
    try BenchLine(
      .act, n: times.count, runs: [high], unit: "ms", goal: Self.actGoal,
      isWithinGoal: high < Self.actGoal,
      note: "\(size); report, register, triage, dispatch, sign and order one after another, each "
        + "durable before the next; p50 \(Self.rounded(times.median)) ms"
    ).emit()
  }

  private func emitResident(_ megabytes: Double, _ size: String) throws {
    try BenchLine(
      .rss, n: 1, runs: [megabytes], unit: "MB", goal: Self.residentGoal,
      isWithinGoal: megabytes < Self.residentGoal,
      note: "\(size); VmRSS of the hub's process after the reads and acts"
    ).emit()
  }

  private func sweep(_ store: CaseworkStore, _ size: String) async throws {
    let core = try store.open()
    defer { try? core.close() }
    let commands = NodeCommands(core: core, home: store.home, language: .en)
    let due = StageClock.wallMilliseconds() + UInt64(Self.dueSeconds * 1000)
    try await CaseworkActs.bringLeads(Self.dueLeads, underOrderUntil: due, at: commands)
    // What was just done is looked at once, as a running node does each minute.
    _ = try await core.sweepWarnings()
    let wait = Int64(due) - Int64(StageClock.wallMilliseconds())
    guard wait > 0 else { throw BenchError("leads fell due while they were written") }
    try await Task.sleep(for: .milliseconds(wait + 1_000))
    let began = StageClock.seconds()
    let swept = try await core.sweepWarnings()
    let seconds = StageClock.seconds() - began
    guard swept.warnings >= Self.dueLeads else {
      throw BenchError("\(swept.warnings) warnings were written of \(Self.dueLeads) that were due")
    }
    try BenchLine(
      .sweep, n: Self.dueLeads, runs: [seconds], unit: "s", goal: Self.sweepGoal,
      isWithinGoal: seconds < Self.sweepGoal,
      note: "\(size); \(swept.examined) cases looked at, \(swept.warnings) warnings written"
    ).emit()
  }

  private static func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }

  private func say(_ text: String) {
    FileHandle.standardError.write(Data("casework: \(text)\n".utf8))
  }
}
