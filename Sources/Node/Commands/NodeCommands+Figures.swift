import Casework
import Ledger
import Regions
import Store

/// How many leads came, and what became of them (办结率、结案率、同比): schema `liandong.figures/1`.
package struct FigureAnswer: Codable, Hashable, Sendable {
  /// A region's own share.
  package struct Region: Codable, Hashable, Sendable {
    package let region: String
    package let received: Int
    package let closed: Int
    package let closingRate: String?
  }

  package let schema: String
  package let from: String
  package let until: String
  /// Leads reported in that time, without those that were voided.
  package let received: Int
  /// Of them, those closed, disclosed or archived now.
  package let closed: Int
  /// `closed` of `received` in percent; absent where none came. So with all rates.
  package let closingRate: String?
  package let voided: Int
  /// Of them, those filed as a case (立案).
  package let filed: Int
  /// Of the filed, those whose penalty was executed or waived (结案).
  package let concluded: Int
  package let concludingRate: String?
  /// Leads reported in the same time of the year before.
  package let receivedYearBefore: Int
  /// From then to now, in percent (同比).
  package let growth: String?
  /// By region, in the order of their ids.
  package let regions: [Region]
}

extension NodeCommands {
  private static let voidStage = "void"
  private static let filedKind = "lead.filed"
  private static let concludingKinds = ["lead.executed", "lead.penalty_waived"]
  private static let usualPlaces = 2

  /// Tells the figures of a time, of all leads that this node holds.
  ///
  /// - Throws: `CommandError` of exit 65 for a time or a number of places out of range.
  package func tellFigures(_ arguments: FigureArguments) throws -> FigureAnswer {
    let places = arguments.places ?? Self.usualPlaces
    guard (0...Percentage.maximumPlaces).contains(places) else {
      throw CommandError.field(
        "--places", zh: "应为 0 至 \(Percentage.maximumPlaces)",
        en: "must be 0 to \(Percentage.maximumPlaces)")
    }
    let until =
      try time(arguments.until, field: "--until") ?? Int64(clamping: core.wallMilliseconds())
    let from =
      try time(arguments.from, field: "--from") ?? Self.beginningOfYear(of: until) ?? 0
    let range = try Self.range(from, until)
    let before = Self.yearBefore(range)
    return try core.store.read { reader in
      let closing = closingStages()
      var regions: [String: (received: Int, closed: Int)] = [:]
      var voided = 0
      for count in try reader.stageCounts(reportedIn: range) where !count.stage.isEmpty {
        guard count.stage != Self.voidStage else {
          voided += count.count
          continue
        }
        var sum = regions[count.region] ?? (0, 0)
        sum.received += count.count
        if closing.contains(count.stage) { sum.closed += count.count }
        regions[count.region] = sum
      }
      let received = regions.values.reduce(0) { $0 + $1.received }
      let closed = regions.values.reduce(0) { $0 + $1.closed }
      let former = try reader.stageCounts(reportedIn: before)
        .filter { !$0.stage.isEmpty && $0.stage != Self.voidStage }.reduce(0) { $0 + $1.count }
      let (filed, concluded) = try cases(in: range, reader)
      return FigureAnswer(
        schema: "liandong.figures/1", from: CommandTime.text(range.lowerBound),
        until: CommandTime.text(range.upperBound), received: received, closed: closed,
        closingRate: Percentage.share(closed, of: received, places: places), voided: voided,
        filed: filed, concluded: concluded,
        concludingRate: Percentage.share(concluded, of: filed, places: places),
        receivedYearBefore: former,
        growth: Percentage.growth(from: former, to: received, places: places),
        regions: regions.sorted { $0.key < $1.key }.map { region, sum in
          FigureAnswer.Region(
            region: region, received: sum.received, closed: sum.closed,
            closingRate: Percentage.share(sum.closed, of: sum.received, places: places))
        })
    }
  }

  /// The leads reported in a time that were filed as a case, and those of them that were concluded.
  private func cases(
    in range: Range<Int64>, _ reader: StoreReader
  ) throws -> (filed: Int, concluded: Int) {
    let filed = try reader.effectiveCounts(of: Self.filedKind).filter { $0.value > 0 }
    guard !filed.isEmpty else { return (0, 0) }
    var concluded: Set<EntityID> = []
    for kind in Self.concludingKinds {
      for (id, count) in try reader.effectiveCounts(of: kind) where count > 0 {
        concluded.insert(id)
      }
    }
    var found = (filed: 0, concluded: 0)
    try reader.forEachLead(reportedIn: range) { id, _, stage in
      guard stage != Self.voidStage, filed[id] != nil else { return true }
      found.filed += 1
      if concluded.contains(id) { found.concluded += 1 }
      return true
    }
    return found
  }

  /// The stages at which a lead is closed in every process that this node knows: the closes, and the
  /// ends that a close leads to.
  func closingStages() -> Set<String> {
    let library = core.store.rules.library
    return Set(library.hashes.flatMap { library[$0]?.family(named: "lead")?.closedStages ?? [] })
  }

  static func range(_ from: Int64, _ until: Int64) throws -> Range<Int64> {
    guard from < until else {
      throw CommandError.field(
        "--from", zh: "应早于 --until", en: "must be earlier than --until")
    }
    return from..<until
  }

  private static func beginningOfYear(of milliseconds: Int64) -> Int64? {
    CommandTime.day(UInt64(clamping: milliseconds))
      .flatMap { CommandTime.milliseconds("\($0.description.prefix(4))-01-01") }
  }

  /// The same days a year before. Whoever asks for the 29th of February is told of the 28th.
  private static func yearBefore(_ range: Range<Int64>) -> Range<Int64> {
    func before(_ milliseconds: Int64) -> Int64 {
      guard let day = CommandTime.day(UInt64(clamping: milliseconds)),
        let start = CommandTime.milliseconds(day.description),
        let former = CalendarDay(year: day.year - 1, month: day.month, day: day.day)
          ?? CalendarDay(year: day.year - 1, month: day.month, day: day.day - 1),
        let formerStart = CommandTime.milliseconds(former.description)
      else { return 0 }
      return formerStart + (milliseconds - start)
    }
    let (from, until) = (before(range.lowerBound), before(range.upperBound))
    return from..<max(from, until)
  }
}
