/// The days on which a dated attribute holds: both ends included, an absent end is open.
package struct DayPeriod: Hashable, Sendable {
  /// The first day; `nil` for always until then.
  package let from: CalendarDay?
  /// The last day; `nil` for until further notice.
  package let to: CalendarDay?

  /// Every day.
  package static let always = DayPeriod(uncheckedFrom: nil, to: nil)

  /// Accepts two ends in order; `nil` if the period would end before it begins.
  package init?(from: CalendarDay?, to: CalendarDay?) {
    if let from, let to, to < from { return nil }
    self.init(uncheckedFrom: from, to: to)
  }

  private init(uncheckedFrom from: CalendarDay?, to: CalendarDay?) {
    self.from = from
    self.to = to
  }

  /// Whether the attribute holds on that day.
  package func contains(_ day: CalendarDay) -> Bool {
    if let from, day < from { return false }
    if let to, to < day { return false }
    return true
  }

  /// Whether some day lies in both periods.
  package func overlaps(_ other: DayPeriod) -> Bool {
    if let end = to, let begin = other.from, end < begin { return false }
    if let end = other.to, let begin = from, end < begin { return false }
    return true
  }
}
