/// A time during which a clock stands still (中止), as a hearing or an expert's report may order.
package struct Suspension: Hashable, Sendable {
  /// The first instant that does not count, in milliseconds since 1970 UTC.
  package let fromMilliseconds: Int64
  /// The first instant that counts again; `nil` while nobody has ended it. A suspension that ends
  /// no later than it begins is none.
  package let toMilliseconds: Int64?

  package init(fromMilliseconds: Int64, toMilliseconds: Int64?) {
    self.fromMilliseconds = fromMilliseconds
    self.toMilliseconds = toMilliseconds
  }
}

/// All suspensions of a clock as periods that neither overlap nor touch, in ascending order. Only
/// the last may be open.
struct SuspendedTime: Hashable, Sendable {
  private let periods: [Suspension]

  /// - Throws: `CalendarError` for an instant out of range.
  init(_ suspensions: [Suspension]) throws(CalendarError) {
    for suspension in suspensions {
      try ChinaTime.check(suspension.fromMilliseconds)
      if let to = suspension.toMilliseconds { try ChinaTime.check(to) }
    }
    let ascending =
      suspensions
      .filter { $0.toMilliseconds.map { [from = $0.fromMilliseconds] to in from < to } ?? true }
      .sorted { $0.fromMilliseconds < $1.fromMilliseconds }
    var periods: [Suspension] = []
    for suspension in ascending {
      guard let last = periods.last else {
        periods.append(suspension)
        continue
      }
      guard let end = last.toMilliseconds else { break }
      guard suspension.fromMilliseconds <= end else {
        periods.append(suspension)
        continue
      }
      periods[periods.count - 1] = Suspension(
        fromMilliseconds: last.fromMilliseconds,
        toMilliseconds: suspension.toMilliseconds.map { max($0, end) })
    }
    self.periods = periods
  }

  /// The period in which an instant lies; its beginning lies in it, its end does not.
  func period(containing instant: Int64) -> Suspension? {
    var (low, high) = (0, periods.count)
    while low < high {
      let middle = (low + high) / 2
      if periods[middle].fromMilliseconds <= instant { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return nil }
    let period = periods[low - 1]
    guard let end = period.toMilliseconds else { return period }
    return instant < end ? period : nil
  }

  /// The first instant from this one on at which the clock runs; `nil` if it never does again.
  func resumption(from instant: Int64) -> Int64? {
    guard let period = period(containing: instant) else { return instant }
    return period.toMilliseconds
  }

  /// The first instant at which the clock runs and has run for `milliseconds` since `start`; `nil`
  /// if it never has.
  func instant(after milliseconds: Int64, from start: Int64) -> Int64? {
    var (instant, remaining) = (start, milliseconds)
    for period in periods {
      let run = period.fromMilliseconds - instant
      if remaining < run { break }
      guard let end = period.toMilliseconds else { return nil }
      guard instant < end else { continue }
      remaining -= max(run, 0)
      instant = end
    }
    return instant + remaining
  }
}
