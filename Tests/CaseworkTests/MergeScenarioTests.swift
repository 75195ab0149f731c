import Casework
import Ledger
import Regions
import Testing

/// The cases that `docs/MERGE.md` tells in words.
struct MergeScenarioTests {
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

  /// A lead that the district has dispatched.
  private func dispatched(
    to offices: Office...
  ) throws -> (lead: SampleCase, sent: FoldInput) {
    var lead = SampleCase()
    let root = try lead.report(by: township)
    let sent = try lead.act(
      .dispatch(to: offices.map(\.region)), by: district, at: 10, on: [root])
    return (lead, sent)
  }

  @Test func `of two units that sign for one lead the earlier has signed, and both handle it`()
    throws
  {
    var (lead, sent) = try dispatched(to: township, neighbour)
    let late = try lead.act(.sign(), by: township, at: 30, on: [sent])
    let early = try lead.act(.sign(), by: neighbour, at: 20, on: [sent])
    let state = try lead.state()
    #expect(state.slots["stage"]?.event == early.event.hash)
    #expect(state.stage?.stage == "inspect")
    #expect(state.stage?.handler == [township.region, neighbour.region])
    #expect(
      state.conflicts
        == [Conflict(slot: "stage", winner: early.event.hash, loser: late.event.hash)])
    // The work goes on upon both, and the conflict stays told.
    let after = try lead.act(.close(result: "已办"), by: township, at: 40, on: [late, early])
    #expect(lead.fold().outcomes[after.event.hash] == .effective)
    #expect(try lead.state().conflicts.count == 1)
  }

  @Test func `a withdrawal stands against a township's signature, and not against the city`() throws
  {
    var (lead, sent) = try dispatched(to: township)
    let sign = try lead.act(.sign(), by: township, at: 20, on: [sent])
    let withdrawal = try lead.act(.withdraw(), by: district, at: 30, on: [sent])
    #expect(lead.fold().outcomes[sign.event.hash] == .ineffective(.superseded))
    #expect(try lead.state().stage?.stage == "dispatch")
    let order = try lead.act(.dispatch(to: [neighbour.region]), by: city, at: 40, on: [sent])
    let result = lead.fold()
    #expect(result.outcomes[withdrawal.event.hash] == .ineffective(.superseded))
    #expect(result.outcomes[sign.event.hash] == .ineffective(.superseded))
    #expect(result.state?.slots["stage"]?.event == order.event.hash)
    #expect(result.state?.stage?.handler == [neighbour.region])
    #expect(result.state?.conflicts.map(\.winner) == [order, order].map(\.event.hash))
  }

  @Test func `a lead handed over in two directions at once goes where rank, then time, says`()
    throws
  {
    var (lead, sent) = try dispatched(to: township)
    let back = try lead.act(.sendBack(reason: "不属本辖区"), by: township, at: 20, on: [sent])
    let on = try lead.act(.dispatch(to: [neighbour.region]), by: district, at: 30, on: [sent])
    #expect(lead.fold().outcomes[back.event.hash] == .ineffective(.superseded))
    #expect(try lead.state().slots["stage"]?.event == on.event.hash)
    #expect(try lead.state().stage?.handler == [neighbour.region])

    // Two townships hand it to each other.
    (lead, sent) = try dispatched(to: township, neighbour)
    let there = try lead.act(.dispatch(to: [neighbour.region]), by: township, at: 30, on: [sent])
    let here = try lead.act(.dispatch(to: [township.region]), by: neighbour, at: 20, on: [sent])
    let result = lead.fold()
    #expect(result.state?.stage?.handler == [township.region])
    #expect(result.outcomes[there.event.hash] == .ineffective(.superseded))
    #expect(result.state?.slots["stage"]?.event == here.event.hash)
    #expect(result.heads == [there, here].map(\.event.hash).sorted())
  }

  @Test func `what follows a superseded act stands where its slot allows, on its own ancestors`()
    throws
  {
    var (lead, sent) = try dispatched(to: township)
    let sign = try lead.act(.sign(), by: township, at: 20, on: [sent])
    let withdrawal = try lead.act(.withdraw(), by: district, at: 30, on: [sent])
    // Allowed by its own ancestors for ever; in the stage slot it has the withdrawal against it.
    let close = try lead.act(.close(result: "已办"), by: township, at: 40, on: [sign])
    let fact = try lead.act(.inspect(finding: "属实"), by: township, at: 50, on: [close])
    let result = lead.fold()
    #expect(result.outcomes[close.event.hash] == .ineffective(.superseded))
    #expect(result.outcomes[fact.event.hash] == .effective)
    #expect(result.state?.stage?.stage == "dispatch")
    // What ranks before the rival stands with all that it rests on.
    let order = try lead.act(.dispatch(to: [neighbour.region]), by: city, at: 60, on: [sign])
    let after = lead.fold()
    #expect(after.state?.slots["stage"]?.event == order.event.hash)
    #expect(after.outcomes[sign.event.hash] == .effective)
    #expect(after.outcomes[withdrawal.event.hash] == .ineffective(.superseded))
  }
}
