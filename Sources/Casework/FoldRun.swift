import Ledger
import Regions

/// One fold under way: goes once through the graph, then settles each slot.
struct FoldRun {
  private let judge: Judge
  private let inputs: [FoldInput]
  let graph: EventGraph
  private(set) var stage: SlotTracker
  private var rules: SlotTracker
  /// By position.
  private(set) var verdicts: [Verdict] = []
  private(set) var waits: [Bool] = []
  /// The candidates of each descriptive slot, in the order in which the merge takes them.
  private var descriptions: [String: [Int]] = [:]
  private var decisions = DecisionTracker()
  private var requests = RequestTracker()
  private var mergeRules: [Hash: MergeRule] = [:]
  private var founder: (position: Int, facts: Founder, rules: Hash)?
  private var order: MergeOrder

  /// - Parameter inputs: each event once; `graph` is theirs.
  init(judge: Judge, inputs: [FoldInput], graph: EventGraph) {
    self.judge = judge
    self.inputs = inputs
    self.graph = graph
    self.order = MergeOrder(inputs: inputs, graph: graph, first: nil)
    self.stage = SlotTracker(count: graph.count)
    self.rules = SlotTracker(count: graph.count)
  }

  func input(_ position: Int) -> FoldInput { inputs[graph.order[position]] }

  mutating func result() -> FoldResult {
    // Only a collision of 74 bits gives an entity two founding events; the lesser hash then founds.
    let root = graph.order.indices.filter { input($0).event.isFounding }
      .min { input($0).event.hash < input($1).event.hash }
    if let root { findFounder(root) }
    for position in 0..<graph.count { judgeEvent(at: position, root: root) }
    let waiting = waiting()
    guard let founder else {
      return FoldResult(
        state: nil, outcomes: [:], mergeRules: [:], heads: [], waiting: waiting,
        missing: missing(waiting), isTangled: false)
    }
    var state = EntityState(
      family: founder.facts.family, rules: founder.rules,
      founding: .init(input(founder.position)))
    let outcomes = settle(&state, founder: founder.position)
    return FoldResult(
      state: state, outcomes: outcomes, mergeRules: mergeRules, heads: heads(), waiting: waiting,
      missing: missing(waiting), isTangled: false)
  }

  private mutating func findFounder(_ root: Int) {
    guard let (facts, rules, _) = judge.judge(founding: input(root)) else { return }
    founder = (root, facts, rules)
    guard facts.ranksFirst else { return }
    order = MergeOrder(inputs: inputs, graph: graph, first: facts.region)
  }

  // MARK: the way through the graph

  private mutating func judgeEvent(at position: Int, root: Int?) {
    let input = input(position)
    let (stageBefore, rulesBefore) = (
      stage.before(position, in: graph), rules.before(position, in: graph)
    )
    let verdict = verdict(
      on: input, at: position, root: root, stage: stageBefore.giver, rules: rulesBefore.giver)
    var (isMove, isPin, isWaiting) = (false, false, false)
    switch verdict {
    case .moves: isMove = true
    case .pins: isPin = true
    case .describes(let slot, _): order.insert(position, into: &descriptions[slot, default: []])
    case .decides(let pair, _): decisions.pass(position, deciding: pair)
    case .waits: isWaiting = true
    case .adds(let kind, _, let part): requests.pass(position, adding: kind, as: part)
    case .declares, .fails: break
    }
    verdicts.append(verdict)
    waits.append(isWaiting)
    stage.pass(position, before: stageBefore, isCandidate: isMove, order: order)
    rules.pass(position, before: rulesBefore, isCandidate: isPin, order: order)
  }

  private func verdict(
    on input: FoldInput, at position: Int, root: Int?, stage: Int?, rules: Int?
  ) -> Verdict {
    if let parent = graph.parents(of: position).first(where: { waits[$0] }) {
      return .waits(.event(self.input(parent).event.hash))
    }
    guard let founder else {
      // The root waits for its rules file, and everything else for the root or a second one.
      let body = try? CanonicalValue(decoding: input.event.body)
      guard position == root, let rules = Judge.pinnedRules(body) else {
        return .waits(.event(root.map { self.input($0).event.hash } ?? .zero))
      }
      return .waits(.rules(rules))
    }
    if position == founder.position {
      return judge.judge(founding: input)?.verdict ?? .waits(.rules(founder.rules))
    }
    // Behind a lost parent nothing tells what an event was allowed to do, save a declaration.
    guard
      graph.isAncestor(founder.position, of: position)
        || input.event.kind == Process.parentLostKind
    else {
      return .fails(input.isOriginClosed ? .originClosed : .notAllowed)
    }
    var before = Before(rules: founder.rules, stage: nil)
    if let stage, case .moves(let value) = verdicts[stage] {
      before = Before(rules: before.rules, stage: value)
    }
    if let rules, case .pins(let pinned) = verdicts[rules] {
      before = Before(rules: pinned, stage: before.stage)
    }
    return judge.judge(
      input, before: before, founder: founder.facts,
      standing: { pair in
        decisions.standing(
          of: pair, before: position, taking: candidates(of: pair.slot), in: graph,
          hash: { self.input($0).event.hash })
      },
      request: { act, answer in
        requests.standing(of: act, answeredBy: answer, before: position, in: graph)
      })
  }

  /// The candidates of a slot among the events judged so far, in the order of the merge.
  private func candidates(of slot: String) -> [Int] {
    switch slot {
    case Process.stageSlot: stage.taking
    case Process.rulesSlot: rules.taking
    default: descriptions[slot] ?? []
    }
  }

  // MARK: the end

  /// Fills in what all folded events come to.
  private mutating func settle(_ state: inout EntityState, founder: Int) -> [Hash: Outcome] {
    var outcomes = [Hash: Outcome](minimumCapacity: graph.count)
    let late = requests.late(by: order)
    state.requests = requests.requests
    for position in 0..<graph.count where !waits[position] {
      let event = input(position).event.hash
      outcomes[event] = .effective
      state.events.add(event)
      switch verdicts[position] {
      case .adds where late.contains(position):
        outcomes[event] = .ineffective(.alreadyDecided)
      case .adds(let kind, _, _): state.facts[kind, default: .init()].add(event)
      case .fails(let reason, let isKindUnknown):
        outcomes[event] = .ineffective(reason)
        if isKindUnknown { state.isPartlyUnderstood = true }
      case .moves, .pins, .describes, .decides, .declares, .waits: break
      }
    }
    let moves = settle(Process.stageSlot, stage.taking, &state, &outcomes)
    if let last = moves.last, case .moves(let value) = verdicts[last] {
      give(Process.stageSlot, value.value, from: last, &state)
      state.needsReview = needsReview(after: moves, family: state.family)
    }
    if let last = settle(Process.rulesSlot, rules.taking, &state, &outcomes).last,
      case .pins(let pinned) = verdicts[last]
    {
      state.rules = pinned
    }
    for (slot, taking) in descriptions {
      if let last = settle(slot, taking, &state, &outcomes).last,
        case .describes(_, let value) = verdicts[last]
      {
        give(slot, value, from: last, &state)
      }
    }
    settleDecisions(&state, &outcomes)
    state.conflicts.sort()
    state.ineffective = outcomes.compactMap { event, outcome in
      guard case .ineffective(let reason) = outcome else { return nil }
      return EntityState.Ineffective(event: event, reason: reason)
    }.sorted { $0.event < $1.event }
    return outcomes
  }

  /// Takes a slot's candidates in order and notes who is superseded by whom.
  ///
  /// - Returns: the positions of those that stand, each upon the one before; the last gives the value.
  private mutating func settle(
    _ slot: String, _ taking: [Int], _ state: inout EntityState, _ outcomes: inout [Hash: Outcome]
  ) -> [Int] {
    var standing = Standing()
    for candidate in taking where !standing.take(candidate, in: graph) {
      guard let rival = standing.firstRival(of: candidate, in: graph) else { continue }
      let loser = input(candidate).event.hash
      outcomes[loser] = .ineffective(.superseded)
      mergeRules[loser] = order.rule(rival, candidate)
      state.conflicts.append(
        Conflict(slot: slot, winner: input(rival).event.hash, loser: loser))
    }
    return standing.chain
  }

  /// Gives each conflict its decision and notes the decisions that came too late.
  private func settleDecisions(_ state: inout EntityState, _ outcomes: inout [Hash: Outcome]) {
    let (first, late) = decisions.settle(by: order)
    for position in late { outcomes[input(position).event.hash] = .ineffective(.alreadyDecided) }
    guard !first.isEmpty else { return }
    for (index, conflict) in state.conflicts.enumerated() {
      guard let position = first[conflict], case .decides(_, let verdict) = verdicts[position]
      else { continue }
      state.conflicts[index].decision = Decision(
        event: input(position).event.hash, verdict: verdict)
    }
  }

  private func give(
    _ slot: String, _ value: CanonicalValue, from position: Int, _ state: inout EntityState
  ) {
    let input = input(position)
    state.give(
      slot, EntityState.Slot(value: value, event: input.event.hash, time: input.time))
  }

  /// Whether a fact is concurrent with the close that stands, which what ends a closed case further,
  /// such as archiving it, leaves standing.
  private func needsReview(after moves: [Int], family: String) -> Bool {
    let close = moves.last { ending(of: $0, family: family) != .afterClose }
    guard let close, ending(of: close, family: family) == .close else { return false }
    return (0..<graph.count).contains { position in
      guard case .adds(_, isReviewed: true, _) = verdicts[position] else { return false }
      return graph.areConcurrent(close, position)
    }
  }

  /// What the stage that a move enters ends, by the rules by which the move was judged.
  private func ending(of move: Int, family: String) -> Family.Ending? {
    guard case .moves(let value) = verdicts[move] else { return nil }
    var hash = founder?.rules ?? .zero
    if let giver = rules.before(move, in: graph).giver, case .pins(let pinned) = verdicts[giver] {
      hash = pinned
    }
    return judge.library[hash]?.family(named: family)?.ending(at: value.stage)
  }

  private func heads() -> [Hash] {
    var hasChild = [Bool](repeating: false, count: graph.count)
    for position in 0..<graph.count where !waits[position] {
      for parent in graph.parents(of: position) { hasChild[parent] = true }
    }
    return (0..<graph.count).filter { !waits[$0] && !hasChild[$0] }
      .map { input($0).event.hash }.sorted()
  }

  private func waiting() -> [Waiting] {
    let folded = Set((0..<graph.count).filter { !waits[$0] }.map { input($0).event.hash })
    let held = (0..<graph.count).filter { waits[$0] }.map { position in
      var needs: Set<Need> = []
      for parent in graph.parents(of: position) where waits[parent] {
        needs.insert(.event(input(parent).event.hash))
      }
      if needs.isEmpty, case .waits(let need) = verdicts[position] { needs.insert(need) }
      return Waiting(event: input(position).event.hash, needs: needs.sorted())
    }
    let unplaced = graph.unplaced.map { index in
      let parents = inputs[index].event.parents.filter {
        !folded.contains($0) && !graph.absent.contains($0)
      }
      return Waiting(event: inputs[index].event.hash, needs: parents.map { .event($0) })
    }
    return (held + unplaced).sorted { $0.event < $1.event }
  }

  /// The needs that no held event meets.
  private func missing(_ waiting: [Waiting]) -> [Need] {
    let held = Set(inputs.map(\.event.hash))
    let needs = waiting.flatMap(\.needs).filter { need in
      guard case .event(let hash) = need else { return true }
      return !held.contains(hash)
    }
    return Set(needs).sorted()
  }
}
