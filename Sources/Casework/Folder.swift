package import Ledger

/// Folds events to state by the rules files of a library. Pure: the same events, rules files and
/// closures give the same result in any order.
package struct Folder: Sendable {
  let judge: Judge

  package init(library: ProcessLibrary) { self.judge = Judge(library: library) }

  package var library: ProcessLibrary { judge.library }

  /// Folds all held events of one entity.
  ///
  /// - Parameter events: in any order; one that stands twice counts once.
  package func fold(_ events: [FoldInput]) -> FoldResult {
    guard var run = begin(events) else { return foundation(of: events).result }
    return run.result()
  }

  /// Folds all held events of one entity, and tells the stage after each of them.
  ///
  /// - Parameter events: in any order; one that stands twice counts once.
  /// - Returns: the result of ``fold(_:)``, and what stands after each folded event.
  package func foldInSteps(_ events: [FoldInput]) -> (result: FoldResult, steps: [Hash: FoldStep]) {
    guard var run = begin(events) else { return foundation(of: events) }
    let result = run.result()
    return (result, run.steps())
  }

  /// A fold that is to begin; `nil` where the graph is beyond the bound.
  private func begin(_ events: [FoldInput]) -> FoldRun? {
    var seen = Set<Hash>(minimumCapacity: events.count)
    let unique = events.filter { seen.insert($0.event.hash).inserted }
    let absent =
      library.understands(Process.parentLostKind) ? LostParents.absent(among: unique) : []
    let graph = EventGraph(unique, absent: absent)
    guard graph.isTangled else { return FoldRun(judge: judge, inputs: unique, graph: graph) }
    // What a closure bars, and nobody built upon, must not cost the entity its state.
    let rest = Self.withoutBarredEnds(unique)
    return rest.count < unique.count ? begin(rest) : nil
  }

  /// The events that no closure bars, and the ancestors of those.
  private static func withoutBarredEnds(_ events: [FoldInput]) -> [FoldInput] {
    var parents: [Hash: [Hash]] = [:]
    for input in events { parents[input.event.hash] = input.event.parents }
    var open = events.filter { !$0.isOriginClosed }.map(\.event.hash)
    var kept = Set(open)
    while let next = open.popLast() {
      open += (parents[next] ?? []).filter { kept.insert($0).inserted }
    }
    return events.filter { kept.contains($0.event.hash) }
  }

  /// What an entity beyond the bound comes to: its founding event alone counts, so that what rests on
  /// that, such as that accounts are demanded, stands whatever others add.
  private func foundation(
    of events: [FoldInput]
  ) -> (result: FoldResult, steps: [Hash: FoldStep]) {
    let founding = events.filter(\.event.isFounding).min { $0.event.hash < $1.event.hash }
    let inputs = founding.map { [$0] } ?? []
    var run = FoldRun(judge: judge, inputs: inputs, graph: EventGraph(inputs))
    return (run.result().beyondBound, run.steps())
  }

  /// The fast path: the state after one more event, without the graph.
  ///
  /// - Parameters:
  ///   - state: what all folded events come to; `nil` where the entity is new here.
  ///   - input: the caller guarantees that its parents are exactly the entity's heads, that no event
  ///     of the entity waits, and that it was not folded before.
  /// - Returns: the state with the same bytes as a fold of all events; `nil` where only a fold can
  ///   tell, because a rules file is missing or the event would found the entity again.
  package func advance(_ state: EntityState?, by input: FoldInput) -> EntityState? {
    var next = state
    return advance(&next, by: input) == nil ? nil : next
  }

  /// The fast path in place, which spares a copy of the state.
  ///
  /// - Parameters:
  ///   - state: what all folded events come to, `nil` where the entity is new here; on return the state
  ///     after one more event, or what it was where only a fold can tell.
  ///   - input: as for a copy.
  /// - Returns: what the event may have changed; `nil` where only a fold can tell.
  package func advance(_ state: inout EntityState?, by input: FoldInput) -> FoldChange? {
    guard var current = state.take() else {
      state = found(by: input)
      return state == nil ? nil : .everything
    }
    defer { state = current }
    guard !input.event.isFounding else { return nil }
    let founder = Founder(
      region: current.founding.region, family: current.family, ranksFirst: false)
    let before = Before(rules: current.rules, stage: current.stage)
    let verdict = judge.judge(
      input, before: before, founder: founder, standing: { current.standing(of: $0) },
      request: { current.standing(of: $0, answeredBy: $1) })
    if case .waits = verdict { return nil }
    current.events.add(input.event.hash)
    let needsReview = current.needsReview && leavesClosed(verdict, of: current)
    current.apply(verdict, of: input)
    if case .moves = verdict { current.needsReview = needsReview }
    guard current.rules == before.rules else { return .everything }
    return library.change(by: verdict, of: input.event.kind, in: current)
  }

  /// Whether a move leaves the close before it standing. With one that does not, no fact is concurrent:
  /// it follows all of them.
  private func leavesClosed(_ verdict: Verdict, of state: EntityState) -> Bool {
    guard case .moves(let value) = verdict else { return false }
    return library[state.rules]?.family(named: state.family)?.ending(at: value.stage) == .afterClose
  }

  private func found(by input: FoldInput) -> EntityState? {
    guard input.event.isFounding, let (founder, rules, verdict) = judge.judge(founding: input)
    else {
      return nil
    }
    var state = EntityState(family: founder.family, rules: rules, founding: .init(input))
    state.events.add(input.event.hash)
    state.apply(verdict, of: input)
    return state
  }
}

extension EntityState {
  /// Applies the verdict on an event that follows all others, so that nothing can stand against it.
  fileprivate mutating func apply(_ verdict: Verdict, of input: FoldInput) {
    let event = input.event.hash
    switch verdict {
    case .moves(let stage):
      give(Process.stageSlot, Slot(value: stage.value, event: event, time: input.time))
    case .pins(let rules): self.rules = rules
    case .describes(let slot, let value):
      give(slot, Slot(value: value, event: event, time: input.time))
    case .adds(let kind, _, let part):
      facts[kind, default: Tally()].add(event)
      guard case .asks(let request) = part else { break }
      requests[kind] = request.joined(with: requests[kind])
    case .decides(let pair, let verdict):
      guard let index = conflicts.firstIndex(where: { $0.isSamePair(as: pair) }) else { break }
      conflicts[index].decision = Decision(event: event, verdict: verdict)
    case .fails(let reason, let isKindUnknown):
      note(reason, for: event)
      isPartlyUnderstood = isPartlyUnderstood || isKindUnknown
    case .declares, .waits: break
    }
  }
}
