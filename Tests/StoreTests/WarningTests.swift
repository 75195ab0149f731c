import Casework
import Ledger
import Regions
import Replication
import Testing

@testable import Store

/// Warnings: which office writes them, once each, whatever was offline or looked late.
@Suite struct WarningTests {
  static let hour: UInt64 = 3_600_000

  /// Two stages with a limit, a whole with one, and supervision.
  static func process() throws -> Process {
    let hours = { (count: Int64) in
      try #require(TimeLimit(thousandths: count * 1_000, unit: .hours))
    }
    let warned = { (family: String) in
      KindRule(
        Process.warnedKind(of: family), "预警", "warned", .note,
        by: Actors(tiers: [.city, .district], roles: ["system"]))
    }
    return try Process(
      families: [
        Family(
          name: "lead", chinese: "线索", english: "lead",
          stages: [
            Stage("open", "待办", "open", limit: StageLimit(base: .fixed(hours(2)))),
            Stage("sign", "签收", "to be signed", limit: StageLimit(base: .fixed(hours(4)))),
            Stage("done", "办结", "done", isClosing: true),
          ],
          kinds: [
            KindRule("lead.reported", "上报", "reported", .found(.actor)),
            KindRule(
              "lead.dispatched", "分办", "dispatched", .move(from: ["open"], to: "sign", .named)),
            KindRule(
              "lead.closed", "办结", "closed", .move(from: ["open", "sign"], to: "done", .keeps)),
            KindRule(
              "lead.reopened", "重办", "reopened", .move(from: ["done"], to: "open", .actor)),
            warned("lead"),
          ], total: StageLimit(base: .fixed(hours(100)))),
        Family(
          name: "supervision", chinese: "监督", english: "supervision",
          stages: [
            Stage("opened", "待受理", "opened"),
            Stage("concluded", "结案", "concluded", isClosing: true),
          ],
          kinds: [
            KindRule(
              SupervisionOpening.kind, "立案", "opened", .found(.actor),
              by: Actors(tiers: [.city, .district], roles: ["system"])),
            KindRule(
              "supervision.concluded", "结案", "concluded",
              .move(from: ["opened"], to: "concluded", .keeps)),
          ]),
      ], movers: Actors(tiers: [.city]))
  }

  /// A city under the process, and a lead that T1 reported.
  private func city(_ seed: UInt64) throws -> (city: HandTurnedCity, lead: EntityID) {
    let city = try HandTurnedCity(seed: seed, .twoDistricts())
    try city.settle()
    let lead = try city.report(under: Self.process(), at: .t1)
    try city.settle()
    return (city, lead)
  }

  @discardableResult
  private func sweep(_ region: RegionID, in city: HandTurnedCity) throws -> WarningSweep {
    try city.write(city[region]) { transaction in
      try transaction.sweepWarnings { city.numbers.bytes(16) }
    }
  }

  private func words(_ region: RegionID, in city: HandTurnedCity) throws -> [String] {
    try city[region].store.read { try $0.warnings(WarningFilter(limit: 500)) }
      .map { "\($0.region) \($0.warning.key.subject) \($0.warning.stage) \($0.warning.key.level)" }
      .reversed()
  }

  private func check(_ city: HandTurnedCity) throws {
    try city.checkConverged(alive: city.alive)
    for region in city.regions {
      let report = try city[region].store.read { try $0.verify(judge: city.authority) { _ in } }
      #expect(report.isGood, "\(region): \(report.failures)")
    }
  }

  @Test func `the district above writes each level of a township's stage once`() throws {
    let (city, lead) = try city(701)
    #expect(try sweep(.d1, in: city).warnings == 0)
    for (hours, count) in [(2, 1), (3, 2), (4, 3), (60, 3)] {
      city.now += UInt64(hours) * Self.hour - (city.now - (try founded(lead, city)))
      for region in city.regions { try sweep(region, in: city) }
      for region in city.regions { #expect(try sweep(region, in: city).warnings == 0) }
      try city.settle()
      #expect(try words(.t1, in: city).count == count, "after \(hours) h")
    }
    let expected = ["yellow", "orange", "red"].map { "\(RegionID.d1) stage open \($0)" }
    for region in [RegionID.h, .d1, .t1] { #expect(try words(region, in: city) == expected) }
    // The red one opened one case, at the district, which the township does not hold.
    for region in [RegionID.h, .d1] {
      let cases = try city[region].store.read { try $0.supervisions(of: lead, limit: 9) }
      #expect(cases.count == 1)
      #expect(cases[0].state.flatMap { Supervision($0) }?.unit == .t1)
    }
    #expect(try city[.t1].store.read { try $0.supervisions(limit: 9) }.isEmpty)
    try check(city)
  }

  private func founded(_ lead: EntityID, _ city: HandTurnedCity) throws -> UInt64 {
    try #require(try city[.t1].entity(lead)?.state?.founding.time.milliseconds)
  }

  @Test func `levels that were missed are caught up on, also of stages that were left`() throws {
    let (city, lead) = try city(702)
    city.now += 3 * Self.hour
    try city.act(.dispatch(to: [.t2]), on: lead, at: .d1, audience: [.t2])
    try city.settle()
    city.now += 7 * Self.hour
    try city.act(Act(kind: "lead.closed", body: .map([:])), on: lead, at: .t2)
    try city.settle()
    city.now += 240 * Self.hour
    for region in city.regions { try sweep(region, in: city) }
    try city.settle()
    // Open lasted three of its two hours, the signing seven of its four; the close ended both and
    // the whole. Ten days after it nothing more is due.
    let expected = [
      "\(RegionID.d1) stage open yellow", "\(RegionID.d1) stage open orange",
      "\(RegionID.d1) stage sign yellow", "\(RegionID.d1) stage sign orange",
    ]
    #expect(try words(.d1, in: city) == expected)
    // A reopening begins the handling, and the stage, anew.
    try city.act(Act(kind: "lead.reopened", body: .map([:])), on: lead, at: .d1)
    city.now += Self.hour
    #expect(try sweep(.d1, in: city).warnings == 0)
    city.now += 100 * Self.hour
    #expect(try sweep(.d1, in: city).warnings == 4)
    #expect(
      try words(.d1, in: city).suffix(4) == [
        "\(RegionID.d1) stage open yellow", "\(RegionID.d1) stage open orange",
        "\(RegionID.d1) stage open red", "\(RegionID.d1) total open yellow",
      ])
    try city.settle()
    try check(city)
  }

  @Test func `a clock that steps back warns of nothing twice`() throws {
    let (city, _) = try city(703)
    city.now += 4 * Self.hour
    #expect(try sweep(.d1, in: city).warnings == 3)
    city.now -= 3 * Self.hour
    #expect(try sweep(.d1, in: city).warnings == 0)
    city.now += 3 * Self.hour
    #expect(try sweep(.d1, in: city).warnings == 0)
    _ = try city.write(city[.d1]) { try $0.rebuild { _ in } }
    let again = try sweep(.d1, in: city)
    #expect((again.examined, again.warnings) == (1, 0))
    try city.settle()
    try check(city)
  }

  @Test func `two offices that both warned, around a move, are told as one`() throws {
    let (city, lead) = try city(704)
    // Both districts hold the lead; only the first is above T1.
    try city.act(Act(kind: "lead.dispatched", body: .null), on: lead, at: .d1, audience: [.d2])
    try city.settle()
    city.cutLinks(of: .d1)
    city.partitions = [[.d1, .h], [.d1, .t1]]
    try city.move(.t1, under: .d2)
    try city.settle()
    city.now += 4 * Self.hour
    #expect(try sweep(.d1, in: city).warnings == 3)
    #expect(try sweep(.d2, in: city).warnings == 3)
    city.partitions = []
    try city.settle()
    for region in [RegionID.h, .d2] {
      #expect(try words(region, in: city).count == 3, "\(region)")
      #expect(try city[region].entity(lead)?.state?.conflicts.isEmpty == true)
    }
    #expect(try city[.h].entity(lead)?.state?.facts["lead.warned"]?.count == 6)
    try check(city)
  }

  @Test func `a forged warning silences nothing`() throws {
    let (city, lead) = try city(705)
    let state = try #require(try city[.t1].entity(lead))
    let key = CaseWarning.Key(subject: .stage, event: state.heads[0], level: .red, rule: nil)
    let body = CaseWarning(key, stage: "open", sinceMilliseconds: 0).body
    try city.act(Act(kind: "lead.warned", body: body), on: lead, at: .t1)
    try city.settle()
    #expect(try words(.d1, in: city).isEmpty)
    city.now += 4 * Self.hour
    #expect(try sweep(.d1, in: city).warnings == 3)
    try city.settle()
    try check(city)
  }

  @Test func `a sweep costs what is due, and goes on where it stopped`() throws {
    let (city, _) = try city(706)
    let process = try Self.process()
    let count = StoreBounds.sweptCases + 20
    for serial in 0..<count {
      let number = try #require(
        LeadNumber(region: 1, incarnation: 1, serial: 100 + serial))
      let report = LeadReport(
        number: number, channel: "phone", reportedAtMilliseconds: 0, title: "噪声", text: "夜间")
      try city.author(
        .t1, [report.draft(rules: process.hash, salt: city.numbers.bytes(16), audience: [])])
    }
    try city.settle()
    // The first look at each finds that nothing is due; the next has nothing to look at.
    var sweeps = [try sweep(.d1, in: city), try sweep(.d1, in: city), try sweep(.d1, in: city)]
    #expect(sweeps.map(\.examined) == [StoreBounds.sweptCases, 21, 0])
    #expect(sweeps.map(\.isComplete) == [false, true, true])
    city.now += 2 * Self.hour
    sweeps = [try sweep(.d1, in: city), try sweep(.d1, in: city), try sweep(.d1, in: city)]
    #expect(sweeps.map(\.warnings) == [StoreBounds.sweptCases, 21, 0])
    let plan = try city.write(city[.d1]) { try $0.connection.plan(of: StoreTransaction.dueClocks) }
    #expect(plan.contains { $0.contains("clocks_by_time") }, "\(plan)")
  }
}
