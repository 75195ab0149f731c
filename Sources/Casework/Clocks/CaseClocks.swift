package import Ledger

/// An event that stops, resumes or extends the clocks of its entity.
package struct ClockEvent: Hashable, Sendable {
  package let effect: ClockEffect
  /// When it was written, in milliseconds since 1970 UTC.
  package let atMilliseconds: Int64
  /// By how many calendar days it extends.
  package let days: Int64

  /// - Parameter body: the event's, where `days` stands.
  package init(_ effect: ClockEffect, atMilliseconds: Int64, body: CanonicalValue?) {
    self.effect = effect
    self.atMilliseconds = atMilliseconds
    self.days = body?[ClockEffect.days]?.integer ?? 0
  }
}

/// The clocks of a case: that of its stage, which begins anew with each entry, and that of its whole
/// handling, which does not. They follow from state, pinned process and calendar, and are computed
/// whenever they are read.
package struct CaseClocks: Hashable, Sendable {
  /// `nil` where the stage has no limit.
  package let stage: StageClock?
  /// `nil` where the whole has no limit, and once it is over.
  package let total: StageClock?

  /// - Parameters:
  ///   - process: the one that the state pins.
  ///   - events: the effective events of kinds with a `ClockEffect`, in any order.
  ///   - handledSince: when the present handling began, where that is not the founding: a reopening
  ///     begins a new one.
  ///   - isUrgent: whether the event that entered the stage is of the urgent lane.
  /// - Throws: `CalendarError` as `StageClock.init` does.
  package init(
    of state: EntityState, by process: Process, events: [ClockEvent], isUrgent: Bool,
    handledSince: Int64? = nil, calendar: WorkingCalendar
  ) throws(CalendarError) {
    guard let family = process.family(named: state.family), let value = state.stage,
      let stage = family.stage(value.stage),
      let entered = state.slots[Process.stageSlot]?.time.milliseconds
    else {
      (self.stage, total) = (nil, nil)
      return
    }
    if let limit = stage.limit {
      let visit = StageVisit(
        event: state.founding.event, value: value, enteredMilliseconds: Int64(clamping: entered),
        leftMilliseconds: nil, isUrgent: isUrgent)
      self.stage = try StageClock(
        limit: limit, enteredBy: visit, events: events, calendar: calendar)
    } else {
      self.stage = nil
    }
    if let limit = family.total, !stage.isEnd {
      total = try StageClock(
        limit: limit,
        fromMilliseconds: handledSince ?? Int64(clamping: state.founding.time.milliseconds),
        events: events, calendar: calendar)
    } else {
      total = nil
    }
  }
}

extension StageClock {
  /// The clock of one stay in a stage.
  ///
  /// - Parameter events: the effective events of the case with a `ClockEffect`, in any order; those
  ///   after the stay do not matter to it.
  /// - Throws: `CalendarError` as the clock's own initializer does.
  init(
    limit: StageLimit, enteredBy visit: StageVisit, events: [ClockEvent],
    calendar: WorkingCalendar
  ) throws(CalendarError) {
    let left = visit.leftMilliseconds ?? .max
    let events = events.filter { $0.atMilliseconds < left }
    try self.init(
      limit: limit, entryMilliseconds: visit.enteredMilliseconds,
      orderedDueMilliseconds: visit.value.dueMilliseconds, isUrgent: visit.isUrgent,
      suspensions: Self.suspensions(events),
      extensions: Self.extensions(events, from: visit.enteredMilliseconds), calendar: calendar)
  }

  /// The clock of the whole handling, from the founding on.
  init(
    limit: StageLimit, fromMilliseconds founded: Int64, events: [ClockEvent],
    calendar: WorkingCalendar
  ) throws(CalendarError) {
    try self.init(
      limit: limit, entryMilliseconds: founded, suspensions: Self.suspensions(events),
      extensions: Self.extensions(events, from: founded), calendar: calendar)
  }

  /// Each stop lasts until the next event that resumes; stops within a stop change nothing.
  private static func suspensions(_ events: [ClockEvent]) -> [Suspension] {
    var found: [Suspension] = []
    var since: Int64?
    for event in events.sorted(by: { $0.atMilliseconds < $1.atMilliseconds }) {
      switch event.effect {
      case .suspends: since = since ?? event.atMilliseconds
      case .resumes:
        if let since {
          found.append(Suspension(fromMilliseconds: since, toMilliseconds: event.atMilliseconds))
        }
        since = nil
      case .extends: break
      }
    }
    if let since { found.append(Suspension(fromMilliseconds: since, toMilliseconds: nil)) }
    return found
  }

  private static func extensions(_ events: [ClockEvent], from entry: Int64) -> [TimeLimit] {
    events.filter { $0.effect == .extends && $0.atMilliseconds >= entry }
      .sorted { $0.atMilliseconds < $1.atMilliseconds }
      .compactMap { event in
        let thousandths = event.days.multipliedReportingOverflow(by: 1_000)
        guard !thousandths.overflow else { return nil }
        return TimeLimit(thousandths: thousandths.partialValue, unit: .calendarDays)
      }
  }
}
