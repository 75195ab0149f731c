import Ledger

/// When a limit in hours ends, stops and extensions counted, from the sentences of the design: stopped
/// time does not count, no end lies in a stop, and an extension runs by whole days of China from the
/// former end on.
struct ClockReference {
  private static let hour: Int64 = 3_600_000
  private static let day: Int64 = 24 * hour
  /// China is so far ahead of UTC.
  private static let ahead: Int64 = 8 * hour

  /// The times in which the clock stands still; none overlap.
  private var stops: [Range<Int64>] = []
  private var days: Int64 = 0
  private let entered: Int64

  /// - Parameters:
  ///   - events: the effective clock events of the lead, in any order.
  ///   - entered: when the clock began, in milliseconds since 1970 UTC.
  ///   - most: no more extensions than so many are counted, the earliest first.
  init(_ events: [Books.Fact], entered: Int64, extensions most: Int = .max) {
    self.entered = entered
    var since: Int64?
    var extensions = 0
    for event in events.sorted(by: { $0.stamp.time < $1.stamp.time }) {
      let at = Int64(event.stamp.time.milliseconds)
      switch event.kind {
      case "lead.suspended": since = since ?? at
      case "lead.resumed":
        if let since, since < at { stops.append(since..<at) }
        since = nil
      default:
        guard at >= entered, extensions < most else { continue }
        extensions += 1
        days += (try? CanonicalValue(decoding: event.body))?["days"]?.integer ?? 0
      }
    }
    if let since { stops.append(since..<Int64.max) }
  }

  /// Whether no two of the events are of one millisecond, in which their order tells nothing.
  static func areApart(_ events: [Books.Fact]) -> Bool {
    Set(events.map(\.stamp.time.milliseconds)).count == events.count
  }

  /// - Parameter percent: 100 for the limit itself.
  /// - Returns: `nil` behind a stop that nobody ended.
  func instant(hours: Int64, percent: Int64 = 100) -> Int64? {
    guard let limit = run(hours * Self.hour, from: entered) else { return nil }
    let extended = days == 0 ? limit : extend(limit)
    return extended.flatMap { run(hours * Self.hour * (percent - 100) / 100, from: $0) }
  }

  /// The first running instant at which the clock has run for so long.
  private func run(_ milliseconds: Int64, from start: Int64) -> Int64? {
    var at = start
    var left = milliseconds
    for stop in stops where stop.upperBound > at {
      let running = max(stop.lowerBound - at, 0)
      if left < running { break }
      guard stop.upperBound < .max else { return nil }
      left -= running
      at = stop.upperBound
    }
    return at + left
  }

  /// The end of the last of the days after that of the former end, each of which ends while the clock
  /// runs.
  private func extend(_ limit: Int64) -> Int64? {
    var end = ((limit - 1 + Self.ahead) / Self.day + 1) * Self.day - Self.ahead
    var left = days
    while left > 0 {
      end += Self.day
      guard let stop = stops.first(where: { $0.contains(end) }) else {
        left -= 1
        continue
      }
      if stop.upperBound == .max { return nil }
    }
    return end
  }
}
