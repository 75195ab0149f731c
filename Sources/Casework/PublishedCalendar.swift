package import Ledger
import Regions

/// Tables of holidays (节假日安排) that the hub published: years that it names, for every clock. They
/// are pinned by nothing, for the tables of later years come when they are announced.
package struct PublishedCalendar: Sendable {
  package static let kind = "calendar.published"

  package let years: [WorkingCalendar.Year]

  /// Reads a founding event.
  ///
  /// - Parameter stamp: the stamp of the event's commit; only the tier city publishes.
  /// - Returns: `nil` for anything else than a publication of tables that are good.
  package init?(_ event: Event, of stamp: Stamp) {
    guard event.kind == Self.kind, event.isFounding, stamp.tier == .city,
      let body = try? CanonicalValue(decoding: event.body), let tables = body["years"]?.array,
      tables.count <= Self.mostYears
    else { return nil }
    var years: [WorkingCalendar.Year] = []
    for table in tables {
      guard let year = table["year"]?.integer.flatMap({ Int(exactly: $0) }),
        let off = Self.days(table["off"]), let work = Self.days(table["work"])
      else { return nil }
      years.append(WorkingCalendar.Year(year, daysOff: off, workingWeekendDays: work))
    }
    guard (try? WorkingCalendar(years: years)) != nil else { return nil }
    self.years = years
  }

  /// The most years of one publication.
  package static let mostYears = 100

  private static func days(_ value: CanonicalValue?) -> [CalendarDay]? {
    guard let elements = value?.array else { return nil }
    let days = elements.compactMap { $0.text.flatMap { CalendarDay($0) } }
    return days.count == elements.count ? days : nil
  }

  /// What founds a publication; it goes to everyone.
  package static func draft(_ years: [WorkingCalendar.Year], salt: [UInt8]) -> EventDraft {
    func texts(_ days: [CalendarDay]) -> CanonicalValue {
      .array(days.sorted().map { .text($0.description) })
    }
    let body = CanonicalValue.map([
      "rules": .bytes(Process.publications.hash.bytes),
      "years": .array(
        years.map { table in
          .map([
            "year": .integer(Int64(table.year)), "off": texts(table.daysOff),
            "work": texts(table.workingWeekendDays),
          ])
        }),
    ])
    return EventDraft(
      entity: nil, kind: kind, parents: [], audience: [.everyone], salt: salt, body: body.encoded)
  }
}
