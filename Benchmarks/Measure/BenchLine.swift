import Foundation

/// One figure, as a line of the contract `liandong.bench/1` on stdout.
struct BenchLine: Encodable {
  /// The figures of the section `sync`, then those of `casework`.
  enum Metric: String {
    case floor
    case catchUpSingle = "catchup_single"
    case catchUpBatch100 = "catchup_batch100"
    case catchUpSecondHalf = "catchup_500k_second_half"
    case liveMedian = "live_p50"
    case live95 = "live_p95"
    case live99 = "live_p99"
    case idleTownship = "rss_idle_township"
    case hub = "rss_hub"
    case wireBytes = "wire_bytes"

    case start
    case queue = "queue_p99"
    case filter = "filter_p99"
    case timeline = "timeline_p99"
    case warningList = "warning_list_p99"
    case act = "act_p99"
    case sweep
    case rss

    var section: String {
      switch self {
      case .floor, .catchUpSingle, .catchUpBatch100, .catchUpSecondHalf, .liveMedian, .live95,
        .live99, .idleTownship, .hub, .wireBytes:
        "sync"
      case .start, .queue, .filter, .timeline, .warningList, .act, .sweep, .rss: "casework"
      }
    }
  }

  let schema = "liandong.bench/1"
  let section: String
  let metric: String
  let n: Int
  let value: Double
  let unit: String
  /// To the floor of the same run for times of the same work, else the value that the goal is about.
  let ratio: Double?
  let goal: Double?
  let ok: Bool
  let runs: [Double]
  /// What a reader has to know to judge the figure.
  let note: String

  /// - Parameters:
  ///   - runs: the single measurements; the value is their median.
  ///   - isWithinGoal: `nil` for a figure without a goal.
  init(
    _ metric: Metric, n: Int, runs: [Double], unit: String, ratio: Double? = nil,
    goal: Double? = nil, isWithinGoal: Bool? = nil, note: String
  ) {
    self.section = metric.section
    self.metric = metric.rawValue
    self.n = n
    self.value = Self.rounded(runs.median)
    self.unit = unit
    self.ratio = ratio.map(Self.rounded)
    self.goal = goal
    self.ok = isWithinGoal ?? true
    self.runs = runs.map(Self.rounded)
    self.note = note
  }

  private static func rounded(_ value: Double) -> Double { (value * 10_000).rounded() / 10_000 }

  private enum CodingKeys: CodingKey {
    case schema, section, metric, n, value, unit, ratio, goal, ok, runs, note
  }

  // Written out, because absent numbers have to stand there as null.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(schema, forKey: .schema)
    try container.encode(section, forKey: .section)
    try container.encode(metric, forKey: .metric)
    try container.encode(n, forKey: .n)
    try container.encode(value, forKey: .value)
    try container.encode(unit, forKey: .unit)
    try container.encode(ratio, forKey: .ratio)
    try container.encode(goal, forKey: .goal)
    try container.encode(ok, forKey: .ok)
    try container.encode(runs, forKey: .runs)
    try container.encode(note, forKey: .note)
  }

  /// Writes the line to stdout at once.
  func emit() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.withoutEscapingSlashes]
    try FileHandle.standardOutput.write(contentsOf: encoder.encode(self) + Data("\n".utf8))
  }
}

extension [Double] {
  /// The middle value, the lower of two; 0 for none.
  var median: Double { percentile(50) }

  /// The value below or at which `percent` of all lie, by nearest rank; 0 for none.
  func percentile(_ percent: Int) -> Double {
    guard !isEmpty else { return 0 }
    let rank = (count * percent + 99) / 100
    return sorted()[Swift.max(rank, 1) - 1]
  }
}
