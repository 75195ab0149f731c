import Ledger
import Regions
import Testing

@testable import Casework

/// Parents that are missing, declared lost, and turn up after all.
struct LostParentTests {
  let city: Office
  let district: Office
  let township: Office

  init() throws {
    city = try Office("city", .city)
    district = try Office("haizhou-qu", .district)
    township = try Office("xinpu-jie", .township)
  }

  private func folded(_ lead: SampleCase, without lost: [FoldInput]) -> FoldResult {
    lead.folder.fold(lead.inputs.filter { !lost.contains($0) })
  }

  @Test func `an event with another parent folds once the lost one is declared so`() throws {
    var lead = SampleCase()
    let root = try lead.report(by: township)
    let lost = try lead.act(.inspect(finding: "属实"), by: township, at: 2, on: [root])
    let sent = try lead.act(
      .dispatch(to: [township.region]), by: district, at: 3, on: [root, lost])
    #expect(folded(lead, without: [lost]).missing == [.event(lost.event.hash)])
    let declared = try lead.act(
      .declareLost([lost.event.hash]), by: city, at: 4, on: [root])
    let result = folded(lead, without: [lost])
    #expect(result.waiting.isEmpty && result.missing.isEmpty)
    #expect(result.outcomes[declared.event.hash] == .effective)
    #expect(result.outcomes[sent.event.hash] == .effective)
    #expect(result.state?.stage?.stage == "sign")
    #expect(result.state?.facts.isEmpty == true)
    // It turns up after all: its edges and its effect count again.
    let whole = lead.fold()
    #expect(whole.outcomes.values.allSatisfy { $0 == .effective })
    #expect(whole.state?.facts["lead.inspected"]?.count == 1)
  }

  @Test func `an event with no parent left is held by no stage and not allowed`() throws {
    var lead = SampleCase()
    let root = try lead.report(by: township)
    let lost = try lead.act(.dispatch(to: [township.region]), by: district, at: 2, on: [root])
    let sign = try lead.act(.sign(), by: township, at: 3, on: [lost])
    let fact = try lead.act(.inspect(finding: "属实"), by: township, at: 4, on: [sign])
    let declared = try lead.act(.declareLost([lost.event.hash]), by: city, at: 5, on: [root])
    let after = try lead.act(.progress("x"), by: township, at: 6, on: [fact, declared])
    let result = folded(lead, without: [lost])
    for event in [sign, fact] {
      #expect(result.outcomes[event.event.hash] == .ineffective(.notAllowed))
    }
    #expect(result.outcomes[after.event.hash] == .effective)
    #expect(result.state?.stage?.stage == "dispatch")
    #expect(lead.fold().state?.stage?.stage == "inspect")
  }

  @Test func `only what is lost among several missing parents counts as absent`() throws {
    var lead = SampleCase()
    let root = try lead.report(by: township)
    let lost = try [2, 3].map {
      try lead.act(.progress("\($0)"), by: township, at: UInt64($0), on: [root])
    }
    let child = try lead.act(.progress("x"), by: township, at: 4, on: [root] + lost)
    try lead.act(.declareLost([lost[0].event.hash]), by: city, at: 5, on: [root])
    let result = folded(lead, without: lost)
    #expect(result.missing == [.event(lost[1].event.hash)])
    #expect(
      result.waiting
        == [Waiting(event: child.event.hash, needs: [.event(lost[1].event.hash)])])
  }

  @Test func `a declaration by another tier, an ill-formed one and a barred one declare nothing`()
    throws
  {
    var lead = SampleCase()
    let root = try lead.report(by: township)
    let lost = try lead.act(.progress("x"), by: township, at: 2, on: [root])
    try lead.act(.progress("y"), by: township, at: 3, on: [root, lost])
    let act = Act.declareLost([lost.event.hash])
    let wrong = try lead.act(act, by: district, at: 4, on: [root])
    let barred = try lead.act(act, by: city, at: 5, on: [root], isOriginClosed: true)
    let hashes = [CanonicalValue](
      repeating: .bytes(lost.event.hash.bytes), count: LostParents.maximum + 1)
    let bodies: [CanonicalValue] = [
      .map([:]), .map(["lost": .array([])]), .map(["lost": .array(hashes)]),
      .map(["lost": .array([.bytes([1])])]), .map(["lost": .bytes(lost.event.hash.bytes)]),
    ]
    for body in bodies { try lead.write("parent.lost", body, by: city, at: 6, on: [root]) }
    let result = folded(lead, without: [lost])
    #expect(result.missing == [.event(lost.event.hash)])
    #expect(result.outcomes[wrong.event.hash] == .ineffective(.notAuthorised))
    #expect(result.outcomes[barred.event.hash] == .ineffective(.originClosed))
    #expect(result.outcomes.values.count { $0 == .ineffective(.notUnderstood) } == bodies.count)
    #expect(result.state?.isPartlyUnderstood == false)
  }

  @Test func `without the founding event nothing counts as lost`() throws {
    var lead = SampleCase()
    let root = try lead.report(by: township)
    let child = try lead.act(.progress("x"), by: township, at: 2, on: [root])
    try lead.act(.declareLost([root.event.hash]), by: city, at: 3, on: [child])
    let result = folded(lead, without: [root])
    #expect(result.state == nil)
    #expect(result.missing == [.event(root.event.hash)])
  }

  @Test func `a process cannot define the built-in kinds, and the city alone declares`() throws {
    for kind in Process.builtInKinds.keys {
      let family = Family(
        name: "a", chinese: "甲", english: "a", stages: [Stage("new", "新", "new")],
        kinds: [KindRule("a.found", "立", "f", .found(.actor)), KindRule(kind, "占", "k", .fact)])
      #expect(throws: ProcessError.self) { try Process(families: [family], movers: .anyone) }
    }
    var lead = SampleCase()
    _ = try lead.report(by: township)
    let state = try lead.state()
    func refusal(_ office: Office) -> Refusal.Code? {
      lead.folder.refusal(of: Process.parentLostKind, on: state, by: office.actor)?.code
    }
    #expect(refusal(city) == nil)
    #expect(refusal(district) == .tier)
  }

  /// Random histories with gaps, in which the city declares some of what is missing.
  private func history(seed: UInt64) throws -> (lead: SampleCase, lost: [FoldInput]) {
    var numbers = SeededNumbers(seed: seed &* 31 &+ 7)
    var lead = try FoldPropertyTests.history(seed: seed)
    let written = lead.inputs
    let lost = written.dropFirst().filter { _ in Int.random(in: 0..<4, using: &numbers) == 0 }
    for _ in 0..<3 {
      let known = lead.inputs.filter { !lost.contains($0) }
      let result = lead.folder.fold(known)
      let missing = result.missing.compactMap { need -> Hash? in
        guard case .event(let hash) = need else { return nil }
        return hash
      }
      guard let hash = missing.randomElement(using: &numbers) else { break }
      let heads = known.filter { result.heads.contains($0.event.hash) }
      let author = Bool.random(using: &numbers) ? city : district
      try lead.act(
        .declareLost([hash]), by: author, at: 200, on: heads,
        isOriginClosed: Int.random(in: 0..<8, using: &numbers) == 0)
    }
    return (lead, lost)
  }

  @Test(arguments: FoldPropertyTests.seeds)
  func `declarations and parents in any order give the same bytes on either path`(
    seed: UInt64
  ) throws {
    let (lead, lost) = try history(seed: seed)
    var numbers = SeededNumbers(seed: seed)
    for events in [lead.inputs.filter { !lost.contains($0) }, lead.inputs] {
      let whole = lead.folder.fold(events)
      for _ in 0..<3 {
        let order = events.shuffled(using: &numbers)
        let stepped = Self.step(order, lead.folder)
        #expect(stepped.state?.encoded == whole.state?.encoded, "seed \(seed)")
        #expect(stepped.heads == whole.heads, "seed \(seed)")
        #expect(lead.folder.fold(order).waiting == whole.waiting, "seed \(seed)")
      }
    }
  }

  /// Takes events one by one as a store does: the fast path where it may be taken, else a fold.
  static func step(
    _ events: [FoldInput], _ folder: Folder
  ) -> (state: EntityState?, heads: [Hash]) {
    var held: [FoldInput] = []
    var (state, heads, waits) = (EntityState?.none, [Hash](), false)
    for input in events {
      held.append(input)
      if !waits, input.event.parents == heads, input.event.isFounding == heads.isEmpty,
        let next = folder.advance(state, by: input)
      {
        (state, heads) = (next, [input.event.hash])
      } else {
        let result = folder.fold(held)
        (state, heads, waits) = (result.state, result.heads, !result.waiting.isEmpty)
      }
    }
    return (state, heads)
  }
}
