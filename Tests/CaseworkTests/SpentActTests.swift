import Casework
import Ledger
import Regions
import Testing

/// Acts that may be done once since the founding, as a return: what comes after asks above.
@Suite struct SpentActTests {
  private static let text = """
    process: 1
    roles: {officer: {zh: 经办人, en: officer}}
    words: {reason: {zh: 理由, en: reason}}
    families:
      lead:
        zh: 线索
        en: lead
        stages:
          open: {zh: 待办, en: open}
          sign: {zh: 签收, en: to be signed}
          returned: {zh: 退回, en: returned}
          ruling: {zh: 裁定, en: ruling}
          done: {zh: 办结, en: done, closes: true}
        acts:
          lead.reported: {zh: 上报, en: reported, found: actor}
          lead.dispatched: {zh: 分办, en: dispatched, from: [open, returned, ruling, done], to: sign, handler: named}
          lead.returned: {zh: 退回, en: returned, from: [sign], to: returned, handler: giver, once: lead.escalated, by: {places: [handler]}}
          lead.escalated: {zh: 提请裁定, en: ruling asked, from: [sign], to: ruling, handler: named, by: {places: [handler]}}
          lead.closed: {zh: 办结, en: closed, from: [sign], to: done}
    """

  private func offices() throws -> (hub: Office, district: Office, township: Office) {
    (try Office("hub", .city), try Office("east", .district), try Office("lake", .township))
  }

  private func back(_ reason: String = "非我职责") -> Act { .sendBack(reason: reason) }

  @Test func `a second return has no effect, whatever lay between, and asking above has`() throws {
    let process = try ProcessFileTests.draft(Self.text)
    var lead = SampleCase(process: process)
    let (hub, district, township) = try offices()
    let first = try lead.report(by: district)
    let out = try lead.act(.dispatch(to: [township.region]), by: district, at: 2, on: [first])
    let returned = try lead.act(back(), by: township, at: 3, on: [out])
    #expect(try lead.state().stage?.handler == [district.region])
    #expect(try lead.state().stage?.spent == ["lead.returned"])
    let again = try lead.act(.dispatch(to: [township.region]), by: district, at: 4, on: [returned])
    let before = try lead.state()
    let refusal = try #require(
      lead.folder.refusal(of: "lead.returned", on: before, by: township.actor))
    #expect(refusal.code == .spent && refusal.english.contains("lead.escalated"))
    let second = try lead.act(back(), by: township, at: 5, on: [again])
    #expect(lead.fold().outcomes[second.event.hash] == .ineffective(.notAllowed))
    let body = CanonicalValue.map(["to": .array([.text("hub")])])
    #expect(lead.folder.refusal(of: "lead.escalated", on: before, by: township.actor) == nil)
    try lead.write("lead.escalated", body, by: township, at: 6, on: [second])
    let state = try lead.state()
    #expect(state.stage?.handler == [hub.region] && state.stage?.stage == "ruling")
    #expect(try EntityState(decoding: state.encoded) == state)
    #expect(try Casework.Process(decoding: process.encoded) == process)
  }

  @Test func `two first returns done apart are both allowed, and one stands`() throws {
    var lead = SampleCase(process: try ProcessFileTests.draft(Self.text))
    let (_, district, township) = try offices()
    let other = try Office("moor", .township)
    let first = try lead.report(by: district)
    let out = try lead.act(
      .dispatch(to: [township.region, other.region]), by: district, at: 2, on: [first])
    let one = try lead.act(back(), by: township, at: 3, on: [out])
    let two = try lead.act(back(), by: other, at: 4, on: [out])
    let result = lead.fold()
    #expect(result.outcomes[one.event.hash] == .effective)
    #expect(result.outcomes[two.event.hash] == .ineffective(.superseded))
    #expect(result.state?.stage?.spent == ["lead.returned"])
  }

  /// A walk of random acts, each on all before it, told against a count of the returns.
  @Test(arguments: 0..<100) func `of any chain of acts at most one return has effect`(
    _ seed: UInt64
  )
    throws
  {
    var lead = SampleCase(seed: seed, process: try ProcessFileTests.draft(Self.text))
    var numbers = SeededNumbers(seed: seed)
    let (_, district, township) = try offices()
    var last = try lead.report(by: district)
    var fast = lead.folder.advance(nil, by: last)
    var returns = 0
    for step in 2..<40 {
      let office = numbers.next() % 2 == 0 ? district : township
      let isAtSign = fast?.stage?.stage == "sign"
      let isHandler = fast?.stage?.handler.contains(office.region) == true
      let act: Act =
        switch numbers.next() % 3 {
        case 0: .dispatch(to: [township.region])
        case 1: back()
        default: .close(result: "已办")
        }
      last = try lead.act(act, by: office, at: UInt64(step), on: [last])
      fast = fast.flatMap { lead.folder.advance($0, by: last) }
      let isEffective = lead.fold().outcomes[last.event.hash] == .effective
      if act.kind == "lead.returned" {
        #expect(isEffective == (isAtSign && isHandler && returns == 0))
        if isEffective { returns += 1 }
      }
    }
    #expect(fast?.encoded == lead.fold().state?.encoded)
  }

  @Test(arguments: ["lead.gone", "lead.returned", "lead.reported", "lead.dispatched"])
  func `what takes the place of an act must be another move from all its stages`(
    _ successor: String
  ) {
    let text = Self.text.replacing("once: lead.escalated", with: "once: \(successor)")
    guard case .refused(let findings) = ProcessFile.parse(text) else {
      Issue.record("\(successor) was taken")
      return
    }
    #expect(findings.first { $0.code == "no_successor" }?.line == 17, "\(findings)")
  }
}
