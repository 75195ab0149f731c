import Casework
import Ledger
import Regions
import Store

/// What the hub publishes while the city is at work, and who goes by it.
extension City {
  /// One duty list has a row for one pollution type, which this is.
  private static let type = "air"
  /// How far from now a duty list comes into force, back or ahead, in milliseconds.
  private static let dutyReach: UInt64 = 8 * 3_600_000
  /// The years of which there are tables of holidays.
  private static let year = 2023

  /// The third rules file first, the one on trial and the demand for accounts next; then now and then
  /// holidays and duty lists.
  func publishSomething() throws {
    let at = Int64(clock(of: hub))
    let held = books.published(at: hubIndex)
    let known = held.compactMap {
      if case .process(let hash, _) = $0.content { hash } else { nil }
    }
    for process in [.third, trial].compactMap({ $0 }) where !known.contains(process.hash) {
      let draft = PublishedProcess.draft(
        process, effectiveMilliseconds: at, salt: numbers.bytes(16))
      return try publish(draft, .process(process.hash, from: at))
    }
    if try hub.store.read({ try $0.accountsDemandedSince() }) == nil {
      try author(
        hub, lane: .urgent, actor: AccountRole.administrator.rawValue,
        [AccountDemand.draft(salt: numbers.bytes(16))])
      return
    }
    numbers.permille(200) ? try publishHolidays() : try publishDuties(at: at)
  }

  private func publish(_ draft: EventDraft, _ content: Books.Published.Content) throws {
    guard let commit = try author(hub, lane: .urgent, [draft]) else { return }
    books.notePublished(content, in: commit)
  }

  private func publishHolidays() throws {
    let off = (1...3).compactMap { _ in
      CalendarDay(year: Self.year, month: 12, day: 1 + numbers.index(below: 30))
    }
    let days = Set(off).sorted()
    let table = WorkingCalendar.Year(Self.year, daysOff: days, workingWeekendDays: [])
    try publish(
      PublishedCalendar.draft([table], salt: numbers.bytes(16)), .holidays(days))
  }

  private func publishDuties(at now: Int64) throws {
    let unit = numbers.pick(Tier.allCases) ?? .city
    let from = now + Int64(numbers.below(2 * Self.dutyReach)) - Int64(Self.dutyReach)
    guard let list = DutyList(decoding: Self.dutyList(unit: unit, mark: numbers.below(1_000)))
    else {
      throw HarnessFault("the simulated duty list cannot be read")
    }
    let draft = PublishedDuties.draft(
      list, effectiveMilliseconds: from, salt: numbers.bytes(16))
    try publish(draft, .duties(list.hash, unit: unit, from: from))
  }

  /// A list with one row: the unit of a tier answers for everything.
  private static func dutyList(unit: Tier, mark: UInt64) -> [UInt8] {
    let words: [String: CanonicalValue] = ["zh": .text("大气"), "en": .text("air \(mark)")]
    func named(_ key: String, _ more: [String: CanonicalValue]) -> CanonicalValue {
      .map(words.merging(more.merging(["key": .text(key)]) { $1 }) { $1 })
    }
    let row: [String: CanonicalValue] = [
      "key": .text("all"), "types": .array([.text(type)]), "department": .text("ecology"),
      "lead": .text(unit.name), "with": .array([]), "administrative": .boolean(false),
    ]
    return CanonicalValue.map([
      "duties": .integer(1), "channels": .array([]),
      "types": .array([named(type, ["words": .array([])])]),
      "departments": .array([named("ecology", ["types": .array([.text(type)])])]),
      "rows": .array([.map(row)]),
    ]).encoded
  }

  /// A dispatch by the duty list in force, as a node proposes it; `nil` where none is.
  func dispatchByRule(of state: EntityState, at office: Office) throws -> Act? {
    let now = Int64(clock(of: office))
    guard let tree = try office.tree,
      let version = try office.store.read({ try $0.duties() }).inForce(at: now),
      let day = try? ChinaTime.day(atMilliseconds: now)
    else { return nil }
    let steps = tree.path(from: state.founding.region).compactMap { region in
      tree.tier(of: region).map { DutyPlace.Step(region, $0) }
    }
    let routing = version.list.route(
      types: [Self.type], texts: [], at: DutyPlace(managing: steps, administrative: steps), on: day)
    try checkRouting(routing, by: version.list.hash, of: state.founding.region, at: office, now)
    return routing.lead.map {
      .dispatch(
        to: [$0.unit] + routing.coUnits, department: $0.department,
        rule: "duties \(version.list.hash.short) \($0.row)")
    }
  }

  /// The version is, of those that the office holds, the one that came into force last before now, and
  /// it names the unit of its tier at or above the place.
  private func checkRouting(
    _ routing: DutyRouting, by list: Hash, of place: RegionID, at office: Office, _ now: Int64
  ) throws {
    var latest: (from: Int64, written: UInt64, event: Hash, list: Hash, unit: Tier)?
    for publication in books.published(at: office.index) {
      guard case .duties(let hash, let unit, let from) = publication.content, from <= now else {
        continue
      }
      let fact = books.facts[publication.event]
      let other = (from, fact.stamp.time.rawValue, fact.hash)
      if let latest, other < (latest.from, latest.written, latest.event) { continue }
      latest = (from, other.1, other.2, hash, unit)
    }
    let path = try office.tree?.path(from: place) ?? []
    let unit = path.first { region in self.office(region)?.tier == latest?.unit }
    try checks.expect(
      "duty_list", list == latest?.list && routing.lead?.unit == unit,
      about: [office.region.rawValue, place.rawValue]
    ) {
      "\(office.region) routes a lead of \(place) to \(routing.lead?.unit.rawValue ?? "nobody") by "
        + "\(list.short); by \(latest?.list.short ?? "no list") it is \(unit?.rawValue ?? "nobody")"
    }
  }
}
