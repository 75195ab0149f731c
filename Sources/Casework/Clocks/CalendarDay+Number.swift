package import Regions

/// Days as numbers, so that they can be counted. The conversions are those of the proleptic
/// Gregorian calendar, whose 400 years of 146,097 days begin on the first of March: the leap day is
/// then the last day of its year.
extension CalendarDay {
  /// The numbers of all days: 0001-01-01 to 9999-12-31.
  static let numbers = -719_162...2_932_896

  private static let daysOfFourCenturies = 146_097
  /// From 0000-03-01 to 1970-01-01.
  private static let daysBefore1970 = 719_468

  /// The day of that number; `nil` outside the years 1 to 9999.
  package init?(number: Int) {
    guard Self.numbers.contains(number) else { return nil }
    let shifted = number + Self.daysBefore1970
    let (cycle, dayOfCycle) = shifted.quotientAndRemainder(dividingBy: Self.daysOfFourCenturies)
    let yearOfCycle =
      (dayOfCycle - dayOfCycle / 1_460 + dayOfCycle / 36_524 - dayOfCycle / 146_096) / 365
    let dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    self.init(
      year: cycle * 400 + yearOfCycle + (month <= 2 ? 1 : 0), month: month,
      day: dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
  }

  /// Days since 1970-01-01, which is 0.
  package var number: Int {
    let yearFromMarch = month <= 2 ? year - 1 : year
    let (cycle, yearOfCycle) = yearFromMarch.quotientAndRemainder(dividingBy: 400)
    let monthFromMarch = month <= 2 ? month + 9 : month - 3
    let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
    let dayOfCycle = 365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100 + dayOfYear
    return cycle * Self.daysOfFourCenturies + dayOfCycle - Self.daysBefore1970
  }

  /// Whether the day is a Saturday or a Sunday.
  package var isWeekend: Bool {
    // 1970-01-01 was a Thursday; counted from the Monday before 0001-01-01, no number is negative.
    (number - Self.numbers.lowerBound) % 7 >= 5
  }
}
