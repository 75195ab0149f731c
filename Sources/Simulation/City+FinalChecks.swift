import Casework
import Ledger
import Regions
import Replication
import Store

/// What must hold after a heal, when nothing moves any more.
extension City {
  private var honest: [Office] { offices.filter { !$0.isHostile } }

  func checkAll() throws {
    let alive = try checkLedgers()
    for office in honest { try checkCursors(at: office) }
    try checkScopes()
    try checkConverged(alive: alive)
    try checkFolds()
    try checkLinks()
    try checkDigests()
    try checkChains()
    try checkStores()
  }

  /// Every event that is held is what its author signed, in one commit and entity, held by nobody
  /// whose disk was not told of it; and what a disk was told of is there.
  ///
  /// - Returns: what any honest store holds.
  private func checkLedgers() throws -> Set<Hash> {
    var alive: Set<Hash> = []
    for office in honest {
      var held: Set<Int> = []
      var rows: [LedgerEntry] = []
      try office.store.read { reader in try reader.ledger { rows.append($0) } }
      for row in rows {
        let about = [office.region.rawValue, row.hash.short]
        try checks.expect("forged", !books.forged.contains(row.hash), about: about) {
          "\(office.region) holds \(row.hash.short), which nobody with the right to it signed"
        }
        guard let index = books.index[row.hash] else {
          try checks.expect("forged", false, about: about) {
            "\(office.region) holds \(row.hash.short), which was never written"
          }
          continue
        }
        let fact = books.facts[index]
        try checks.expect(
          "unaltered", fact.bytes == row.bytes && fact.stamp.encoded == row.stampBytes,
          about: about
        ) { "\(office.region) holds \(row.hash.short) with other bytes than were signed" }
        try checks.expect(
          "one_commit", fact.commit == row.commit && fact.entity == row.entity, about: about
        ) { "\(office.region) keeps \(row.hash.short) in another commit or entity" }
        try checks.expect(
          "one_entity",
          fact.isHostile
            || fact.parents.allSatisfy { books.fact($0).map { $0.entity == fact.entity } ?? true },
          about: about
        ) { "\(row.hash.short) has a parent in another entity" }
        try checks.expect("once", held.insert(index).inserted, about: about) {
          "\(office.region) holds \(row.hash.short) twice"
        }
        alive.insert(row.hash)
      }
      let lost = books.held[office.index].subtracting(held)
      let extra = held.subtracting(books.held[office.index])
      try checks.expect(
        "durable", lost.isEmpty && extra.isEmpty,
        about: [office.region.rawValue] + lost.prefix(1).map { books.facts[$0].hash.short }
      ) {
        "\(office.region) was told of \(lost.count) events that it lacks, and holds \(extra.count) "
          + "that nobody told it of"
      }
    }
    return alive
  }

  /// No honest event is held where it was never in scope, by any signed tree.
  private func checkScopes() throws {
    let reference = AudienceReference(books.trees.map(\.tree))
    var audiences: [EntityID: Set<RegionID>] = [:]
    for office in honest {
      for index in books.held[office.index].sorted() {
        let fact = books.facts[index]
        guard !fact.isHostile, fact.stamp.origin.region != office.region else { continue }
        let audience =
          audiences[fact.entity]
          ?? reference.audience(of: (books.entities[fact.entity] ?? []).map { books.facts[$0] })
        audiences[fact.entity] = audience
        try checks.expect(
          "scope", reference.isInScope(office.region, audience),
          about: [office.region.rawValue, fact.hash.short, fact.entity.description]
        ) {
          "\(office.region) holds \(fact.hash.short) of \(fact.entity), which was never in its scope"
        }
      }
    }
  }

  /// Everybody in today's scope holds all that is left of an entity, and judges its audience alike.
  private func checkConverged(alive: Set<Hash>) throws {
    let kept = books.trees.filter { alive.contains($0.event) }.map(\.tree)
    let reference = AudienceReference(kept)
    guard let newest = try hub.tree else {
      throw HarnessFault("the hub knows no tree")
    }
    let today = AudienceReference([newest])
    for office in honest {
      let tree = try office.tree
      try checks.expect("same_tree", tree == newest, about: [office.region.rawValue]) {
        "\(office.region) goes by another tree than the hub"
      }
    }
    for (entity, indices) in books.entities.sorted(by: { $0.key < $1.key }) {
      let facts = indices.map { books.facts[$0] }.filter { alive.contains($0.hash) }
      let needed = Self.needed(facts)
      guard !needed.isEmpty else { continue }
      let audience = reference.audience(of: facts)
      for office in honest where today.isInScope(office.region, audience) {
        let about = [office.region.rawValue, entity.description]
        for fact in needed {
          let isHeld = books.index[fact.hash].map { books.held[office.index].contains($0) } ?? false
          try checks.expect("converged", isHeld, about: about + [fact.hash.short]) {
            "\(office.region) lacks \(fact.hash.short) of \(entity), \(fact.kind) by "
              + "\(fact.stamp.origin); audience \(audience.sorted())"
          }
        }
        let stored = try office.store.read { try $0.entity(entity) }
        try checks.expect("audience", stored?.audience == audience.sorted(), about: about) {
          "\(office.region) takes the audience of \(entity) for \(stored?.audience ?? []), it is "
            + "\(audience.sorted())"
        }
      }
    }
  }

  /// The honest events and all their ancestors.
  private static func needed(_ facts: [Books.Fact]) -> [Books.Fact] {
    var needed = Set(facts.lazy.filter { !$0.isHostile }.map(\.hash))
    for fact in facts.reversed() where needed.contains(fact.hash) {
      needed.formUnion(fact.parents)
    }
    return facts.filter { needed.contains($0.hash) }
  }

  /// Every state is what the design's sentences make of the events held; the same events give the
  /// same bytes everywhere; what waits, waits for something that is not there.
  private func checkFolds() throws {
    var seen: [FoldKey: [UInt8]?] = [:]
    for office in honest {
      var byEntity: [EntityID: [Int]] = [:]
      for index in books.held[office.index].sorted() {
        byEntity[books.facts[index].entity, default: []].append(index)
      }
      for (entity, indices) in byEntity.sorted(by: { $0.key < $1.key }) {
        let about = [office.region.rawValue, entity.description]
        let bytes = try office.store.read { try $0.stateBytes(of: entity) }
        let key = FoldKey(
          events: indices, closures: books.closures(at: office.index).map(\.event),
          program: office.program.name)
        if let known = seen[key] {
          if office === hub { try countConflicts(of: entity) }
          try checks.expect("same_state", known == bytes, about: about) {
            "\(office.region) makes another state of the same events of \(entity)"
          }
          continue
        }
        seen[key] = .some(bytes)
        let stored = try office.store.read { try $0.entity(entity) }
        if office === hub { try countConflicts(of: entity) }
        try compare(stored, indices, office, about)
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
  }

  private func compare(
    _ stored: StoredEntity?, _ indices: [Int], _ office: Office, _ about: [String]
  ) throws {
    let closures = books.closures(at: office.index)
    let items = indices.map { index in
      let fact = books.facts[index]
      let isClosed = closures.contains {
        $0.origin == fact.stamp.origin && !$0.good.contains(fact.commit)
      }
      return MergeReference.Item(
        hash: fact.hash, kind: fact.kind, parents: fact.parents, isFounding: fact.isFounding,
        tier: fact.stamp.tier, role: fact.stamp.role, region: fact.stamp.origin.region,
        time: fact.stamp.time.rawValue, body: try? CanonicalValue(decoding: fact.body),
        isClosed: isClosed)
    }
    var reference = MergeReference(
      items, processes: office.program.processes, unknownKinds: office.program.unknownKinds)
    let result = reference.fold()
    let state = stored?.state
    let differences = Self.differences(result, state, stored)
    try checks.expect("merge", differences.isEmpty, about: about) {
      "\(office.region) folds \(about[1]) otherwise than the rules say: "
        + differences.joined(separator: "; ")
    }
    guard let result, let state else { return }
    // Asked apart from the reference: who lost has a conflict, and who has one lost.
    let superseded = Set(state.ineffective.filter { $0.reason == .superseded }.map(\.event))
    try checks.expect(
      "conflict_noted", superseded == Set(state.conflicts.map(\.loser)), about: about
    ) { "\(office.region): events of \(about[1]) were superseded without a conflict" }
    let here = Set(items.map(\.hash))
    let unmet = items.filter { result.waiting.contains($0.hash) }
      .flatMap(\.parents).filter { !here.contains($0) }
    try checks.expect(
      "waiting_named",
      result.waiting.isEmpty == !(stored?.isWaiting ?? false)
        && (result.waiting.isEmpty || !unmet.isEmpty
          || office.program.name != Office.Program.current.name),
      about: about
    ) { "\(office.region): \(about[1]) waits for nothing that is missing" }
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

  // MARK: Links.

  /// Both ends hold the same to be exchanged, and each has taken all of the other's outbox.
  private func checkLinks() throws {
    for child in honest where child.tier != .city {
      guard let parent = try parent(of: child) else { continue }
      let about = [child.region.rawValue, parent.region.rawValue]
      let here = try child.store.read { try $0.exchanged(with: parent.region) }
      let there = try parent.store.read { try $0.exchanged(with: child.region) }
      try checks.expect("exchanged", here == there, about: about) {
        "\(child.region) and \(parent.region) differ in what they exchanged: "
          + "\(here.subtracting(there).count) only here, \(there.subtracting(here).count) only there"
      }
      for (sender, taker) in [(child, parent), (parent, child)] {
        try checkOrder(of: sender, for: taker)
      }
    }
  }

  /// An origin that calls everything urgent is passed on in the bulk lane beyond its quota.
  private func checkQuota(_ urgent: [Hash], of sender: Office, for taker: Office) throws {
    var minutes: [Origin: [UInt64: Set<Hash>]] = [:]
    for fact in urgent.compactMap({ books.fact($0) })
    where fact.stamp.lane == .urgent && fact.stamp.origin.region != sender.region {
      let minute = fact.stamp.time.milliseconds / 60_000
      minutes[fact.stamp.origin, default: [:]][minute, default: []].insert(fact.commit)
    }
    let most = minutes.values.flatMap { $0.values.map(\.count) }.max() ?? 0
    let bound = ReplicationBounds.urgentBurst + ReplicationBounds.urgentCommitsPerHour / 60 + 1
    try checks.expect("quota", most <= bound, about: [sender.region.rawValue]) {
      "\(sender.region) passes \(most) urgent commits of one origin and minute on to "
        + "\(taker.region) as urgent"
    }
  }

  /// Of one entity's events in one outbox and lane, parents stand before children.
  private func checkOrder(of sender: Office, for taker: Office) throws {
    for lane in Lane.allCases {
      let entries = try sender.store.read { try $0.outbox(of: taker.region, lane) }
      var places: [Hash: Int] = [:]
      if lane == .urgent { try checkQuota(entries, of: sender, for: taker) }
      for (place, hash) in entries.enumerated() where places[hash] == nil { places[hash] = place }
      for (hash, place) in places {
        guard let fact = books.fact(hash), !fact.isHostile else { continue }
        let late = fact.parents.first { (places[$0] ?? -1) > place }
        guard let late, books.fact(late)?.isHostile == false else {
          try checks.expect("parents_first", true) { "" }
          continue
        }
        // Where the parent came later than the child, as after a restore, there is no other order.
        try checks.expect(
          "parents_first", !books.unnoticed.isEmpty || faults[Fault.restore.rawValue] != nil,
          about: [sender.region.rawValue, hash.short]
        ) {
          "\(sender.region) sends \(hash.short) to \(taker.region) before its parent \(late.short)"
        }
      }
    }
  }

  /// All current holders of a region have the same digest of it.
  private func checkDigests() throws {
    guard let tree = try hub.tree else { return }
    for entry in tree.entries {
      let holders = tree.path(from: entry.id).compactMap { office($0) }.filter { !$0.isHostile }
      let digests = try holders.map { holder in
        try holder.store.read { try $0.digest(of: entry.id) }
      }
      try checks.expect("digests", Set(digests).count == 1, about: [entry.id.rawValue]) {
        "the holders \(holders.map(\.region)) of \(entry.id) have different digests"
      }
    }
  }

  /// No office signed two commits of one place in its chain, unless it could not know of the first.
  private func checkChains() throws {
    for (place, commits) in books.places {
      try checks.expect(
        "one_chain",
        commits.count == 1 || books.unnoticed.contains(place.origin.region),
        about: [place.origin.description]
      ) { "\(place.origin) signed \(commits.count) commits \(place.sequence)" }
    }
  }

  /// The store's own full check, and projections that come out the same when they are made anew.
  private func checkStores() throws {
    // The hub holds nearly everything; of the others some are checked in each run.
    for office in honest where office === hub || numbers.permille(250) {
      let report = try office.store.read { try $0.verify(judge: authority) { _ in } }
      try checks.expect("verify", report.isGood, about: [office.region.rawValue]) {
        "verify at \(office.region): \(report.failures.first?.reason ?? "")"
      }
    }
    guard let office = numbers.pick(honest) else { return }
    let before = try states(of: office)
    let copy = try Store.inMemory(
      copying: office.store.image(), library: office.program.library, judge: authority, signer: nil)
    _ = try copy.write(now: now) { try $0.rebuild { _ in } }
    let after = try copy.read { reader in
      try reader.entityIDs().map { try reader.stateBytes(of: $0) }
    }
    try copy.close()
    try checks.expect("rebuild", before == after, about: [office.region.rawValue]) {
      "a rebuild at \(office.region) gives other states"
    }
  }

  private func states(of office: Office) throws -> [[UInt8]?] {
    try office.store.read { reader in
      try reader.entityIDs().map { try reader.stateBytes(of: $0) }
    }
  }
}
