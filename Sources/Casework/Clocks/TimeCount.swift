import Regions

/// Counts time limits on from an instant, past suspensions and days that are not worked.
struct TimeCount {
  /// What a count begins from; the two differ at midnight only.
  enum Start {
    /// An entry: 00:00 belongs to the day that begins, and that day does not count.
    case entry(Int64)
    /// A due time: 24:00 belongs to the day that ends, and the next day counts.
    case due(Int64)
  }

  let calendar: WorkingCalendar
  let suspended: SuspendedTime

  /// Where the limits lead, one counted on from the end of the other; neighbours of one unit are
  /// added up first.
  ///
  /// - Returns: `nil` where an open suspension comes before the end.
  /// - Throws: `CalendarError` for a year without a table, or a time too far away.
  func instant(after limits: [TimeLimit], from start: Start) throws(CalendarError) -> Int64? {
    var instant: Int64
    var day: Int
    switch start {
    case .entry(let entry):
      instant = entry
      day = ChinaTime.number(at: entry)
    case .due(let due):
      guard let running = suspended.resumption(from: due) else { return nil }
      instant = running
      day = ChinaTime.number(at: running - 1)
    }
    for leg in Self.legs(limits) {
      let next =
        switch leg.unit {
        case .hours:
          suspended.instant(
            after: leg.thousandths * (ChinaTime.hourMilliseconds / 1_000), from: instant)
        case .workingDays, .calendarDays: try self.instant(after: leg, from: day)
        }
      guard let next else { return nil }
      try ChinaTime.check(next)
      instant = next
      day = ChinaTime.number(at: next - 1)
    }
    return instant
  }

  /// A sum of limits, which may be longer than one limit can be.
  private struct Leg {
    var thousandths: Int64
    let unit: TimeLimit.Unit
  }

  private static func legs(_ limits: [TimeLimit]) -> [Leg] {
    var legs: [Leg] = []
    for limit in limits {
      if let last = legs.last, last.unit == limit.unit {
        legs[legs.count - 1].thousandths += limit.thousandths
      } else {
        legs.append(Leg(thousandths: limit.thousandths, unit: limit.unit))
      }
    }
    return legs
  }

  /// The end of the last of so many days after `day`, or for a fraction that part of the day after
  /// them, moved to the end of the suspension that it may fall into.
  private func instant(after leg: Leg, from day: Int) throws(CalendarError) -> Int64? {
    let (whole, fraction) = leg.thousandths.quotientAndRemainder(dividingBy: 1_000)
    var wanted = fraction > 0 ? whole + 1 : whole
    for number in (day + 1)...(day + WorkingCalendar.maximumDays) {
      guard let candidate = CalendarDay(number: number) else { break }
      let end = ChinaTime.end(ofNumber: number)
      if let period = suspended.period(containing: end) {
        if period.toMilliseconds == nil { return nil }
        continue
      }
      guard try isCounted(candidate, in: leg.unit) else { continue }
      wanted -= 1
      guard wanted == 0 else { continue }
      guard fraction > 0 else { return end }
      let start = ChinaTime.start(ofNumber: number)
      return suspended.resumption(from: start + fraction * (ChinaTime.dayMilliseconds / 1_000))
    }
    throw .tooFar(days: WorkingCalendar.maximumDays)
  }

  private func isCounted(
    _ day: CalendarDay, in unit: TimeLimit.Unit
  ) throws(CalendarError) -> Bool {
    switch unit {
    case .workingDays: try calendar.isWorkingDay(day)
    case .hours, .calendarDays: true
    }
  }
}
