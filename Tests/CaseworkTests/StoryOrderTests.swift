import Ledger
import Regions
import Testing

@testable import Casework

/// The order in which events are told, and what is gathered along it.
@Suite struct StoryOrderTests {
  /// A random graph, with clocks that run backwards now and then and some parents not held.
  private func inputs(_ seed: UInt64) throws -> [FoldInput] {
    let office = try Office("haizhou-qu", .district)
    var numbers = SeededNumbers(seed: seed)
    var lead = SampleCase(seed: seed)
    var inputs = [try lead.report(by: office)]
    for _ in 1..<60 {
      let parents = (0..<Int.random(in: 1...3, using: &numbers)).compactMap { _ in
        inputs.suffix(6).randomElement(using: &numbers)
      }
      let at = UInt64.random(in: 1...40, using: &numbers)
      inputs.append(
        try lead.act(.progress("甲"), by: office, at: at, on: Array(Set(parents))))
    }
    return inputs.enumerated().filter { $0.offset % 17 != 5 }.map(\.element)
  }

  @Test func `parents come first, and the order of arrival changes nothing`() throws {
    for seed in 0..<40 as Range<UInt64> {
      let inputs = try inputs(seed)
      let told = StoryOrder(inputs).indices.map { inputs[$0].event.hash }
      let places = Dictionary(uniqueKeysWithValues: told.enumerated().map { ($1, $0) })
      #expect(places.count == inputs.count)
      for input in inputs {
        for parent in input.event.parents {
          guard let above = places[parent], let own = places[input.event.hash] else { continue }
          #expect(above < own, "seed \(seed)")
        }
      }
      var numbers = SeededNumbers(seed: seed)
      let shuffled = inputs.shuffled(using: &numbers)
      #expect(StoryOrder(shuffled).indices.map { shuffled[$0].event.hash } == told, "seed \(seed)")
    }
  }

  @Test func `what is gathered comes from exactly the event and what followed upon it`() throws {
    for seed in 0..<20 as Range<UInt64> {
      let inputs = try inputs(seed)
      let own = inputs.map { Set([$0.event.hash]) }
      let gathered = StoryOrder(inputs).gatheredUpward(own) { $0.formUnion($1) }
      let byHash = Dictionary(uniqueKeysWithValues: inputs.map { ($0.event.hash, $0) })
      for (input, found) in zip(inputs, gathered) {
        let followers = inputs.filter { other in
          var open = [other.event.hash]
          var seen: Set<Hash> = []
          while let hash = open.popLast() {
            if seen.insert(hash).inserted { open += byHash[hash]?.event.parents ?? [] }
          }
          return seen.contains(input.event.hash) && byHash[other.event.hash] != nil
        }
        #expect(found == Set(followers.map(\.event.hash)), "seed \(seed)")
      }
    }
  }

  @Test func `each step tells the stage that its author brought about`() throws {
    let (district, township) = (
      try Office("haizhou-qu", .district), try Office("xinpu-jie", .township)
    )
    var lead = SampleCase()
    let root = try lead.report(by: township)
    let sent = try lead.act(.dispatch(to: [township.region]), by: district, at: 2, on: [root])
    let noted = try lead.act(.progress("甲"), by: township, at: 3, on: [sent])
    let rival = try lead.act(.dispatch(to: [district.region]), by: district, at: 9, on: [root])
    let (result, steps) = lead.folder.foldInSteps(lead.inputs)
    #expect(result.outcomes == lead.fold().outcomes)
    #expect(steps[root.event.hash] == FoldStep(stage: "dispatch", entersStage: true))
    #expect(steps[sent.event.hash] == FoldStep(stage: "sign", entersStage: true))
    #expect(steps[noted.event.hash] == FoldStep(stage: "sign", entersStage: false))
    #expect(result.outcomes[rival.event.hash] == .ineffective(.superseded))
    #expect(steps[rival.event.hash] == FoldStep(stage: "sign", entersStage: true))
  }
}
