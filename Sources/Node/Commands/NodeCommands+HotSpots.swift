import Casework
import Ledger
import Regions
import Store

/// Where reports heap up (分析预警): schema `liandong.hot_spot/1`.
package struct HotSpotAnswer: Codable, Hashable, Sendable {
  package let schema: String
  /// `place`, `respondent` or `type`.
  package let kind: String
  package let value: String
  /// The region of a type.
  package let region: String?
  /// Reports in the days looked at.
  package let reports: Int
  /// Reports in as many days before.
  package let before: Int
}

extension NodeCommands {
  private static let usualDays = 14
  private static let mostDaysLookedAt = 366
  private static let usualLeastReports = 3
  private static let usualPercent = 200
  /// The most leads that are read for one answer.
  static let countedLeads = 200_000
  private static let millisecondsOfDay: Int64 = 86_400_000

  /// Lists places, respondents, and types in regions, of which clearly more was reported lately than in
  /// the same time before, the most first.
  ///
  /// - Throws: `CommandError` of exit 65 for a number out of range, or where more leads came than can be
  ///   counted.
  package func listHotSpots(_ arguments: HotSpotArguments) throws -> [HotSpotAnswer] {
    let days = arguments.days ?? Self.usualDays
    let least = arguments.least ?? Self.usualLeastReports
    let percent = arguments.percent ?? Self.usualPercent
    for (name, value, most) in [
      ("--days", days, Self.mostDaysLookedAt), ("--least", least, Self.countedLeads),
      ("--percent", percent, 100_000),
    ] where !(1...most).contains(value) {
      throw CommandError.field(name, zh: "应为 1 至 \(most)", en: "must be 1 to \(most)")
    }
    let limit = try limit(arguments.limit)
    let now = Int64(clamping: core.wallMilliseconds())
    let start = now - Int64(days) * Self.millisecondsOfDay
    let former = start - Int64(days) * Self.millisecondsOfDay
    return try core.store.read { reader in
      var counter = HotSpot.Counter()
      var counted = 0
      for (range, isEarlier) in [(former..<start, true), (start..<(now + 1), false)] {
        try reader.forEachLead(reportedIn: range) { id, _, stage in
          guard !stage.isEmpty, let state = try reader.entity(id)?.state, let lead = Lead(state)
          else { return true }
          counted += 1
          guard counted <= Self.countedLeads else {
            throw Self.tooManyLeads(field: "--days")
          }
          counter.add(lead, isEarlier: isEarlier)
          return true
        }
      }
      return counter.hotSpots(least: least, percent: percent).prefix(limit).map { spot in
        HotSpotAnswer(
          schema: "liandong.hot_spot/1", kind: spot.trait.kind, value: spot.trait.value,
          region: spot.trait.region?.rawValue, reports: spot.reports, before: spot.before)
      }
    }
  }
  static func tooManyLeads(field: String) -> CommandError {
    CommandError.field(
      field, zh: "线索多于 \(countedLeads) 件,请缩短时段",
      en: "more than \(countedLeads) leads: ask for a shorter time")
  }
}
