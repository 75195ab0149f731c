import Casework
import Ledger
import Store

/// A clock of a case (时限) as it stands now.
package struct ClockAnswer: Codable, Hashable, Sendable {
  /// `stage` or `total`.
  package let clock: String
  /// `running` or `suspended`.
  package let state: String
  /// RFC 3339; absent while it is suspended, or where a year has no table of holidays.
  package let deadline: String?
  /// Negative once it is overdue.
  package let remainingSeconds: Int64?
  /// The highest level reached: `reminder`, `yellow`, `orange`, `red`.
  package let level: String?
  /// Why the deadline is not known, and what to do.
  package let error: String?
}

extension NodeCommands {
  /// The clocks of an entity as they stand now; none where its process limits nothing. A clock that
  /// cannot be computed says why.
  func clocks(of entity: StoredEntity, in reader: StoreReader) throws -> [ClockAnswer] {
    let clocks: CaseClocks?
    do {
      clocks = try reader.clocks(of: entity)
    } catch let error as CalendarError {
      return [unreadable("stage", error)]
    }
    let now = Int64(clamping: core.wallMilliseconds())
    return [("stage", clocks?.stage), ("total", clocks?.total)].compactMap { name, clock in
      guard let clock, clock.isLimited else { return nil }
      do throws(CalendarError) {
        let reading = try clock.reading(atMilliseconds: now)
        return ClockAnswer(
          clock: name, state: reading.state.rawValue,
          deadline: reading.deadlineMilliseconds.map { CommandTime.text($0) },
          remainingSeconds: reading.remainingMilliseconds.map { $0 / 1_000 },
          level: reading.level?.rawValue,
          error: reading.missingYear.map { CalendarError.missingYear($0).message(in: language) })
      } catch {
        return unreadable(name, error)
      }
    }
  }

  private func unreadable(_ clock: String, _ error: CalendarError) -> ClockAnswer {
    ClockAnswer(
      clock: clock, state: "running", deadline: nil, remainingSeconds: nil, level: nil,
      error: error.message(in: language))
  }
}
