import Ledger
import Regions
import Testing

@testable import Casework

/// Decisions in random histories, checked against what folds of their ancestors say.
struct DecisionPropertyTests {
  /// The order in which the merge takes decisions, worked out apart from the fold.
  private struct Turn: Comparable {
    let tier: UInt8
    let tie: UInt64
    let hash: Hash

    static func < (a: Turn, b: Turn) -> Bool {
      (a.tier, a.tie, a.hash) < (b.tier, b.tie, b.hash)
    }
  }

  @Test func `a decision is judged by its ancestors, and one counts for each conflict`() throws {
    var counts: [Outcome: Int] = [:]
    for seed in 0..<300 as Range<UInt64> {
      let lead = try FoldPropertyTests.history(seed: seed, acts: 20...60)
      let result = lead.fold()
      let above = FoldPropertyTests.ancestors(lead.inputs)
      var rivals: [Conflict: [FoldInput]] = [:]
      for input in lead.inputs where input.event.kind == Process.conflictDecidedKind {
        let outcome = try #require(result.outcomes[input.event.hash])
        counts[outcome, default: 0] += 1
        let before = lead.inputs.filter { above[input.event.hash]?.contains($0.event.hash) == true }
        let state = try #require(lead.folder.fold(before).state)
        let (pair, _) = try #require(
          Judge.decision(try CanonicalValue(decoding: input.event.body)))
        switch expected(input, pair, state) {
        case .effective: rivals[pair, default: []].append(input)
        case let reason: #expect(outcome == reason, "seed \(seed)")
        }
      }
      for (pair, inputs) in rivals {
        let first = inputs.map { turn($0, lead.inputs) }.min()
        for input in inputs {
          let isFirst = input.event.hash == first?.hash
          #expect(
            result.outcomes[input.event.hash]
              == (isFirst ? .effective : .ineffective(.alreadyDecided)), "seed \(seed)")
        }
        let conflict = result.state?.conflicts.first { $0.isSamePair(as: pair) }
        if let conflict { #expect(conflict.decision?.event == first?.hash, "seed \(seed)") }
      }
      let decided = result.state?.conflicts.filter { $0.decision != nil } ?? []
      for var conflict in decided {
        conflict.decision = nil
        #expect(rivals[conflict] != nil, "seed \(seed)")
      }
    }
    print("decisions by outcome: \(counts)")
    // Histories that show none of these would prove nothing.
    for reason in [Reason.notAllowed, .notAuthorised, .alreadyDecided, .originClosed] {
      #expect(counts[.ineffective(reason), default: 0] > 10, "\(reason)")
    }
    #expect(counts[.effective, default: 0] > 200)
  }

  @Test func `decisions move nothing: without them all else folds to the same`() throws {
    for seed in 0..<300 as Range<UInt64> {
      let lead = try FoldPropertyTests.history(seed: seed)
      let older = Folder(
        library: ProcessLibrary([.firstCut], unknownKinds: [Process.conflictDecidedKind]))
      let (new, old) = (lead.fold(), older.fold(lead.inputs))
      let (state, former) = (try #require(new.state), try #require(old.state))
      #expect(state.slots == former.slots && state.facts == former.facts, "seed \(seed)")
      #expect(state.needsReview == former.needsReview && new.heads == old.heads, "seed \(seed)")
      #expect(state.conflicts.count == former.conflicts.count, "seed \(seed)")
      for (conflict, bare) in zip(state.conflicts, former.conflicts) {
        #expect(conflict.isSamePair(as: bare) && bare.decision == nil, "seed \(seed)")
      }
      for input in lead.inputs where input.event.kind != Process.conflictDecidedKind {
        #expect(new.outcomes[input.event.hash] == old.outcomes[input.event.hash], "seed \(seed)")
      }
    }
  }

  /// What a decision comes to if no other is concurrent with it.
  private func expected(_ input: FoldInput, _ pair: Conflict, _ state: EntityState) -> Outcome {
    if input.isOriginClosed { return .ineffective(.originClosed) }
    let places = (state.stage?.handler ?? []) + [state.stage?.giver, state.founding.region]
    guard input.tier == .city || places.contains(input.region) else {
      return .ineffective(.notAuthorised)
    }
    guard let conflict = state.conflicts.first(where: { $0.isSamePair(as: pair) }) else {
      return .ineffective(.notAllowed)
    }
    return conflict.decision == nil ? .effective : .ineffective(.alreadyDecided)
  }

  private func turn(_ input: FoldInput, _ inputs: [FoldInput]) -> Turn {
    var (tie, open) = (input.time.rawValue, input.event.parents)
    while let hash = open.popLast() {
      guard let parent = inputs.first(where: { $0.event.hash == hash }) else { continue }
      tie = max(tie, parent.time.rawValue)
      open += parent.event.parents
    }
    return Turn(tier: input.tier.rawValue, tie: tie, hash: input.event.hash)
  }
}
