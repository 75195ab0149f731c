import Casework
import Foundation
import Ledger
import Regions
import Testing

/// Who a duty list says should handle a lead.
@Suite struct DutyRoutingTests {
  private static let text = """
    duties: 1
    channels: {}
    types:
      air: {zh: 大气, en: air}
      noise: {zh: 噪声, en: noise}
      water: {zh: 水, en: water}
      dust: {zh: 施工扬尘, en: dust, kind: air, words: [工地, 搅拌站]}
      fumes: {zh: 油烟, en: fumes, kind: air, words: [油烟]}
    departments:
      ecology: {zh: 生态环境, en: ecology, types: [air, noise]}
      housing: {zh: 住建, en: housing, types: [dust]}
      urban: {zh: 城管, en: urban, types: [fumes]}
    rows:
      housing: {department: housing, lead: district, with: [township]}
      urban: {department: urban, lead: district}
      ecology: {department: ecology, lead: district, with: [township]}
      old: {region: zone, types: [water], department: urban, lead: zone, to: 2026-06-30}
      new: {region: zone, types: [water], department: ecology, lead: zone, from: 2026-07-01}
      penal: {region: north, types: [noise], department: ecology, lead: district, administrative: true}
    """

  private static func id(_ text: String) throws -> RegionID { try #require(RegionID(text)) }

  /// A township of the district `north` that the block `zone` manages.
  private static func managed() throws -> DutyPlace {
    func steps(_ names: [(String, Tier)]) throws -> [DutyPlace.Step] {
      try names.map { try DutyPlace.Step(id($0.0), $0.1) }
    }
    return try DutyPlace(
      managing: steps([("hill", .township), ("zone", .district), ("hub", .city)]),
      administrative: steps([("hill", .township), ("north", .district), ("hub", .city)]))
  }

  private func route(
    _ types: [String], _ text: String = "", on day: String = "2026-11-27", at place: DutyPlace
  ) throws -> DutyRouting {
    try DutyFileTests.list(Self.text).route(
      types: types, texts: [text], at: place, on: #require(CalendarDay(day)))
  }

  @Test func `the finer type goes before the broad one, and the managing block answers`() throws {
    let place = try Self.managed()
    let broad = try route(["air"], at: place)
    #expect(broad.lead?.row == "ecology" && broad.lead?.unit.rawValue == "zone")
    #expect(broad.coUnits.map(\.rawValue) == ["hill"] && broad.isComplete)
    let fine = try route(["air"], "某工地扬尘", at: place)
    #expect(fine.lead?.department == "housing" && fine.matches.map(\.type) == ["dust"])
  }

  @Test func `the district itself answers where a row goes by administrative parents`() throws {
    let place = try Self.managed()
    let noise = try route(["noise"], at: place)
    #expect(noise.lead?.row == "penal" && noise.lead?.unit.rawValue == "north")
    // With air, which the block answers for, the first row leads and the other unit helps.
    let both = try route(["noise", "air"], at: place)
    #expect(both.lead?.row == "ecology" && both.lead?.unit.rawValue == "zone")
    #expect(both.coUnits.map(\.rawValue) == ["hill", "north"] && both.isComplete)
  }

  @Test func `a row counts from its first to its last day and no longer`() throws {
    let place = try Self.managed()
    #expect(try route(["water"], on: "2026-06-30", at: place).lead?.row == "old")
    #expect(try route(["water"], on: "2026-07-01", at: place).lead?.row == "new")
  }

  @Test func `gaps, unknown types and tiers that are not there are told and decide nothing`() throws
  {
    let place = try Self.managed()
    let hub = DutyPlace(
      managing: [.init(try Self.id("hub"), .city)],
      administrative: [.init(try Self.id("hub"), .city)])
    let gap = try route(["water"], at: hub)
    #expect(gap.lead == nil && gap.matches.map(\.answer) == [.noRow] && !gap.isComplete)
    let above = try route(["air"], at: hub)
    #expect(above.matches.map(\.answer) == [.noUnit(row: "ecology")] && !above.isComplete)
    let partly = try route(["air", "smell"], at: place)
    #expect(partly.lead?.row == "ecology" && !partly.isComplete)
    #expect(partly.matches.last?.answer == .noRow)
    #expect(try !route([], at: place).isComplete)
  }

  @Test func `two rows that answer alike and differ are a tie, and no order of theirs decides`()
    throws
  {
    let twin = "\n  twin: {types: [air], department: urban, lead: district}"
    let same = "\n  same: {types: [air], department: ecology, lead: zone}"
    let (place, day) = (try Self.managed(), try #require(CalendarDay("2026-11-27")))
    let tied = try DutyFileTests.list(Self.text + twin)
      .route(types: ["air"], texts: [], at: place, on: day)
    #expect(tied.matches.map(\.answer) == [.tie(rows: ["ecology", "twin"])] && tied.lead == nil)
    let agreed = try DutyFileTests.list(Self.text + same)
      .route(types: ["air"], texts: [], at: place, on: day)
    #expect(agreed.isComplete && agreed.lead?.unit.rawValue == "zone")
  }

  /// An independent reading of the rules: for one type, the rows by hand.
  private func expected(
    _ list: DutyList, _ type: DutyList.PollutionType, _ place: DutyPlace, _ day: CalendarDay
  ) -> Set<String> {
    var best: (Int, Int)?
    var keys: Set<String> = []
    for row in list.rows where row.period.contains(day) {
      let up = (row.isAdministrative ? place.administrative : place.managing).map(\.region)
      var far = 99
      if let region = row.region {
        guard let index = up.firstIndex(of: region) else { continue }
        far = index
      }
      guard row.types.contains(type.key) || row.types.contains(type.kind ?? "-") else { continue }
      let rank = (far, row.types.contains(type.key) ? 0 : 1)
      if best.map({ rank < $0 }) ?? true { (best, keys) = (rank, []) }
      if let best, rank == best { keys.insert(row.key) }
    }
    return keys
  }

  @Test(arguments: 0..<200) func `random lists route as the rules read by hand say`(_ seed: UInt64)
    throws
  {
    var numbers = SeededNumbers(seed: seed)
    func pick(_ words: [String], _ numbers: inout SeededNumbers) -> String {
      words[Int(numbers.next() % UInt64(words.count))]
    }
    var text = Self.text.components(separatedBy: "rows:")[0] + "rows:"
    for row in 0..<8 {
      let region = pick(
        ["", "region: hill, ", "region: zone, ", "region: north, ", "region: hub, "], &numbers)
      let days = pick(["", ", to: 2026-06-30", ", from: 2026-07-01"], &numbers)
      let flag = pick(["", ", administrative: true"], &numbers)
      text +=
        "\n  r\(row): {\(region)types: [\(pick(["air", "dust", "fumes", "noise", "water"], &numbers))], "
        + "department: \(pick(["ecology", "housing", "urban"], &numbers)), "
        + "lead: \(pick(["township", "district", "city"], &numbers))\(days)\(flag)}"
    }
    let list = try DutyFileTests.list(text)
    let (place, day) = (try Self.managed(), try #require(CalendarDay("2026-11-27")))
    let routing = list.route(
      types: ["air", "noise", "water"], texts: ["工地油烟"], at: place, on: day)
    #expect(routing.matches.map(\.type) == ["dust", "fumes", "noise", "water"])
    for match in routing.matches {
      let type = try #require(list.types.first { $0.key == match.type })
      let rows = expected(list, type, place, day)
      switch match.answer {
      case .one(let duty): #expect(rows.contains(duty.row))
      case .tie(let tied): #expect(Set(tied) == rows && rows.count > 1)
      case .noRow: #expect(rows.isEmpty)
      case .noUnit(let row): #expect(rows.contains(row))
      }
    }
  }
}
