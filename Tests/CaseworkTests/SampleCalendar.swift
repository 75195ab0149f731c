import Casework
import Foundation
import Regions
import Testing

/// The working days of 2024 to 2026, and instants as people write them.
enum SampleCalendar {
  private struct Table: Decodable {
    let off: [String]
    let work: [String]
  }

  static func make() throws -> WorkingCalendar {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "holidays.json")
    let tables = try JSONDecoder().decode([String: Table].self, from: Data(contentsOf: file))
    return try WorkingCalendar(
      years: tables.map { year, table in
        WorkingCalendar.Year(
          try #require(Int(year)), daysOff: try table.off.map { try day($0) },
          workingWeekendDays: try table.work.map { try day($0) })
      })
  }

  static func day(_ text: String) throws -> CalendarDay { try #require(CalendarDay(text)) }

  /// Reads `2026-02-13 17:00` as local time; 24:00 is taken.
  static func instant(_ text: String) throws -> Int64 {
    let parts = text.split(separator: " ")
    let time = try #require(parts.last).split(separator: ":").compactMap { Int64($0) }
    try #require(parts.count == 2 && time.count == 2)
    let start = ChinaTime.startMilliseconds(of: try day(String(parts[0])))
    return start + (time[0] * 60 + time[1]) * 60_000
  }

  /// Writes an instant as ``instant(_:)`` reads it, 00:00 as 24:00 of the day before.
  static func text(_ instant: Int64?) throws -> String? {
    guard let instant else { return nil }
    let day = try ChinaTime.day(atMilliseconds: instant - 1)
    let minutes = (instant - ChinaTime.startMilliseconds(of: day)) / 60_000
    func padded(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(day) \(padded(minutes / 60)):\(padded(minutes % 60))"
  }
}
