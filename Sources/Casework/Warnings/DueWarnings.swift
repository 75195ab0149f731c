/// The warnings that a case has earned, and when the next one may fall due.
///
/// Nothing of it is kept: the same history, calendar and instant give the same, so that levels which
/// nobody looked for in time are caught up on, and a clock that was set back takes none of them away.
package struct DueWarnings: Hashable, Sendable {
  /// A warning and the stay in a stage that it falls into.
  package struct Due: Hashable, Sendable {
    package let warning: CaseWarning
    package let visit: StageVisit
  }

  /// Those whose time has come, given before or not; ascending by time.
  package private(set) var reached: [Due] = []
  /// When the next level is reached, in milliseconds since 1970 UTC; `nil` where none is to come, or
  /// none that can be known yet.
  package private(set) var nextMilliseconds: Int64?

  /// - Parameters:
  ///   - visits: the stays to look at, in order; the last is the stage in which the case is. All of
  ///     them, or those of the present handling where the former were looked at before.
  ///   - findings: the breaches of procedure.
  ///   - now: the wall clock, in milliseconds since 1970 UTC.
  package init(
    visits: [StageVisit], of family: Family, clocks events: [ClockEvent],
    findings: [ProcedureCheck.Finding] = [], calendar: WorkingCalendar, now: Int64
  ) {
    for visit in visits {
      guard let limit = family.stage(visit.value.stage)?.limit else { continue }
      let clock = try? StageClock(
        limit: limit, enteredBy: visit, events: events, calendar: calendar)
      if let clock { add(clock, .stage, over: [visit], now: now) }
    }
    for handling in family.handlings(visits) {
      guard let limit = family.total, let start = handling.first else { continue }
      let clock = try? StageClock(
        limit: limit, fromMilliseconds: start.enteredMilliseconds, events: events,
        calendar: calendar)
      if let clock { add(clock, .total, over: handling, now: now) }
    }
    for finding in findings {
      let at = finding.act.atMilliseconds
      guard at <= now, let visit = visits.last(where: { $0.enteredMilliseconds <= at }) else {
        continue
      }
      let key = CaseWarning.Key(
        subject: .procedure, event: finding.act.event, level: finding.rule.level,
        rule: finding.rule)
      add(key, at: at, in: visit)
    }
    reached.sort { $0.warning.sinceMilliseconds < $1.warning.sinceMilliseconds }
  }

  /// - Parameter visits: the stays in which the clock runs, one after the other, at least one; what
  ///   it reaches after them it never reaches.
  private mutating func add(
    _ clock: StageClock, _ subject: CaseWarning.Subject, over visits: [StageVisit], now: Int64
  ) {
    let (first, left) = (visits[0], visits[visits.count - 1].leftMilliseconds)
    for level in WarningLevel.allCases where level.isScored {
      // What lies in a year without a table of holidays is looked for again when the table comes.
      guard let instant = try? clock.milliseconds(of: level), instant < left ?? .max else {
        continue
      }
      // An ordered due time may lie before the stay.
      let since = max(instant, first.enteredMilliseconds)
      guard since <= now else {
        nextMilliseconds = min(nextMilliseconds ?? .max, since)
        continue
      }
      let visit = visits.last { $0.enteredMilliseconds <= since } ?? first
      add(
        CaseWarning.Key(subject: subject, event: first.event, level: level, rule: nil), at: since,
        in: visit)
    }
  }

  private mutating func add(_ key: CaseWarning.Key, at since: Int64, in visit: StageVisit) {
    reached.append(
      Due(
        warning: CaseWarning(key, stage: visit.value.stage, sinceMilliseconds: since),
        visit: visit))
  }
}
