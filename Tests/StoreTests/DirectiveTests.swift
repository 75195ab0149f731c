import Casework
import Ledger
import Regions
import Replication
import Testing

@testable import Store

/// Receipt lines of directives over three tiers: who tells what of them, and what becomes of acts done
/// apart.
@Suite struct DirectiveTests {
  @Test func `the recipient's node tells once that its line is here, and no other node`() throws {
    let offices = try DirectiveCity(seed: 801)
    let (city, issued) = (offices.city, try offices.issue(to: [.t1, .d2]))
    #expect(try offices.deliver(at: .h) == 0)
    try city.settle()
    // D1 holds the line of T1 and is not the one that it is for.
    #expect(try [.h, .d1, .t3].map { try offices.deliver(at: $0) } == [0, 0, 0])
    #expect(try offices.stage(of: issued.lines[0], at: .t1) == "open")
    try city.restart(.t1)
    #expect(try [.t1, .d2].map { try offices.deliver(at: $0) } == [1, 1])
    #expect(try [.t1, .d2].map { try offices.deliver(at: $0) } == [0, 0])
    _ = try city.write(city[.t1]) { try $0.rebuild { _ in } }
    #expect(try offices.deliver(at: .t1) == 0)
    #expect(try city[.t1].store.read { try $0.awaitsDeliveries() } == false)
    try offices.check()
    for line in issued.lines { #expect(try offices.stage(of: line, at: .h) == "delivered") }
    let told = try city[.h].store.read { try $0.timeline(of: issued.lines[0]) }.last
    #expect(told?.stamp.role == "system")
    #expect(told?.stamp.origin.region == .t1)
  }

  @Test func `a rebuild before the word was given keeps that it is owed`() throws {
    let offices = try DirectiveCity(seed: 802)
    let issued = try offices.issue(to: [.t1])
    try offices.city.settle()
    _ = try offices.city.write(offices.city[.t1]) { try $0.rebuild { _ in } }
    try offices.check()
    #expect(try offices.deliver(at: .t1) == 1)
    #expect(try offices.stage(of: issued.lines[0], at: .t1) == "delivered")
  }

  @Test func `a stranger's line, and one of an office that was left, learn nothing`() throws {
    let offices = try DirectiveCity(seed: 803)
    let city = offices.city
    let issued = try offices.issue(to: [.t2])
    let forged = try city.entity(
      of: offices.author(.d2, [offices.line(of: issued.directive, to: .t1, by: .d2)]))
    let forgedForOwn = try city.entity(
      of: offices.author(.d1, [offices.line(of: issued.directive, to: .t1, by: .d1)]))
    try city.settle()
    #expect(try city[.t1].entity(forgedForOwn) != nil, "the line came")
    #expect(try offices.deliver(at: .t1) == 0)
    // A line of T3's own district, which T3 leaves before it takes the line.
    let own = DirectiveIssue(title: "巡查", text: "夜查")
      .draft(rules: offices.rules, salt: city.numbers.bytes(16), audience: [.d2, .t3])
    let directive = try city.entity(of: offices.author(.d2, [own]))
    let left = try city.entity(
      of: offices.author(.d2, [offices.line(of: directive, to: .t3, by: .d2)]))
    try city.settle()
    try city.move(.t3, under: .d1)
    try city.settle()
    #expect(try offices.deliver(at: .t3) == 0)
    // A stranger's act on a line of another region has no effect anywhere.
    try offices.act(.accept(), on: issued.lines[0], at: .d1)
    try offices.check()
    for (line, region) in [(forged, RegionID.d2), (forgedForOwn, .t1), (left, .t3)] {
      #expect(try offices.stage(of: line, at: region) == "open")
    }
    #expect(try offices.stage(of: issued.lines[0], at: .h) == "open")
  }

  @Test func `the issuer warns of each level once, also of a recipient that is cut off`() throws {
    let offices = try DirectiveCity(seed: 804)
    let city = offices.city
    let issued = try offices.issue(to: [.t1, .t3], dueMilliseconds: city.now + 40 * Self.hour)
    city.cutLinks(of: .t1)
    city.partitions = [[.d1, .t1]]
    try city.settle()
    try offices.deliver(at: .t3)
    try offices.act(.read(), on: issued.lines[1], at: .t3)
    try offices.act(.accept(), on: issued.lines[1], at: .t3)
    try city.settle()
    // The hub was down when all three levels of the first stage were reached.
    city.now += 5 * Self.hour
    #expect(try [.d1, .d2, .t1, .t3].map { try offices.warn(at: $0) } == [0, 0, 0, 0])
    #expect(try offices.warn(at: .h) == 3)
    #expect(try offices.warn(at: .h) == 0)
    city.partitions = []
    try city.settle()
    try offices.deliver(at: .t1)
    try city.settle()
    // T1 has the directive at last, and two hours to read it; T3 has until it is due.
    city.now += 2 * Self.hour
    #expect(try offices.warn(at: .h) == 1)
    city.now += 34 * Self.hour
    #expect(try offices.warn(at: .h) == 3)
    #expect(try offices.warn(at: .h) == 0)
    try city.settle()
    #expect(
      try words(issued.lines[0], at: .t1, in: city) == [
        "open yellow", "open orange", "open red", "delivered yellow", "delivered orange",
        "delivered red",
      ])
    #expect(try words(issued.lines[1], at: .t3, in: city) == ["accepted yellow"])
    try offices.check()
  }

  private func words(
    _ line: EntityID, at region: RegionID, in city: HandTurnedCity
  ) throws -> [String] {
    try city[region].store.read { try $0.warnings(WarningFilter(entity: line, limit: 99)) }
      .map { warning in
        #expect(warning.region == .h)
        return "\(warning.warning.stage) \(warning.warning.key.level)"
      }
      .reversed()
  }

  /// The issuer's act goes first, whoever was earlier and whatever arrived first.
  @Test(arguments: [true, false], [true, false])
  func `a line that is done and superseded at once is superseded, and a conflict says so`(
    isDoneFirst: Bool, comesFromBelow: Bool
  ) throws {
    let offices = try DirectiveCity(seed: 805)
    let city = offices.city
    let (former, later) = (try offices.issue(to: [.t1]), try offices.issue(to: [.t1]))
    let line = former.lines[0]
    try city.settle()
    try offices.deliver(at: .t1)
    try offices.act(.accept(), on: line, at: .t1)
    try city.settle()
    city.cutLinks(of: .d1)
    city.partitions = [[.d1, .t1], [.d1, .h]]
    let done = { try offices.act(.completeReceipt(), on: line, at: .t1) }
    if isDoneFirst { try done() }
    try offices.act(.supersedeDirective(by: later.directive), on: former.directive, at: .h)
    try offices.act(.supersedeReceipt(by: later.directive), on: line, at: .h)
    if !isDoneFirst { try done() }
    city.partitions = comesFromBelow ? [[.d1, .h]] : [[.d1, .t1]]
    try city.settle()
    city.partitions = []
    try offices.check()
    for region in [RegionID.h, .d1, .t1] {
      #expect(try offices.stage(of: line, at: region) == "superseded", "\(region)")
      #expect(try offices.stage(of: former.directive, at: region) == "superseded")
      let state = try #require(try city[region].entity(line)?.state)
      #expect(state.openConflictCount == 1)
    }
  }

  private static let hour = DirectiveCity.hour
}
