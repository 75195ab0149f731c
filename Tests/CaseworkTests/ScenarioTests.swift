import Casework
import Ledger
import Regions
import Testing

struct ScenarioTests {
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

  @Test func leadThatTravelsTheWholeProcessEndsClosed() throws {
    var lead = SampleCase()
    var last = try lead.report(by: township)
    let acts: [(Act, Office)] = [
      (.dispatch(to: [township.region], department: "ecology", dueMilliseconds: 99), district),
      (.sign(), township), (.inspect(finding: "属实"), township), (.progress("已停工"), township),
      (.describe("title", .text("工地扬尘")), township), (.close(result: "已整改"), district),
    ]
    for (step, (act, office)) in acts.enumerated() {
      last = try lead.act(act, by: office, at: UInt64(step + 2), on: [last])
    }
    let state = try lead.state()
    let view = try #require(Lead(state))
    #expect(view.header.stage == "closed")
    #expect(view.header.handler == [township.region])
    #expect(view.header.department == "ecology")
    #expect(view.header.dueMilliseconds == 99)
    #expect(view.title == "工地扬尘")
    #expect(view.text == "工地夜间扬尘")
    #expect(view.number == LeadNumber(region: 101, incarnation: 1, serial: 1)?.description)
    #expect((view.inspections, view.progressNotes) == (1, 1))
    #expect(state.ineffective.isEmpty && state.conflicts.isEmpty && !state.needsReview)
    #expect(lead.fold().heads == [last.event.hash])
  }

  @Test func twoUnitsDispatchedToAtOnceLeaveTheCitysChoiceAndOneConflict() throws {
    var lead = SampleCase()
    let root = try lead.report(by: township)
    let low = try lead.act(.dispatch(to: [township.region]), by: district, at: 2, on: [root])
    let high = try lead.act(.dispatch(to: [neighbour.region]), by: city, at: 9, on: [root])
    let state = try lead.state()
    #expect(state.stage?.handler == [neighbour.region])
    #expect(
      state.conflicts
        == [Conflict(slot: "stage", winner: high.event.hash, loser: low.event.hash)])
    #expect(lead.fold().outcomes[low.event.hash] == .ineffective(.superseded))
  }

  @Test func clockSetFarAheadWinsNothingAndEarlierStandsAtEqualRank() throws {
    var lead = SampleCase()
    let root = try lead.report(by: township)
    let early = try lead.act(.describe("place", .text("东")), by: township, at: 5, on: [root])
    try lead.act(.describe("place", .text("西")), by: neighbour, at: 1 << 40, on: [root])
    #expect(try lead.state().slots["place"]?.event == early.event.hash)
  }

  @Test func closeConcurrentWithANewFactIsClosedWithReviewNeeded() throws {
    var lead = SampleCase()
    let root = try lead.report(by: township)
    let sent = try lead.act(.dispatch(to: [township.region]), by: district, at: 2, on: [root])
    let signed = try lead.act(.sign(), by: township, at: 3, on: [sent])
    let close = try lead.act(.close(result: "已办"), by: district, at: 4, on: [signed])
    #expect(try !lead.state().needsReview)
    let fact = try lead.act(.inspect(finding: "仍在排放"), by: township, at: 5, on: [signed])
    #expect(try lead.state().needsReview)
    #expect(try lead.state().stage?.stage == "closed")
    try lead.act(.reopen(reason: "仍在排放"), by: district, at: 6, on: [close, fact])
    #expect(try !lead.state().needsReview)
  }

  /// A lead that is archived once it is closed, and reopened from both.
  private static func archiving() throws -> Process {
    let anyone = Actors(tiers: [.city, .district, .township])
    return try Process(
      families: [
        Family(
          name: "lead", chinese: "线索", english: "lead",
          stages: [
            Stage("open", "待办", "open"), Stage("closed", "办结", "closed", isClosing: true),
            Stage("archived", "归档", "archived", isEnd: true),
          ],
          kinds: [
            KindRule("lead.reported", "上报", "reported", .found(.actor)),
            KindRule("lead.inspected", "检查", "inspected", .fact),
            KindRule(
              "lead.closed", "办结", "closed",
              .move(from: ["open", "archived"], to: "closed", .keeps)),
            KindRule(
              "lead.archived", "归档", "archived",
              .move(from: ["closed"], to: "archived", .keeps)),
          ])
      ], movers: anyone)
  }

  @Test func `archiving leaves a review needed, and a close upon the fact ends it`() throws {
    var lead = SampleCase(process: try Self.archiving())
    let root = try lead.report(by: township)
    let close = try lead.write("lead.closed", by: district, at: 2, on: [root])
    let fact = try lead.act(.inspect(finding: "仍在排放"), by: township, at: 3, on: [root])
    #expect(try lead.state().needsReview)
    // Who archives has seen the fact or has not: nobody looked again either way.
    for heads in [[close], [close, fact]] {
      var archived = lead
      let end = try archived.write("lead.archived", by: district, at: 4, on: heads)
      let state = try archived.state()
      #expect(state.stage?.stage == "archived" && state.needsReview)
      let rest = heads.contains { $0.event.hash == fact.event.hash } ? [end] : [end, fact]
      try archived.write("lead.closed", by: district, at: 5, on: rest)
      #expect(try !archived.state().needsReview)
    }
    // The fast path comes to the same bytes.
    let before = try lead.state()
    let end = try lead.write("lead.archived", by: district, at: 4, on: [close, fact])
    let next = try #require(lead.folder.advance(before, by: end))
    #expect(next.needsReview)
    #expect(try next.encoded == lead.state().encoded)
  }

  @Test func signingByAnOfficeThatDoesNotHandleTheLeadIsNotAuthorised() throws {
    var lead = SampleCase()
    let root = try lead.report(by: township)
    let sent = try lead.act(.dispatch(to: [township.region]), by: district, at: 2, on: [root])
    let sign = try lead.act(.sign(), by: neighbour, at: 3, on: [sent])
    #expect(lead.fold().outcomes[sign.event.hash] == .ineffective(.notAuthorised))
    #expect(try lead.state().stage?.stage == "sign")
  }

  @Test func returnedLeadGoesBackToTheOfficeThatDispatchedIt() throws {
    var lead = SampleCase()
    let root = try lead.report(by: township)
    let sent = try lead.act(.dispatch(to: [neighbour.region]), by: district, at: 2, on: [root])
    try lead.act(.sendBack(reason: "不属本辖区"), by: neighbour, at: 3, on: [sent])
    let stage = try lead.state().stage
    #expect(stage?.stage == "returned")
    #expect(stage?.handler == [district.region])
  }

  @Test func directiveCancelledByItsIssuerStandsAgainstWhatTheCityDoesAtOnce() throws {
    var order = SampleCase()
    let issue = DirectiveIssue(title: "停产", text: "重污染天气应急")
    let root = try order.write(
      issue.draft(rules: order.rules, salt: order.salt(), audience: []), by: district, at: 1)
    let cancel = try order.act(.cancelDirective(reason: "解除"), by: district, at: 9, on: [root])
    let other = try order.act(.completeDirective(), by: city, at: 2, on: [root])
    #expect(order.fold().outcomes[other.event.hash] == .ineffective(.notAuthorised))
    let done = try order.act(.completeDirective(), by: district, at: 3, on: [root])
    let state = try order.state()
    #expect(state.slots["stage"]?.event == done.event.hash)
    #expect(state.conflicts.map(\.loser) == [cancel.event.hash])
    #expect(try #require(Directive(state)).title == "停产")
  }

  @Test func receiptLineIsReceivedFedBackAndCompletedByItsRecipientAlone() throws {
    var order = SampleCase(seed: 3)
    let directive = try order.write(
      DirectiveIssue(title: "停产", text: "应急").draft(
        rules: order.rules, salt: order.salt(), audience: []), by: city, at: 1
    ).event.entity
    var line = SampleCase(seed: 4)
    let opening = ReceiptOpening(
      directive: directive, recipient: township.region, department: "ecology")
    let root = try line.write(
      opening.draft(rules: line.rules, salt: line.salt(), audience: []), by: city, at: 1)
    let wrong = try line.act(.receive(), by: neighbour, at: 2, on: [root])
    #expect(line.fold().outcomes[wrong.event.hash] == .ineffective(.notAuthorised))
    let received = try line.act(.receive(), by: township, at: 3, on: [wrong])
    let told = try line.act(.feedBack("已停"), by: township, at: 4, on: [received])
    try line.act(.completeReceipt(), by: township, at: 5, on: [told])
    let view = try #require(ReceiptLine(line.state()))
    #expect(view.header.stage == "completed")
    #expect(view.directive == directive)
    #expect(view.recipient == township.region)
    #expect(view.header.department == "ecology")
    #expect(view.feedbacks == 1)
  }

  @Test func eventsOfAClosedOriginHaveNoEffectButAreKept() throws {
    var lead = SampleCase()
    let root = try lead.report(by: township)
    let stolen = try lead.act(
      .inspect(finding: "无"), by: neighbour, at: 2, on: [root], isOriginClosed: true)
    let state = try lead.state()
    #expect(
      state.ineffective.map(\.event) == [stolen.event.hash])
    #expect(state.ineffective.map(\.reason) == [.originClosed])
    #expect(state.facts.isEmpty)
    #expect(state.events.count == 2)
  }

  @Test func unknownKindLeavesTheEntityPartlyUnderstoodAndTakesFactsOnly() throws {
    var lead = SampleCase()
    let root = try lead.report(by: township)
    let strange = try lead.write("lead.weighed", by: district, at: 2, on: [root])
    let state = try lead.state()
    #expect(state.isPartlyUnderstood)
    #expect(lead.fold().outcomes[strange.event.hash] == .ineffective(.notUnderstood))
    #expect(lead.folder.refusal(of: "lead.inspected", on: state, by: township.actor) == nil)
    let refusal = lead.folder.refusal(of: "lead.dispatched", on: state, by: district.actor)
    #expect(refusal?.code == .upgradeNeeded)
  }

  @Test func malformedBodyOfAKnownKindDoesNotHoldUpOthers() throws {
    var lead = SampleCase()
    let root = try lead.report(by: township)
    let bodies: [CanonicalValue] = [
      .map([:]), .map(["to": .array([])]), .map(["to": .array([.text("*")])]), .text("to"),
      .map(["to": .array([.text("xinpu-jie")]), "due": .text("soon")]),
    ]
    for (index, body) in bodies.enumerated() {
      let bad = try lead.write(
        "lead.dispatched", body, by: district, at: UInt64(index + 2), on: [root])
      #expect(lead.fold().outcomes[bad.event.hash] == .ineffective(.notUnderstood))
    }
    #expect(try !lead.state().isPartlyUnderstood)
  }

  @Test func eventWhoseParentIsMissingWaitsAndNamesIt() throws {
    var lead = SampleCase()
    let root = try lead.report(by: township)
    let lost = try lead.act(.inspect(finding: "甲"), by: township, at: 2, on: [root])
    let child = try lead.act(.progress("乙"), by: township, at: 3, on: [lost])
    let grandchild = try lead.act(.progress("丙"), by: township, at: 4, on: [child])
    let held = lead.inputs.filter { $0 != lost }
    let result = lead.folder.fold(held)
    #expect(result.missing == [.event(lost.event.hash)])
    #expect(
      Set(result.waiting.map(\.event)) == [child.event.hash, grandchild.event.hash])
    #expect(result.heads == [root.event.hash])
    #expect(result.state == lead.folder.fold([root]).state)
  }

  @Test func entityWaitsForTheRulesFileThatItPins() throws {
    var lead = SampleCase()
    let root = try lead.report(by: township)
    try lead.act(.inspect(finding: "甲"), by: township, at: 2, on: [root])
    let empty = Folder(library: ProcessLibrary())
    let result = empty.fold(lead.inputs)
    #expect(result.state == nil)
    #expect(result.missing == [.rules(lead.rules)])
    #expect(result.waiting.count == 2)
    #expect(empty.advance(nil, by: root) == nil)
  }

  @Test func rulesMoveOnlyByTheCityAndOnlyWhatFollows() throws {
    let found = KindRule("lead.reported", "上报", "reported", .found(.actor))
    let newer = try Process(
      families: [
        Family(
          name: "lead", chinese: "线索", english: "lead", stages: [Stage("dispatch", "分办", "new")],
          kinds: [found, KindRule("lead.weighed", "称重", "weighed", .fact)])
      ], movers: Actors(tiers: [.city]))
    var lead = SampleCase()
    let root = try lead.report(by: township)
    let void = try lead.act(.moveRules(to: newer.hash), by: district, at: 2, on: [root])
    let moved = try lead.act(.moveRules(to: newer.hash), by: city, at: 3, on: [void])
    let fact = try lead.write("lead.weighed", by: township, at: 4, on: [moved])
    let waiting = lead.fold()
    #expect(waiting.missing == [.rules(newer.hash)])
    #expect(waiting.waiting.map(\.event).contains(fact.event.hash))
    #expect(waiting.state?.ineffective.map(\.reason) == [.notAuthorised])
    let folder = Folder(library: ProcessLibrary([.firstCut, newer]))
    let state = try #require(folder.fold(lead.inputs).state)
    #expect(state.rules == newer.hash)
    #expect(state.facts["lead.weighed"]?.count == 1)
    var step = folder.advance(nil, by: root)
    for input in lead.inputs.dropFirst() { step = folder.advance(step, by: input) }
    #expect(step?.encoded == state.encoded)
  }

  @Test func refusalSaysWhatToDo() throws {
    var lead = SampleCase()
    let root = try lead.report(by: township)
    var state = try lead.state()
    func code(_ kind: String, _ office: Office) -> Refusal.Code? {
      lead.folder.refusal(of: kind, on: state, by: office.actor)?.code
    }
    #expect(code("lead.dispatched", district) == nil)
    #expect(code("lead.closed", district) == .stage)
    #expect(code("lead.weighed", district) == .kindUnknown)
    #expect(code("lead.reported", district) == .otherFamily)
    #expect(code("receipt.received", district) == .otherFamily)
    #expect(code("rules.moved", township) == .tier)
    try lead.act(.dispatch(to: [township.region]), by: district, at: 2, on: [root])
    state = try lead.state()
    #expect(code("lead.signed", neighbour) == .place)
    #expect(code("lead.withdrawn", township) == .place)
    #expect(code("lead.withdrawn", district) == nil)
    let refusal = lead.folder.refusal(of: "lead.signed", on: state, by: neighbour.actor)
    #expect(refusal?.english.contains("xinpu-jie") == true)
    #expect(refusal?.chinese.contains("签收") == true)
  }

  @Test func roleThatTheProcessDoesNotNameIsRefusedAndFoldsWithoutEffect() throws {
    let found = KindRule("a.found", "立", "found", .found(.actor))
    let note = KindRule("a.note", "记", "note", .fact, by: Actors(roles: ["clerk"]))
    let family = Family(
      name: "a", chinese: "甲", english: "a", stages: [Stage("new", "新", "new")],
      kinds: [found, note])
    let process = try Process(families: [family], movers: .anyone)
    var sample = SampleCase(process: process)
    let body = CanonicalValue.map(["rules": .bytes(process.hash.bytes)])
    let root = try sample.write(
      EventDraft(
        entity: nil, kind: "a.found", parents: [], audience: [], salt: sample.salt(),
        body: body.encoded), by: township, at: 1)
    let written = try sample.write("a.note", by: township, at: 2, on: [root])
    #expect(sample.fold().outcomes[written.event.hash] == .ineffective(.notAuthorised))
    let refusal = try sample.folder.refusal(of: "a.note", on: sample.state(), by: township.actor)
    #expect(refusal?.code == .role)
  }
}
