import Casework
import Ledger
import Regions
import Testing

struct DecisionTests {
  let city: Office
  let district: Office
  let township: Office
  let neighbour: Office

  init() throws {
    city = try Office("city", .city)
    district = try Office("haizhou-qu", .district)
    township = try Office("xinpu-jie", .township)
    neighbour = try Office("xinhai-jie", .township)
  }

  /// A lead that the district dispatched to the township, and then, apart from each other, the
  /// township signed for and the district withdrew. The district's act stands.
  private func disputed() throws -> (
    lead: SampleCase, sent: FoldInput, withdrawn: FoldInput, signed: FoldInput
  ) {
    var lead = SampleCase()
    let root = try lead.report(by: district)
    let sent = try lead.act(.dispatch(to: [township.region]), by: district, at: 2, on: [root])
    let signed = try lead.act(.sign(), by: township, at: 3, on: [sent])
    let withdrawn = try lead.act(.withdraw(), by: district, at: 4, on: [sent])
    return (lead, sent, withdrawn, signed)
  }

  @Test func `a confirmed conflict stays listed with its decision and changes nothing else`()
    throws
  {
    var (lead, _, withdrawn, signed) = try disputed()
    let before = try lead.state()
    let pair = try #require(before.conflicts.first)
    #expect(before.openConflictCount == 1)
    let decision = try lead.act(
      .decide(pair, .confirmed), by: district, at: 5, on: [withdrawn, signed])
    let state = try lead.state()
    #expect(state.openConflictCount == 0)
    #expect(
      state.conflicts == [
        Conflict(
          slot: "stage", winner: withdrawn.event.hash, loser: signed.event.hash,
          decision: Decision(event: decision.event.hash, verdict: .confirmed))
      ])
    #expect(state.slots == before.slots && state.facts.isEmpty && !state.needsReview)
    #expect(try EntityState(decoding: state.encoded) == state)
    #expect(lead.folder.advance(before, by: decision)?.encoded == state.encoded)
  }

  @Test func `an undecided conflict keeps the bytes that earlier programs gave it`() throws {
    let (lead, _, withdrawn, signed) = try disputed()
    var pair = CanonicalEncoder()
    pair.array(count: 3)
    pair.text("stage")
    pair.hash(withdrawn.event.hash)
    pair.hash(signed.event.hash)
    let bytes = try lead.state().encoded
    #expect(bytes.indices.contains { bytes[$0...].starts(with: pair.bytes) })
  }

  @Test func `the losing change issued anew beside its decision takes effect`() throws {
    var lead = SampleCase()
    let root = try lead.report(by: township)
    let low = try lead.act(.dispatch(to: [township.region]), by: district, at: 2, on: [root])
    let high = try lead.act(.dispatch(to: [neighbour.region]), by: city, at: 3, on: [root])
    let pair = try #require(try lead.state().conflicts.first)
    let decision = try lead.act(.decide(pair, .redone), by: city, at: 5, on: [low, high])
    let again = EventDraft(
      again: low.event, heads: [low.event.hash, high.event.hash], salt: lead.salt(), audience: [])
    try lead.write(again, by: city, at: 5)
    let state = try lead.state()
    #expect(state.stage?.handler == [township.region])
    #expect(state.conflicts.map(\.decision?.event) == [decision.event.hash])
    #expect(state.openConflictCount == 0)
  }

  @Test func `a later rival reopens what was decided`() throws {
    var (lead, sent, withdrawn, signed) = try disputed()
    let pair = try #require(try lead.state().conflicts.first)
    let decision = try lead.act(
      .decide(pair, .confirmed), by: district, at: 5, on: [withdrawn, signed])
    let rival = try lead.act(.dispatch(to: [neighbour.region]), by: city, at: 9, on: [sent])
    let state = try lead.state()
    #expect(state.openConflictCount == 2)
    #expect(Set(state.conflicts.map(\.winner)) == [rival.event.hash])
    #expect(lead.fold().outcomes[decision.event.hash] == .effective)
    for open in state.conflicts {
      let heads = lead.inputs.filter { lead.fold().heads.contains($0.event.hash) }
      try lead.act(.decide(open, .confirmed), by: city, at: 10, on: heads)
    }
    #expect(try lead.state().openConflictCount == 0)
  }

  @Test func `one conflict decided at two offices at once has one decision and no conflict`()
    throws
  {
    var (lead, _, withdrawn, signed) = try disputed()
    let pair = try #require(try lead.state().conflicts.first)
    let below = try lead.act(
      .decide(pair, .redone), by: district, at: 5, on: [withdrawn, signed])
    let above = try lead.act(.decide(pair, .confirmed), by: city, at: 6, on: [withdrawn, signed])
    let later = try lead.act(.decide(pair, .confirmed), by: city, at: 7, on: [below])
    let result = lead.fold()
    #expect(result.outcomes[above.event.hash] == .effective)
    #expect(result.outcomes[below.event.hash] == .ineffective(.alreadyDecided))
    #expect(result.outcomes[later.event.hash] == .ineffective(.alreadyDecided))
    #expect(
      result.state?.conflicts.map(\.decision)
        == [Decision(event: above.event.hash, verdict: .confirmed)])
  }

  @Test func `what is no conflict to its author cannot be decided, now or later`() throws {
    var (lead, sent, withdrawn, signed) = try disputed()
    let pair = try #require(try lead.state().conflicts.first)
    let turned = Conflict(slot: pair.slot, winner: pair.loser, loser: pair.winner)
    let elsewhere = Conflict(slot: "place", winner: pair.winner, loser: pair.loser)
    let bad: [(Conflict, [FoldInput])] = [
      (pair, [signed]), (pair, [withdrawn]), (pair, [sent]), (turned, [withdrawn, signed]),
      (elsewhere, [withdrawn, signed]),
    ]
    for (pair, parents) in bad {
      let decision = try lead.act(.decide(pair, .confirmed), by: city, at: 5, on: parents)
      #expect(lead.fold().outcomes[decision.event.hash] == .ineffective(.notAllowed))
    }
    let outsider = try lead.act(
      .decide(pair, .confirmed), by: neighbour, at: 6, on: [withdrawn, signed])
    #expect(lead.fold().outcomes[outsider.event.hash] == .ineffective(.notAuthorised))
    let garbled = try lead.write(
      "conflict.decided", .map(["slot": .text("stage")]), by: city, at: 6, on: [withdrawn, signed])
    #expect(lead.fold().outcomes[garbled.event.hash] == .ineffective(.notUnderstood))
    let state = try lead.state()
    #expect(state.openConflictCount == 1 && !state.isPartlyUnderstood)
  }

  @Test func `a decision beside a close asks for no review`() throws {
    var (lead, _, withdrawn, signed) = try disputed()
    let pair = try #require(try lead.state().conflicts.first)
    let sent = try lead.act(
      .dispatch(to: [township.region]), by: district, at: 5, on: [withdrawn, signed])
    let taken = try lead.act(.sign(), by: township, at: 6, on: [sent])
    try lead.act(.close(result: "已办"), by: township, at: 7, on: [taken])
    try lead.act(.decide(pair, .confirmed), by: district, at: 7, on: [taken])
    let state = try lead.state()
    #expect(state.stage?.stage == "closed" && !state.needsReview)
    #expect(state.openConflictCount == 0)
  }

  @Test func `the rule that decided is named for each conflict`() throws {
    var lead = SampleCase()
    let root = try lead.report(by: township)
    let early = try lead.act(.describe("place", .text("东")), by: township, at: 5, on: [root])
    let late = try lead.act(.describe("place", .text("西")), by: neighbour, at: 6, on: [root])
    let low = try lead.act(.describe("title", .text("东")), by: township, at: 5, on: [root])
    try lead.act(.describe("title", .text("西")), by: city, at: 6, on: [root])
    let twins = try [1, 2].map {
      try lead.act(.describe("text", .text("\($0)")), by: township, at: 5, on: [root])
    }
    let greater = try #require(twins.map(\.event.hash).max())
    #expect(
      lead.fold().mergeRules
        == [late.event.hash: .time, low.event.hash: .rank, greater: .hash])
    #expect(lead.fold().outcomes[early.event.hash] == .effective)
    var order = SampleCase()
    let issued = try order.write(
      DirectiveIssue(title: "停产", text: "应急").draft(
        rules: order.rules, salt: order.salt(), audience: []), by: district, at: 1)
    let strange = try order.act(.moveRules(to: order.rules), by: city, at: 2, on: [issued])
    let other = try order.act(.moveRules(to: order.rules), by: city, at: 3, on: [issued])
    #expect(order.fold().mergeRules == [other.event.hash: .time])
    #expect(order.fold().outcomes[strange.event.hash] == .effective)
  }

  @Test func `refusal of a decision says why`() throws {
    var (lead, _, withdrawn, signed) = try disputed()
    var state = try lead.state()
    let pair = try #require(state.conflicts.first)
    func code(_ office: Office, _ pair: Conflict) -> Refusal.Code? {
      lead.folder.refusal(ofDeciding: pair, on: state, by: office.actor)?.code
    }
    #expect(code(district, pair) == nil && code(city, pair) == nil)
    #expect(code(neighbour, pair) == .place)
    #expect(code(city, Conflict(slot: "title", winner: .zero, loser: .zero)) == .conflictGone)
    try lead.act(.decide(pair, .confirmed), by: city, at: 5, on: [withdrawn, signed])
    state = try lead.state()
    #expect(code(city, pair) == .conflictDecided)
    let older = Folder(
      library: ProcessLibrary([.firstCut], unknownKinds: ["conflict.decided", "rules.moved"]))
    let partly = try #require(older.fold(lead.inputs).state)
    #expect(partly.isPartlyUnderstood && partly.openConflictCount == 1)
    for kind in ["conflict.decided", "rules.moved"] {
      #expect(older.refusal(of: kind, on: partly, by: city.actor)?.code == .kindUnknown)
    }
    #expect(
      lead.folder.refusal(ofDeciding: pair, on: partly, by: city.actor)?.code == .upgradeNeeded)
  }
}
