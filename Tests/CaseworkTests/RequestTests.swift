import Ledger
import Regions
import Testing

@testable import Casework

/// Acts that answer what another act asks, as a grant does a request for an extension: from above, once.
@Suite struct RequestTests {
  private static let text = """
    process: 1
    roles: {officer: {zh: 经办人, en: officer}, leader: {zh: 领导, en: leader}}
    words: {days: {zh: 天数, en: days}}
    families:
      lead:
        zh: 线索
        en: lead
        stages:
          open: {zh: 待办, en: open}
          done: {zh: 办结, en: done, closes: true}
        acts:
          lead.reported: {zh: 上报, en: reported, found: actor}
          lead.asked: {zh: 申请, en: asked, note: true, takes: {days: number}}
          lead.granted:
            {zh: 批准, en: granted, note: true, clock: extends,
             by: {tiers: [city, district], roles: [officer, leader], places: [founder], above: lead.asked, top: [leader]},
             takes: {days: number}}
          lead.closed: {zh: 办结, en: closed, from: [open], to: done}
    """
  private static let (ask, grant) = ("lead.asked", "lead.granted")

  private func days(_ number: Int64) -> CanonicalValue { .map(["days": .integer(number)]) }

  @Test func `an extension is granted above who asked, once, and for no longer`() throws {
    var lead = SampleCase(process: try ProcessFileTests.draft(Self.text))
    let (hub, district) = (try Office("hub", .city), try Office("east", .district))
    let other = try Office("west", .district)
    let township = try Office("lake", .township)
    let root = try lead.report(by: district)
    var state = try lead.state()
    #expect(lead.folder.refusal(of: Self.grant, on: state, by: hub.actor)?.code == .notAsked)
    let early = try lead.write(Self.grant, days(1), by: hub, at: 2, on: [root])
    let asked = try lead.write(Self.ask, days(9), by: township, at: 3, on: [early])
    state = try lead.state()
    #expect(lead.fold().outcomes[early.event.hash] == .ineffective(.notAllowed))
    #expect(lead.folder.refusal(of: Self.grant, on: state, by: township.actor)?.code == .tier)
    #expect(lead.folder.refusal(of: Self.grant, on: state, by: other.actor)?.code == .place)
    for office in [hub, district] {
      #expect(lead.folder.refusal(of: Self.grant, on: state, by: office.actor) == nil)
    }
    let long = lead.folder.refusal(of: Self.grant, saying: days(10), on: state)
    #expect(long?.code == .tooManyDays && long?.english.contains("9 days") == true)
    let tooLong = try lead.write(Self.grant, days(10), by: district, at: 4, on: [asked])
    #expect(lead.fold().outcomes[tooLong.event.hash] == .ineffective(.notAllowed))
    let granted = try lead.write(Self.grant, days(9), by: district, at: 5, on: [tooLong])
    #expect(lead.fold().outcomes[granted.event.hash] == .effective)
    state = try lead.state()
    #expect(lead.folder.refusal(of: Self.grant, on: state, by: hub.actor)?.code == .answered)
    #expect(try EntityState(decoding: state.encoded) == state)
  }

  @Test func `an office grants none to its own tier, and at the city another leader does`() throws {
    var lead = SampleCase(process: try ProcessFileTests.draft(Self.text))
    let district = try Office("east", .district, account: "wang", role: "leader")
    let root = try lead.report(by: district)
    let asked = try lead.write(Self.ask, days(9), by: district, at: 2, on: [root])
    let colleague = try Office("east", .district, account: "li", role: "leader")
    var state = try lead.state()
    #expect(lead.folder.refusal(of: Self.grant, on: state, by: colleague.actor)?.code == .notAbove)
    let own = try lead.write(Self.grant, days(1), by: colleague, at: 3, on: [asked])
    #expect(lead.fold().outcomes[own.event.hash] == .ineffective(.notAuthorised))
    let mayor = try Office("hub", .city, account: "zhao", role: "leader")
    #expect(lead.folder.refusal(of: Self.grant, on: state, by: mayor.actor) == nil)
    let topAsked = try lead.write(Self.ask, days(9), by: mayor, at: 4, on: [own])
    state = try lead.state()
    let officer = try Office("hub", .city, account: "qian")
    let second = try Office("hub", .city, account: "qian", role: "leader")
    #expect(lead.folder.refusal(of: Self.grant, on: state, by: mayor.actor)?.code == .notAbove)
    #expect(lead.folder.refusal(of: Self.grant, on: state, by: officer.actor)?.code == .notAbove)
    #expect(lead.folder.refusal(of: Self.grant, on: state, by: second.actor) == nil)
    let granted = try lead.write(Self.grant, days(9), by: second, at: 5, on: [topAsked])
    #expect(lead.fold().outcomes[granted.event.hash] == .effective)
  }

  @Test func `of two grants done apart the higher tier's stands`() throws {
    var lead = SampleCase(process: try ProcessFileTests.draft(Self.text))
    let (hub, district) = (try Office("hub", .city), try Office("east", .district))
    let root = try lead.report(by: district)
    let asked = try lead.write(
      Self.ask, days(9), by: try Office("lake", .township), at: 2, on: [root])
    let low = try lead.write(Self.grant, days(2), by: district, at: 3, on: [asked])
    let high = try lead.write(Self.grant, days(3), by: hub, at: 4, on: [asked])
    let result = lead.fold()
    #expect(result.outcomes[low.event.hash] == .ineffective(.alreadyDecided))
    #expect(result.outcomes[high.event.hash] == .effective)
    #expect(result.state?.facts[Self.grant]?.count == 1)
    let third = try lead.write(Self.grant, days(1), by: hub, at: 5, on: [low])
    #expect(lead.fold().outcomes[third.event.hash] == .ineffective(.notAllowed))
  }

  /// Random graphs of requests and grants, told against a reading of the rule that looks at ancestors
  /// alone; in any order of arrival and by the fast path the bytes are the same.
  @Test(arguments: 0..<200) func `every history agrees with the rule read off its ancestors`(
    _ seed: UInt64
  ) throws {
    var lead = SampleCase(seed: seed, process: try ProcessFileTests.draft(Self.text))
    var numbers = SeededNumbers(seed: seed)
    let offices = try [
      Office("hub", .city, account: "a", role: "leader"), Office("hub", .city, account: "b"),
      Office("hub", .city, account: "c", role: "leader"), Office("east", .district),
      Office("west", .district), Office("lake", .township),
    ]
    let root = try lead.report(by: offices[3])
    var ancestors: [Hash: Set<Hash>] = [root.event.hash: []]
    var allowed: [(input: FoldInput, isAsk: Bool, days: Int64)] = []
    var expected: [Hash: Outcome] = [:]
    for step in 2..<26 {
      let office = offices[Int.random(in: 0..<offices.count, using: &numbers)]
      let parents = (0..<Int.random(in: 1...2, using: &numbers)).map { _ in
        lead.inputs[
          Int.random(in: max(0, lead.inputs.count - 4)..<lead.inputs.count, using: &numbers)]
      }
      let isAsk = Int.random(in: 0..<5, using: &numbers) < 2
      let count = Int64.random(in: 1...3, using: &numbers)
      let input = try lead.write(
        isAsk ? Self.ask : Self.grant, days(count), by: office, at: UInt64(step),
        on: Array(Set(parents)).sorted { $0.event.hash < $1.event.hash })
      let above = parents.reduce(into: Set<Hash>()) {
        $0.formUnion(ancestors[$1.event.hash] ?? [])
        $0.insert($1.event.hash)
      }
      ancestors[input.event.hash] = above
      let seen = allowed.filter { above.contains($0.input.event.hash) }
      let outcome =
        isAsk ? .effective : Self.outcome(of: office, days: count, after: seen)
      expected[input.event.hash] = outcome
      if outcome == .effective { allowed.append((input, isAsk, count)) }
    }
    let grants = allowed.filter { !$0.isAsk }.map(\.input)
    let first = grants.min { a, b in
      a.tier != b.tier ? a.tier < b.tier : (a.time, a.event.hash) < (b.time, b.event.hash)
    }
    for grant in grants where grant.event.hash != first?.event.hash {
      expected[grant.event.hash] = .ineffective(.alreadyDecided)
    }
    let whole = lead.fold()
    for (event, outcome) in expected { #expect(whole.outcomes[event] == outcome, "seed \(seed)") }
    let bytes = try #require(whole.state).encoded
    #expect(lead.folder.fold(lead.inputs.shuffled(using: &numbers)).state?.encoded == bytes)
    #expect(try EntityState(decoding: bytes).encoded == bytes)
    for input in lead.inputs.dropFirst() {
      let before = lead.inputs.filter {
        ancestors[input.event.hash]?.contains($0.event.hash) == true
      }
      let fast = lead.folder.advance(lead.folder.fold(before).state, by: input)
      #expect(fast?.encoded == lead.folder.fold(before + [input]).state?.encoded, "seed \(seed)")
    }
  }

  private static func outcome(
    of office: Office, days: Int64, after seen: [(input: FoldInput, isAsk: Bool, days: Int64)]
  ) -> Outcome {
    if office.tier == .township { return .ineffective(.notAuthorised) }
    if office.tier == .district, office.region.rawValue != "east" {
      return .ineffective(.notAuthorised)
    }
    let asks = seen.filter(\.isAsk)
    if asks.isEmpty || asks.count < seen.count { return .ineffective(.notAllowed) }
    for ask in asks where ask.input.tier <= office.tier {
      let isAnotherLeader = office.role == "leader" && ask.input.account != office.account
      if office.tier != .city || !isAnotherLeader { return .ineffective(.notAuthorised) }
    }
    let most = asks.map(\.days).max() ?? 0
    return days <= most ? .effective : .ineffective(.notAllowed)
  }

  @Test(arguments: [
    ("above: lead.asked", "above: lead.gone", "unknown_act", 16),
    ("above: lead.asked", "above: lead.closed", "unknown_act", 16),
    ("above: lead.asked", "above: lead.granted", "unknown_act", 16),
    ("above: lead.asked, top", "top", "missing_key", 16),
    ("top: [leader]", "top: [mayor]", "unknown_role", 16),
    ("roles: [officer, leader]", "roles: [officer]", "nobody_may", 16),
    ("tiers: [city, district]", "tiers: [township]", "nobody_may", 16),
    ("note: true, clock: extends", "fact: true", "not_a_note", 16),
    ("words:", "movers: {above: lead.asked}\nwords:", "unknown_act", 3),
  ])
  func `each fault of such an act is told at its line`(
    _ good: String, _ bad: String, _ code: String, _ line: Int
  ) {
    guard case .refused(let findings) = ProcessFile.parse(Self.text.replacing(good, with: bad))
    else {
      Issue.record("'\(bad)' was taken")
      return
    }
    let told = findings.first { $0.code == code }
    #expect(told?.line == line, "\(findings)")
    #expect(told.map { !$0.chinese.isEmpty && !$0.english.isEmpty } == true)
  }

  @Test func `a process without answers keeps its bytes, and one with them is read back`() throws {
    let process = try ProcessFileTests.draft(Self.text)
    #expect(try Casework.Process(decoding: process.encoded) == process)
    let answer = process.rule(for: Self.grant)?.rule.actors
    #expect(answer?.above == Above(Self.ask, top: ["leader"]))
    #expect(answer?.value["above"] != nil && Actors.anyone.value["above"] == nil)
  }
}
