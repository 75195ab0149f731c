import Casework
import Ledger
import Regions
import Replication
import Store

/// Machines that start, stop, crash and are put back.
extension City {
  /// How much is done at an office that was put back and is cut off.
  private static let busyActs = 30

  /// What a program does when it starts: compares the counters, and opens an incarnation where they
  /// say so.
  func powerOn(_ office: Office) throws {
    guard !office.isUp else { return }
    let (identity, highest, isClosed) = try office.store.read {
      (try $0.identity(), try $0.highestIncarnation(), try $0.isOwnOriginClosed())
    }
    let inside =
      identity.starts == 0
      ? nil : StartCounter(starts: identity.starts, incarnation: identity.incarnation)
    let beside = office.counter.starts == 0 ? nil : office.counter
    let lastBeside =
      office.lastBeside.incarnation == identity.incarnation ? office.lastBeside.sequence : 0
    let decision = StartCounter.decide(
      beside: beside, inside: inside, lastBeside: lastBeside, lastInside: identity.sequence,
      isReplaced: identity.isReplaced || isClosed, highestSigned: highest)
    office.counter = decision.counter
    office.isUp = true
    office.isDialPlanned = false
    office.isCommitPlanned = false
    office.backoff = Backoff()
    office.throughputs = [:]
    let started: Void? = try write(office) { transaction in
      try transaction.learn(office.chain)
      if !decision.opensNewIncarnation { transaction.noteStart(decision.counter) }
    }
    guard started != nil else {
      // A full disk: the program ends and is started again later.
      office.isUp = false
      agenda.plan(.recovery(.power(at: office.index)), at: now + 60_000)
      return
    }
    if decision.opensNewIncarnation { try open(decision.counter, at: office) }
    trace.note(now) { "\(office.region) is up, incarnation \(decision.counter.incarnation)" }
    planDial(office, after: numbers.below(2_000))
  }

  /// Opens an incarnation with its first commit, as a node does.
  private func open(_ counter: StartCounter, at office: Office) throws {
    let salt = numbers.bytes(16)
    let body = CanonicalValue.map([
      "rules": .bytes(Process.firstCut.hash.bytes),
      "chain": .array(office.chain.map { .bytes($0) }),
    ])
    let audience = office.tier == .township ? [office.region] : [office.region, .everyone]
    let commit = try write(office) { transaction in
      transaction.openIncarnation(counter)
      return try transaction.author(actor: "system", role: "system", lane: .bulk) { commit in
        commit.add(
          EventDraft(
            entity: nil, kind: "origin.opened", parents: [], audience: audience, salt: salt,
            body: body.encoded))
      }
    }
    guard let commit else {
      powerOff(office)
      agenda.plan(.recovery(.power(at: office.index)), at: now + 60_000)
      return
    }
    try wrote(commit, office)
    trace.note(now) { "\(office.region) opens \(commit.stamp.origin)" }
  }

  /// A peer proved that the store was replaced: what waits is committed first, as a writer in order
  /// does.
  func openIncarnation(
    _ office: Office, leaving former: UInt32, _ claim: IncarnationClaim? = nil
  ) throws {
    let life = office.life
    while !office.writes.isEmpty {
      try commit(office)
      guard office.life == life else { return }
    }
    let counter = try write(office) { transaction in
      try transaction.counter(leaving: former, beside: office.counter, claim: claim)
    }
    guard let counter = counter ?? nil else { return }
    office.counter = counter
    try open(counter, at: office)
    guard office.life == life else { return }
    try stopAll(
      office,
      Goodbye(reason: .newIncarnation, message: "a new incarnation", retryAfterSeconds: 0))
  }

  /// The machine stops: what its disk has not is gone, and its peers hear nothing.
  func powerOff(_ office: Office) {
    guard office.isUp else { return }
    trace.note(now) { "\(office.region) is down" }
    for session in office.sessions.values.sorted(by: { $0.id < $1.id }) {
      // The peer's system finds out only if it is asked: by silence, or when the machine is up.
      agenda.plan(
        .reset(session: session.id, at: session.peer), at: now + 1 + numbers.below(60_000))
    }
    office.sessions = [:]
    office.current = [:]
    office.writes = []
    office.shut = []
    office.replacedIncarnation = nil
    office.stepsToCrash = nil
    office.isUp = false
    office.life += 1
  }

  /// Ends the program in order.
  func stop(_ office: Office) throws {
    guard office.isUp else { return }
    let life = office.life
    try stopAll(office, Goodbye(reason: .stopping, message: "the node stops"))
    while !office.writes.isEmpty, office.life == life { try commit(office) }
    guard office.life == life else { return }
    powerOff(office)
  }

  /// Whether the machine stops here, between two steps.
  func crashIsDue(_ office: Office) throws -> Bool {
    guard let steps = office.stepsToCrash, office.isUp else { return !office.isUp }
    guard steps <= 1 else {
      office.stepsToCrash = steps - 1
      return false
    }
    powerOff(office)
    agenda.plan(.recovery(.power(at: office.index)), at: now + numbers.within(1_000...600_000))
    return true
  }

  /// Opens the store anew from an image, as the program that is installed reads it.
  func reopen(_ office: Office, from image: StoreImage) throws {
    try office.store.close()
    office.store = try Store.inMemory(
      copying: image, library: office.program.library, judge: judge(isHostile: office.isHostile),
      signer: office.signer)
  }

  func backUp(_ office: Office) throws {
    let backup = Office.Backup(
      image: try office.store.image(), counter: office.counter, lastBeside: office.lastBeside,
      held: books.held[office.index])
    office.backups.append(backup)
    // Two are kept: a recent one and an old one.
    if office.backups.count > 2 { office.backups.remove(at: 1) }
  }

  /// Puts an old copy in the place of an office's store.
  ///
  /// - Parameter isUnnoticed: whether what lies beside the store goes back with it.
  func restore(_ office: Office, isUnnoticed: Bool) throws -> Bool {
    guard let backup = numbers.pick(office.backups) else { return false }
    powerOff(office)
    try reopen(office, from: backup.image)
    if isUnnoticed {
      office.counter = backup.counter
      office.lastBeside = backup.lastBeside
      books.unnoticed.insert(office.region)
    } else if numbers.permille(500) {
      // The command that puts a copy back counts as a start; a plain copy of the file leaves the other
      // files as they are.
      office.counter = StartCounter(
        starts: office.counter.starts + 1, incarnation: office.counter.incarnation)
    }
    for peer in offices { openRepairs.remove(Direction(from: office.index, to: peer.index)) }
    books.held[office.index] = backup.held
    office.wasRestored = true
    // The clock in the store went back as well; an office that knows of it begins a new chain.
    office.lastTime = HybridTime(rawValue: 0)
    trace.note(now) { "\(office.region) is put back\(isUnnoticed ? " unnoticed" : "")" }
    let up = now + numbers.within(1_000...3_600_000)
    agenda.plan(.recovery(.power(at: office.index)), at: up)
    if numbers.permille(isUnnoticed ? 800 : 300) {
      cutOff(office, until: up + numbers.within(60_000...14_400_000))
    }
    return true
  }

  /// An office that was put back and goes on working before anybody can tell it.
  private func cutOff(_ office: Office, until end: UInt64) {
    for peer in offices where peer !== office {
      for direction in [
        Direction(from: office.index, to: peer.index),
        Direction(from: peer.index, to: office.index),
      ] {
        blocked[direction, default: 0] += 1
        agenda.plan(.recovery(.unblock(from: direction.from, to: direction.to)), at: end)
      }
    }
    for _ in 0..<Self.busyActs {
      agenda.plan(.extraAct(at: office.index), at: end - numbers.below(end - now))
    }
  }

  /// Townships open in the morning and close in the evening.
  func keepHours(_ office: Office, opens: Bool) throws {
    let day: UInt64 = 86_400_000
    agenda.plan(.hours(at: office.index, opens: opens), at: now + day)
    guard isSafetyPhase else { return }
    office.isClosed = !opens
    if opens { try powerOn(office) } else { try stop(office) }
  }
}
