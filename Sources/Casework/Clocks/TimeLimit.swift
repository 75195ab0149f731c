/// A length of time as rules name it, such as 4 hours or 7 working days.
///
/// Which instant it leads to depends on its unit:
/// - hours run round the clock;
/// - a working or calendar day counts when it ends, and the day of the beginning does not count.
///
/// The law's 2, 3, 5 and 7 days are working days (Administrative Penalty Law 2021, article 85), its
/// 90 days are calendar days.
package struct TimeLimit: Hashable, Sendable {
  package enum Unit: String, CaseIterable, Sendable {
    case hours = "h"
    case workingDays = "wd"
    case calendarDays = "d"

    /// The longest limit: ten years, however they are counted.
    package var maximumThousandths: Int64 {
      switch self {
      case .hours: 3_660 * 24 * 1_000
      case .workingDays, .calendarDays: 3_660 * 1_000
      }
    }
  }

  /// Thousandths of the unit, at least 1: 4.5 working days are 4,500.
  package let thousandths: Int64
  package let unit: Unit

  /// `nil` for less than a thousandth or more than the unit's maximum.
  package init?(thousandths: Int64, unit: Unit) {
    guard (1...unit.maximumThousandths).contains(thousandths) else { return nil }
    self.thousandths = thousandths
    self.unit = unit
  }

  /// - Parameter percent: at least 1.
  /// - Returns: that part of the limit, rounded up to a thousandth; `nil` above the unit's maximum.
  func part(percent: Int64) -> TimeLimit? {
    let (product, overflow) = thousandths.multipliedReportingOverflow(by: percent)
    guard !overflow else { return nil }
    let (quotient, remainder) = product.quotientAndRemainder(dividingBy: 100)
    return TimeLimit(thousandths: quotient + (remainder > 0 ? 1 : 0), unit: unit)
  }
}
