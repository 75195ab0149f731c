/// The clock of one stage of one case, or of its whole handling: when it is due, and when its
/// warnings are.
///
/// It is computed when read and kept nowhere. A stage that is entered again has a new clock.
/// All instants are milliseconds since 1970 UTC; days are those of ``ChinaTime``.
///
/// How it counts:
/// - Hours run round the clock. Suspended time does not count.
/// - The day of entry does not count. A working or calendar day counts when it ends, at 24:00, unless
///   that instant is suspended. The end of the Nth day that counts is the deadline; a fraction adds
///   so much of 24 hours into the next day that counts, so that 4.5 working days end at noon of the
///   fifth.
/// - No deadline and no level lies in a suspension: it moves to the suspension's end. Behind an open
///   one it is not known.
/// - An ordered due time is a date, which suspended time before it does not move.
/// - Each extension is counted on from the former deadline; neighbours of one unit are added up
///   first. The day in which the former deadline lies does not count, where 24:00 belongs to the
///   day that ends.
/// - A level before the limit is counted from entry, with the extensions added. A level at the limit
///   is at the extended deadline, and one after it as far after the extended deadline as after the
///   limit.
///
/// Sources: Administrative Penalty Law 2021, articles 60 and 85; Civil Code, articles 201 and 203, for
/// the day of the beginning and the end at 24:00.
package struct StageClock: Hashable, Sendable {
  package static let maximumSuspensions = 1_000
  package static let maximumExtensions = 100

  /// An instant; `nil` if there is none, or an open suspension comes before it.
  private typealias Instant = Result<Int64?, CalendarError>

  /// Whether there is a limit at all.
  package let isLimited: Bool
  private let suspended: SuspendedTime
  private let due: Instant
  private let levels: [WarningLevel: Instant]

  /// - Parameters:
  ///   - orderedDueMilliseconds: looked at only where the limit is as ordered.
  ///   - suspensions: in any order; they may overlap.
  ///   - extensions: in the order in which they were granted.
  /// - Throws: `CalendarError` for an instant outside the years 1 to 9999, or too many suspensions or
  ///   extensions.
  package init(
    limit: StageLimit, entryMilliseconds: Int64, orderedDueMilliseconds: Int64? = nil,
    isUrgent: Bool = false, suspensions: [Suspension] = [], extensions: [TimeLimit] = [],
    calendar: WorkingCalendar
  ) throws(CalendarError) {
    guard suspensions.count <= Self.maximumSuspensions else {
      throw .tooMany("中止", "suspensions", most: Self.maximumSuspensions)
    }
    guard extensions.count <= Self.maximumExtensions else {
      throw .tooMany("延期", "extensions", most: Self.maximumExtensions)
    }
    try ChinaTime.check(entryMilliseconds)
    if let orderedDueMilliseconds { try ChinaTime.check(orderedDueMilliseconds) }
    let suspended = try SuspendedTime(suspensions)
    self.suspended = suspended
    guard let plan = limit.plan(isOrdered: orderedDueMilliseconds != nil, isUrgent: isUrgent) else {
      (isLimited, due, levels) = (false, .success(nil), [:])
      return
    }
    let count = TimeCount(calendar: calendar, suspended: suspended)
    var start = TimeCount.Start.entry(entryMilliseconds)
    if plan.limit == nil, let orderedDueMilliseconds { start = .due(orderedDueMilliseconds) }
    func instant(_ limits: [TimeLimit]) -> Instant {
      Result { () throws(CalendarError) in try count.instant(after: limits, from: start) }
    }
    let whole = (plan.limit.map { [$0] } ?? []) + extensions
    isLimited = true
    due = instant(whole)
    levels = plan.offsets.mapValues { offset in
      switch offset {
      case .before(let time): instant([time] + extensions)
      case .due: instant(whole)
      case .after(let distance): instant(whole + [distance])
      }
    }
  }

  /// When the stage must be done; `nil` if it is not limited, or an open suspension comes before.
  ///
  /// - Throws: `CalendarError` for a year without a table of holidays, or a time too far away.
  package func deadlineMilliseconds() throws(CalendarError) -> Int64? { try due.get() }

  /// When a level is reached; `nil` if the stage has no such level, or an open suspension comes before.
  ///
  /// - Throws: as ``deadlineMilliseconds()``.
  package func milliseconds(of level: WarningLevel) throws(CalendarError) -> Int64? {
    try levels[level]?.get()
  }

  /// What the clock shows. The same instant always gives the same reading, so that a level which
  /// nobody looked for in time is found later.
  ///
  /// - Parameter now: any instant, also one before entry, as of a clock that was set back.
  /// - Throws: `CalendarError` for a time too far away, or for a year without a table that has begun.
  ///   Before that, what lies in it has not come, and the reading names the year.
  package func reading(atMilliseconds now: Int64) throws(CalendarError) -> ClockReading {
    let now = min(max(now, ChinaTime.instants.lowerBound), ChinaTime.instants.upperBound)
    var missingYears: Set<Int> = []
    func known(_ instant: Instant) throws(CalendarError) -> Int64? {
      switch instant {
      case .success(let instant): return instant
      case .failure(let error):
        guard let year = error.missingYear, now < ChinaTime.start(ofYear: year) else { throw error }
        missingYears.insert(year)
        return nil
      }
    }
    let deadline = try known(due)
    var reached: [WarningLevel] = []
    for level in WarningLevel.allCases {
      guard let instant = levels[level], let instant = try known(instant) else { continue }
      if instant <= now { reached.append(level) }
    }
    let isSuspended = suspended.period(containing: now) != nil
    return ClockReading(
      state: !isLimited ? .notLimited : isSuspended ? .suspended : .running, reached: reached,
      deadlineMilliseconds: deadline, remainingMilliseconds: deadline.map { $0 - now },
      missingYear: missingYears.min())
  }
}
