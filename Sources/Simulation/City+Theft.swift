import Casework
import Crypto
import Ledger
import Regions
import Replication
import Store

/// A stolen key: a thief signs in an office's name until the hub closes the origin.
extension City {
  private static let hour: UInt64 = 3_600_000
  /// The most commits that a thief signs at once.
  private static let loot = 4

  /// A thief dials the victim's parent with the victim's key and certificate, and hands over what it
  /// signed.
  func stealKey(of victim: Office) throws -> Bool {
    guard victim.tier != .city, thefts[victim.index] == nil,
      let parent = try parent(of: victim), parent.isUp, !parent.isDiskFull
    else { return false }
    let identity = try victim.store.read { try $0.identity() }
    guard identity.sequence > 0 else { return false }
    let theft = Theft(signer: victim.signer, origin: identity.origin)
    var commits: [Commit] = []
    for _ in 0..<(1 + numbers.index(below: Self.loot)) {
      // In places of the chain that are taken, that come next, or that are far off.
      let sequence = 2 + numbers.below(identity.sequence + 20)
      commits.append(try forge(theft, victim, sequence: sequence))
    }
    // The thief's session takes the place of the victim's. It has no outbox that the parent's cursors
    // match, so it begins with a repair, which it never ends.
    if let id = parent.current[victim.index] {
      try feed(parent, id, .stop(Goodbye(reason: .stopping, message: "another session")))
    }
    let shipment = Shipment(chains: [victim.chain], commits: commits)
    let marks = LanePair(urgent: numbers.hash(), bulk: numbers.hash())
    let taken = try write(parent) { transaction in
      _ = try transaction.beginRepair(with: victim.region, marks: marks)
      return try transaction.take(shipment, from: victim.region)
    }
    guard let taken, taken.setAside.isEmpty else { return false }
    openRepairs.insert(Direction(from: parent.index, to: victim.index))
    thefts[victim.index] = theft
    robbed.insert(victim.index)
    books.told(parent.index, commits, at: now)
    trace.note(now) {
      "a thief signs \(commits.count) commits as \(theft.origin) at \(parent.region)"
    }
    agenda.plan(
      .recovery(.closure(of: victim.index)), at: now + numbers.within(1...12) * Self.hour)
    return true
  }

  private func forge(_ theft: Theft, _ victim: Office, sequence: UInt64) throws -> Commit {
    let stamp = Stamp(
      origin: theft.origin, sequence: sequence, time: HybridTime(milliseconds: now),
      actor: "officer", role: "officer", tier: victim.tier, key: theft.signer.key, lane: .bulk)
    var draft = CommitDraft(stamp: stamp)
    draft.add(try leadDraft(at: victim))
    let known = numbers.pick(cases).flatMap { entity in
      try? victim.store.read { try $0.entity(entity) }
    }
    if let known, !known.heads.isEmpty {
      let act: Act = numbers.permille(500) ? .close(result: "已办") : .progress("已办")
      draft.add(act.draft(entity: known.id, heads: known.heads, salt: numbers.bytes(16)))
    }
    let commit = try theft.signer.seal(draft, previous: numbers.hash())
    books.note(commit, isHostile: true)
    return commit
  }

  /// The hub closes the origin: good is what it holds of it that the office itself signed. The
  /// office gets a new key, and begins a new incarnation.
  func closeOrigin(of victim: Office) throws {
    guard let theft = thefts[victim.index] else { return }
    guard hub.isUp, !hub.isDiskFull else {
      if isSafetyPhase {
        agenda.plan(.recovery(.closure(of: victim.index)), at: now + Self.hour)
      }
      return
    }
    let held = books.held[hubIndex].map { books.facts[$0] }
    let good = Set(
      held.filter { $0.stamp.origin == theft.origin && !$0.isHostile }.map(\.commit))
    guard
      let body = OriginClosure.bodies(
        closing: theft.origin, good: good.sorted(), rules: Process.closures.hash)?.first
    else { throw HarnessFault("a closure in no part") }
    let draft = EventDraft(
      entity: nil, kind: OriginClosure.kind, parents: [], audience: [.everyone],
      salt: numbers.bytes(16), body: body.encoded)
    guard let commit = try author(hub, lane: .urgent, [draft]) else {
      agenda.plan(.recovery(.closure(of: victim.index)), at: now + Self.hour)
      return
    }
    thefts[victim.index] = nil
    books.noteClosure(commit, of: theft.origin, good: good)
    trace.note(now) { "the hub closes \(theft.origin), \(good.count) good commits" }
    try giveNewKey(to: victim)
  }

  private func giveNewKey(to victim: Office) throws {
    try stop(victim)
    powerOff(victim)
    try renewKey(of: victim)
    // Whoever has a new key begins a new chain, whether or not word of the closure has come.
    victim.counter = StartCounter(
      starts: victim.counter.starts + 1, incarnation: victim.counter.incarnation)
    agenda.plan(
      .recovery(.power(at: victim.index)), at: now + numbers.within(1_000...3_600_000))
  }

  /// An office that is down gets a new key and certificate, with which it signs from its next start on.
  func renewKey(of office: Office) throws {
    office.key = try newKey()
    office.chain = authority.issue(office.key.publicKey, office.region, office.tier)
    try reopen(office, from: office.store.image())
    if office.isDiskFull { try office.store.limitGrowth(toPages: 0) }
  }
}
