import Ledger
import Regions
import Testing

@testable import Casework

struct GraphTests {
  @Test func ancestryAgreesWithWalkingTheGraph() throws {
    let office = try Office("haizhou-qu", .district)
    for seed in 0..<60 as Range<UInt64> {
      var numbers = SeededNumbers(seed: seed)
      var lead = SampleCase(seed: seed)
      var inputs = [try lead.report(by: office)]
      var above: [Set<Int>] = [[]]
      for index in 1..<150 {
        let reach = Bool.random(using: &numbers) ? 3 : index
        let parents = Set(
          (0..<Int.random(in: 1...4, using: &numbers)).map { _ in
            max(0, index - 1 - Int.random(in: 0..<min(reach, index), using: &numbers))
          })
        above.append(parents.reduce(into: parents) { $0.formUnion(above[$1]) })
        inputs.append(
          try lead.act(
            .progress("甲"), by: office, at: UInt64(index), on: parents.map { inputs[$0] }))
      }
      let graph = EventGraph(inputs)
      for a in inputs.indices {
        for b in inputs.indices {
          let found = graph.isAncestor(a, of: b)
          #expect(found == above[graph.order[b]].contains(graph.order[a]), "seed \(seed)")
        }
      }
    }
  }

  @Test func longStraightHistoryNeedsOneRun() throws {
    let (district, township) = (
      try Office("haizhou-qu", .district), try Office("xinpu-jie", .township)
    )
    var lead = SampleCase()
    var last = try lead.report(by: township)
    for step in 0..<2_500 as Range<UInt64> {
      for (offset, act) in [
        Act.dispatch(to: [township.region]), .inspect(finding: "甲"), .describe("place", .text("东")),
        .sign(),
      ].enumerated() {
        let office = offset == 3 ? township : district
        last = try lead.act(act, by: office, at: 2 + step, on: [last])
      }
    }
    let duration = try ContinuousClock().measure { _ = try lead.state() }
    print("10,001 events in a row folded in \(duration)")
    #expect(try lead.state().ineffective.isEmpty)
    #expect(!EventGraph(lead.inputs, bitBound: 20_000).isTangled)
  }

  @Test func `many decisions on many rivals stay bounded`() throws {
    let city = try Office("city", .city)
    var lead = SampleCase()
    let root = try lead.report(by: city)
    var last = root
    for index in 0..<3_000 as Range<UInt64> {
      let rival = try lead.act(.describe("title", .text("甲")), by: city, at: 2 + index, on: [root])
      last = try lead.act(.progress("乙"), by: city, at: 2 + index, on: [last, rival])
    }
    let conflicts = try lead.state().conflicts
    #expect(conflicts.count == 2_999)
    for conflict in conflicts.suffix(1_500) + conflicts.suffix(1_500) {
      last = try lead.act(.decide(conflict, .confirmed), by: city, at: 9_000, on: [last])
    }
    let clock = ContinuousClock()
    var result = lead.fold()
    let duration = clock.measure { result = lead.fold() }
    print("3,000 rivals and as many decisions folded in \(duration)")
    #expect(result.state?.openConflictCount == 1_499)
    #expect(result.outcomes.values.count { $0 == .ineffective(.alreadyDecided) } == 1_500)
  }

  @Test
  func `of an entity beyond the bound the founding event counts, and what is barred takes no part`()
    throws
  {
    let (district, township) = (
      try Office("haizhou-qu", .district), try Office("xinpu-jie", .township)
    )
    // As many events that all branch as pass the bound just not.
    let count = UInt64(Double(FoldBounds.ancestorBits).squareRoot())
    for isBarred in [true, false] {
      var lead = SampleCase()
      let root = try lead.report(by: township)
      let sent = try lead.act(
        .dispatch(to: [township.region]), by: district, at: 2, on: [root])
      for index in 0..<count {
        try lead.act(
          .inspect(finding: "甲"), by: township, at: 3 + index, on: [root],
          isOriginClosed: isBarred)
      }
      let result = lead.fold()
      #expect(result.isTangled == !isBarred)
      #expect(result.heads == [isBarred ? sent.event.hash : root.event.hash])
      #expect(result.state?.stage?.stage == (isBarred ? "sign" : "dispatch"))
      #expect(result.state?.events.count == (isBarred ? 2 : 1))
    }
  }

  @Test func hostileGraphOfManyHeadsAndManyParentsStaysBounded() throws {
    let (district, township) = (
      try Office("haizhou-qu", .district), try Office("xinpu-jie", .township)
    )
    var numbers = SeededNumbers(seed: 9)
    var lead = SampleCase()
    let root = try lead.report(by: township)
    var heads: [FoldInput] = []
    for index in 0..<2_000 as Range<UInt64> {
      heads.append(
        try lead.act(.dispatch(to: [township.region]), by: district, at: 2 + index, on: [root]))
    }
    for index in 0..<500 as Range<UInt64> {
      let parents = (0..<32).map { _ in heads[Int.random(in: 0..<heads.count, using: &numbers)] }
      heads.append(
        try lead.act(.dispatch(to: [district.region]), by: district, at: 9 + index, on: parents))
    }
    let duration = ContinuousClock().measure { _ = lead.fold() }
    print("2,000 heads and 500 joins of 32 folded in \(duration)")
    let result = lead.fold()
    #expect(result.outcomes.count == 2_501)
    #expect(result.state?.conflicts.isEmpty == false)
    #expect(EventGraph(lead.inputs, bitBound: 2_501 * 2_000).isTangled)
  }
}
