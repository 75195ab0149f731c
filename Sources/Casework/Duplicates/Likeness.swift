import Ledger

/// How much two leads look like reports of the same thing: a proposal for a person, never a decision.
///
/// The score is 0 to 100. Text gives up to 70: of the weight of one title's character pairs the share
/// that the other's title and text have, the better of both ways. The same respondent adds 30, the same
/// place 30, or the distance on the map 30 within 300 m and 15 within 1,000 m. More than 90 days apart it
/// falls in a line to half at 720 days; leads whose types have none in common keep four fifths.
package struct Likeness: Hashable, Sendable {
  /// From 0 to 100.
  package let score: Int
  /// The share of the text, in hundredths.
  package let textHundredths: Int
  package let isSameRespondent: Bool
  package let isSamePlace: Bool
  /// `nil` where one of them has no location.
  package let distanceMetres: Int?
  package let daysApart: Int
  /// `nil` where one of them names no type.
  package let sharesType: Bool?

  private static let (textPoints, respondentPoints, placePoints) = (70.0, 30.0, 30.0)
  private static let (nearMetres, farMetres, farPoints) = (300, 1_000, 15.0)
  private static let (fullDays, halfDays) = (90, 720)
  private static let otherTypeShare = 0.8
  private static let millisecondsPerDay: Int64 = 86_400_000
  private static let metresPerMicrodegree = 0.11132

  /// What of a lead is compared.
  package struct Sketch: Sendable {
    let title: Set<Int64>
    let all: Set<Int64>
    let respondent: String?
    let place: String?
    let location: Location?
    let types: Set<String>
    let milliseconds: Int64

    package init(_ lead: Lead) {
      title = LeadTraces.titlePairs(of: lead)
      all = LeadTraces.allPairs(of: lead)
      respondent = lead.respondent.flatMap { LeadTraces.plain($0) }
      place = lead.place.flatMap { LeadTraces.plain($0) }
      location = lead.location
      types = Set(lead.types)
      milliseconds =
        lead.reportedAtMilliseconds ?? Int64(clamping: lead.header.foundedAtMilliseconds)
    }
  }

  /// Compares two leads; the order does not matter.
  ///
  /// - Parameter weight: how much a pair of characters tells, 0 or more.
  package init(_ one: Sketch, _ other: Sketch, weight: (Int64) -> Double) {
    func share(_ title: Set<Int64>, _ all: Set<Int64>) -> Double {
      // In ascending order, so that the sums are the same everywhere.
      let whole = title.sorted().reduce(0) { $0 + weight($1) }
      let shared = title.intersection(all).sorted().reduce(0) { $0 + weight($1) }
      return whole > 0 ? shared / whole : 0
    }
    let text = max(share(one.title, other.all), share(other.title, one.all))
    isSameRespondent = one.respondent != nil && one.respondent == other.respondent
    isSamePlace = one.place != nil && one.place == other.place
    distanceMetres = Self.metres(one.location, other.location)
    daysApart = Self.days(one.milliseconds, other.milliseconds)
    sharesType =
      one.types.isEmpty || other.types.isEmpty ? nil : !one.types.isDisjoint(with: other.types)
    var points = Self.textPoints * text + (isSameRespondent ? Self.respondentPoints : 0)
    if isSamePlace || distanceMetres.map({ $0 <= Self.nearMetres }) == true {
      points += Self.placePoints
    } else if distanceMetres.map({ $0 <= Self.farMetres }) == true {
      points += Self.farPoints
    }
    let late = min(max(daysApart - Self.fullDays, 0), Self.halfDays - Self.fullDays)
    let timely = 1 - 0.5 * Double(late) / Double(Self.halfDays - Self.fullDays)
    textHundredths = Int((text * 100).rounded())
    score = Int(
      (min(points, 100) * timely * (sharesType == false ? Self.otherTypeShare : 1)).rounded())
  }

  private static func days(_ one: Int64, _ other: Int64) -> Int {
    let (difference, isOver) = max(one, other).subtractingReportingOverflow(min(one, other))
    return Int((isOver ? .max : difference) / millisecondsPerDay)
  }

  /// By the plane that touches the globe at the middle of the two, in metres.
  private static func metres(_ one: Location?, _ other: Location?) -> Int? {
    guard let one, let other else { return nil }
    let north = Double(one.latitudeMicrodegrees - other.latitudeMicrodegrees)
    let middle = Double(one.latitudeMicrodegrees + other.latitudeMicrodegrees) / 2_000_000
    // A cosine by its series would be no better than this parabola within 0.06 of it.
    let narrowing = max(0, 1 - (middle / 90) * (middle / 90))
    let east = Double(one.longitudeMicrodegrees - other.longitudeMicrodegrees) * narrowing
    return Int(((north * north + east * east).squareRoot() * metresPerMicrodegree).rounded())
  }
}
