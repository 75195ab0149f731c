import Casework
import Ledger
import Regions
import Replication
import Store

/// An office's writer: what sessions ask for waits and is grouped into transactions; what people do
/// is one commit at once.
extension City {
  /// The most writes of one transaction.
  private static let groupSize = 64

  /// Queues a session's write.
  func submit(_ office: Office, _ session: Session, _ effect: LinkEffect) {
    office.writes.append(
      Office.PendingWrite(session: session.id, peer: session.peer, effect: effect))
    planCommit(office)
  }

  private func planCommit(_ office: Office) {
    guard office.isUp, !office.isCommitPlanned, !office.writes.isEmpty else { return }
    office.isCommitPlanned = true
    agenda.plan(
      .commit(at: office.index, life: office.life), at: now + office.flushMilliseconds)
  }

  func commitDue(_ office: Office, _ life: Int) throws {
    guard office.life == life else { return }
    office.isCommitPlanned = false
    try commit(office)
    planCommit(office)
  }

  /// Commits what waits, as the node's writer does: a group in one transaction; where that fails,
  /// each alone.
  func commit(_ office: Office) throws {
    if try crashIsDue(office) { return }
    let count = min(office.writes.count, 1 + numbers.index(below: Self.groupSize))
    let group = Array(office.writes.prefix(count))
    office.writes.removeFirst(count)
    let life = office.life
    let isDone = try attempt(office, group)
    if !isDone {
      for write in group where !office.shut.contains(write.session) {
        guard office.life == life else { return }
        if group.count > 1, try attempt(office, [write]) { continue }
        office.shut.insert(write.session)
        let reason: Goodbye.Reason = office.isDiskFull ? .disk : .violation
        try feed(
          office, write.session,
          .stop(
            Goodbye(
              reason: reason, message: "the store refused",
              retryAfterSeconds: office.isDiskFull ? 30 : nil)))
      }
    }
    guard office.life == life, let former = office.replacedIncarnation else { return }
    office.replacedIncarnation = nil
    try openIncarnation(office, leaving: former)
  }

  private func attempt(_ office: Office, _ group: [Office.PendingWrite]) throws -> Bool {
    let marks = LanePair(urgent: numbers.hash(), bulk: numbers.hash())
    let live = group.filter { !office.shut.contains($0.session) }
    let crashesInside = office.stepsToCrash == 1
    let answers = try write(office) { transaction in
      let answers = try live.map { write in
        try transaction.carryOut(write.effect, for: offices[write.peer].region, marks: marks)
      }
      if crashesInside { throw Crash() }
      return answers
    }
    guard let answers else { return try crashIsDue(office) }
    // The disk has it; whether anybody hears of it is another matter.
    for write in live { try note(write, office) }
    if try crashIsDue(office) { return true }
    let life = office.life
    for (write, answer) in zip(live, answers) {
      guard office.life == life else { return true }
      if case .taken(_, _, _, let setAside) = answer { try judge(setAside, office, write.peer) }
      if let answer { try feed(office, write.session, answer) }
    }
    return true
  }

  /// Writes to the books what a committed write means.
  private func note(_ write: Office.PendingWrite, _ office: Office) throws {
    let direction = Direction(from: office.index, to: write.peer)
    switch write.effect {
    case .take(let batch, _):
      books.told(office.index, batch.commits, at: now)
      try checkUrgent(batch, at: office, from: offices[write.peer])
    case .takeRepair(let shipment), .learn(let shipment):
      books.told(office.index, shipment.commits, at: now)
    case .beginRepair:
      openRepairs.insert(direction)
      try checkVoid(direction)
    case .finishRepair: openRepairs.remove(direction)
    default: break
    }
  }

  /// The machine stops inside a transaction.
  private struct Crash: Error {}

  /// Runs a transaction of an office and tells its links.
  ///
  /// - Returns: `nil` where the disk refused it, or the machine stops in it.
  func write<Result>(
    _ office: Office, _ body: (StoreTransaction) throws -> Result
  ) throws -> Result? {
    let result: Result
    let effects: StoreEffects
    do {
      (result, effects) = try office.store.write(now: clock(of: office), body)
    } catch is Crash {
      return nil
    } catch let error as StoreError
      where [.diskFull, .disk, .originClosed, .refused].contains(error.code)
    {
      trace.note(now) { "\(office.region) cannot write: \(error)" }
      if error.code == .disk || (error.code == .diskFull && !office.isDiskFull) {
        throw CheckFailure(check: "store", detail: "\(office.region): \(error)", about: [])
      }
      return nil
    }
    if let (origin, sequence) = effects.authored {
      office.lastBeside = (origin.incarnation, sequence)
    }
    try committed(office, effects)
    return result
  }

  /// Tells open links what a transaction did.
  private func committed(_ office: Office, _ effects: StoreEffects) throws {
    office.replacedIncarnation = effects.replacedIncarnation ?? office.replacedIncarnation
    if effects.learnedTree { office.forgetTree() }
    let grown = effects.grown.sorted { a, b in
      a.key.peer != b.key.peer ? a.key.peer < b.key.peer : a.key.lane < b.key.lane
    }
    for (growth, position) in grown {
      guard let peer = indices[growth.peer], let id = office.current[peer] else { continue }
      try feed(office, id, .outboxGrew(growth.lane, position: position))
    }
    if effects.learnedTree {
      try stopAll(
        office, Goodbye(reason: .treeChanged, message: "a newer tree", retryAfterSeconds: 0))
    }
  }

  /// Writes one commit at an office; acknowledged, and in the books, once the disk has it.
  ///
  /// - Parameters:
  ///   - actor: the role.
  ///   - person: the account, where it is another word than the role.
  /// - Returns: `nil` where the office could not write it.
  @discardableResult
  func author(
    _ office: Office, lane: Lane = .bulk, isHostile: Bool = false,
    actor: String = "officer", person: String? = nil, _ drafts: [EventDraft]
  ) throws -> Commit? {
    guard office.isUp, !drafts.isEmpty else { return nil }
    let commit = try write(office) { transaction in
      try transaction.author(actor: person ?? actor, role: actor, lane: lane) { commit in
        for draft in drafts { commit.add(draft) }
      }
    }
    guard let commit else { return nil }
    try wrote(commit, office, isHostile: isHostile)
    trace.note(now) {
      let events = commit.events.map {
        "\($0.event.kind) \($0.event.hash.short) of \($0.event.entity)"
      }
      return "\(office.region) writes \(commit.stamp.origin) \(commit.stamp.sequence) \(lane): "
        + events.joined(separator: ", ")
    }
    return commit
  }

  /// Writes to the books what an office's disk has of its own.
  func wrote(_ commit: Commit, _ office: Office, isHostile: Bool = false) throws {
    books.note(commit, isHostile: isHostile)
    books.told(office.index, [commit], at: now)
    if !office.isHostile {
      noteTrial(commit)
      try checkTime(of: commit, at: office)
      try checkPlace(of: commit, at: office)
    }
    guard let former = office.replacedIncarnation else { return }
    office.replacedIncarnation = nil
    try openIncarnation(office, leaving: former)
  }

  /// The hub publishes a tree.
  @discardableResult
  func publish(_ tree: LinkTree) throws -> Commit {
    let body = CanonicalValue.map([
      "regions": tree.canonical, "rules": .bytes(Process.firstCut.hash.bytes),
    ])
    let draft = EventDraft(
      entity: nil, kind: SignedTree.kind, parents: [], audience: [.everyone],
      salt: numbers.bytes(16), body: body.encoded)
    guard let commit = try author(hub, actor: "system", [draft]) else {
      throw HarnessFault("the hub cannot publish a tree")
    }
    books.note(tree, in: commit)
    return commit
  }
}
