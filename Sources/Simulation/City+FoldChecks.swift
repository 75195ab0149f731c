import Casework
import Ledger
import Regions
import Store

/// Every state against the reference, and against that of others who hold the same.
extension City {
  /// Every state is what the design's sentences make of the events held; the same events give the
  /// same bytes everywhere; what waits, waits for something that is not there.
  func checkFolds() throws {
    var seen: [FoldKey: Seen] = [:]
    let openings = itemOpenings()
    for office in [hub] + honest.filter({ $0 !== hub }) {
      var byEntity: [EntityID: [Int]] = [:]
      for index in books.held[office.index].sorted() {
        byEntity[books.facts[index].entity, default: []].append(index)
      }
      let closures = books.closures(at: office.index).map(\.event)
      let processes = processes(at: office)
      for (entity, indices) in byEntity.sorted(by: { $0.key < $1.key }) {
        lazy var about = [office.region.rawValue, entity.description]
        let bytes = try office.store.read { try $0.stateBytes(of: entity) }
        let key = FoldKey(
          events: indices, closures: closures, program: office.program.name,
          processes: processes.count)
        if let known = seen[key] {
          if office === hub { try countConflicts(of: entity) }
          if indices.count > 1 {
            try checkIncident(of: entity, known.incident, at: office)
            try checkItems(of: entity, openings[entity] ?? [], with: known.orders, at: office)
          }
          try checks.expect("same_state", known.bytes == bytes, about: about) {
            "\(office.region) makes another state of the same events of \(entity)"
          }
          continue
        }
        let stored = try office.store.read { try $0.entity(entity) }
        if office === hub { try countConflicts(of: entity) }
        let reference = try compare(stored, indices, office, processes, about)
        let incident = indices.count > 1 ? reference.flatMap { Self.incident(by: $0) } : nil
        let orders = reference.map { orderCommits(by: $0) } ?? []
        seen[key] = Seen(bytes: bytes, incident: incident, orders: orders)
        // Of a case that was only founded there is no more to ask.
        guard let reference, indices.count > 1 else { continue }
        try checkActs(of: reference, about)
        if office === hub { try checkLevels(of: reference, entity, about) }
        try checkIncident(of: entity, incident, at: office)
        try checkItems(of: entity, openings[entity] ?? [], with: orders, at: office)
      }
    }
  }

  private func countConflicts(of entity: EntityID) throws {
    let state = try hub.store.read { try $0.entity(entity) }?.state
    conflictsOpened += state?.conflicts.count ?? 0
    conflictsDecided += state?.conflicts.count { $0.decision != nil } ?? 0
  }

  private struct FoldKey: Hashable {
    let events: [Int]
    let closures: [Int]
    let program: String
    let processes: Int
  }

  /// What came of one set of events.
  private struct Seen {
    let bytes: [UInt8]?
    let incident: EntityID?
    /// The commits of the orders to rectify that count.
    let orders: Set<Hash>
  }

  /// The rules files of an office: its program's, and those that it holds as published.
  func processes(at office: Office) -> [Process] {
    let held = books.published(at: office.index).compactMap {
      if case .process(let hash, _) = $0.content { hash } else { nil }
    }
    return office.program.processes
      + [.third, trial].compactMap { $0 }.filter { held.contains($0.hash) }
  }

  /// The events of one entity as an office has to judge them; not folded yet.
  func reference(
    to facts: [Books.Fact], at office: Office, _ processes: [Process]
  ) -> MergeReference {
    let closures = books.closures(at: office.index)
    let items = facts.map { fact in
      let isClosed = closures.contains {
        $0.origin == fact.stamp.origin && !$0.good.contains(fact.commit)
      }
      return MergeReference.Item(
        hash: fact.hash, kind: fact.kind, parents: fact.parents, isFounding: fact.isFounding,
        tier: fact.stamp.tier, role: fact.stamp.role, region: fact.stamp.origin.region,
        account: fact.stamp.actor,
        time: fact.stamp.time.rawValue, body: try? CanonicalValue(decoding: fact.body),
        isClosed: isClosed)
    }
    return MergeReference(
      items, processes: processes, unknownKinds: office.program.unknownKinds)
  }

  /// - Returns: the reference after its fold; `nil` where nothing can be folded yet.
  private func compare(
    _ stored: StoredEntity?, _ indices: [Int], _ office: Office, _ processes: [Process],
    _ about: [String]
  ) throws -> MergeReference? {
    var reference = reference(to: indices.map { books.facts[$0] }, at: office, processes)
    let result = reference.fold()
    let state = stored?.state
    let differences = Self.differences(result, state, stored)
    try checks.expect("merge", differences.isEmpty, about: about) {
      "\(office.region) folds \(about[1]) otherwise than the rules say: "
        + differences.joined(separator: "; ")
    }
    guard let result, let state else { return nil }
    // Asked apart from the reference: who lost has a conflict, and who has one lost.
    let superseded = Set(state.ineffective.filter { $0.reason == .superseded }.map(\.event))
    try checks.expect(
      "conflict_noted", superseded == Set(state.conflicts.map(\.loser)), about: about
    ) { "\(office.region): events of \(about[1]) were superseded without a conflict" }
    let items = reference.items.values
    let here = Set(reference.items.keys)
    let unmet = items.filter { result.waiting.contains($0.hash) }
      .flatMap(\.parents).filter { !here.contains($0) }
    try checks.expect(
      "waiting_named",
      result.waiting.isEmpty == !(stored?.isWaiting ?? false)
        && (result.waiting.isEmpty || !unmet.isEmpty
          || office.program.name != Office.Program.current.name),
      about: about
    ) { "\(office.region): \(about[1]) waits for nothing that is missing" }
    return reference
  }

  private static func differences(
    _ result: MergeReference.Result?, _ state: EntityState?, _ stored: StoredEntity?
  ) -> [String] {
    guard let result, let state else {
      return (result == nil) == (state == nil) ? [] : ["one is folded and the other is not"]
    }
    var found: [String] = []
    let slots = state.slots.mapValues { MergeReference.Slot(event: $0.event, value: $0.value) }
    if slots != result.slots { found.append("slots \(slots.keys.sorted())") }
    if state.rules != result.rules { found.append("rules") }
    let facts = state.facts.mapValues { Int($0.count) }
    if facts != result.facts { found.append("facts \(facts) and \(result.facts)") }
    let ineffective = Dictionary(
      state.ineffective.map { ($0.event, $0.reason.rawValue) }, uniquingKeysWith: { a, _ in a })
    if ineffective != result.ineffective {
      found.append("ineffective \(ineffective.count) and \(result.ineffective.count)")
    }
    var conflicts: [MergeReference.Pair: String] = [:]
    for conflict in state.conflicts {
      let pair = MergeReference.Pair(
        slot: conflict.slot, winner: conflict.winner, loser: conflict.loser)
      conflicts[pair] =
        conflict.decision.map { MergeReference.decision($0.event, $0.verdict.rawValue) } ?? ""
    }
    if conflicts != result.conflicts {
      found.append("conflicts \(conflicts.count) and \(result.conflicts.count)")
    }
    if state.needsReview != result.needsReview { found.append("review \(state.needsReview)") }
    if state.isPartlyUnderstood != result.isPartlyUnderstood { found.append("understood") }
    if Set(stored?.heads ?? []) != result.heads { found.append("heads") }
    return found
  }
}
