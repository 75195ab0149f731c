import Casework
import Crypto
import Ledger
import Regions
import Replication
import Store

/// What a hostile peer does: a township with a good certificate and a program of its own.
extension City {
  private static let floodCommits = 120

  /// - Returns: whether the attack could be made.
  func attack(_ fault: Fault) throws -> Bool {
    guard let hostile, hostile.isUp, let session = openSession(of: hostile) else { return false }
    switch fault {
    case .forgedOrigin: return try forgeOrigin(hostile, session)
    case .alteredBytes: return try alterBytes(hostile, session)
    case .replay: return try replay(hostile, session)
    case .equivocation: return try equivocate(hostile)
    case .foreignEvent: return try takeForeignEvent(hostile)
    case .takenEntity: return try takeEntity(hostile)
    case .selfWidening: return try widenToItself(hostile)
    case .everythingUrgent: return try flood(hostile, lane: .urgent)
    case .flood: return try flood(hostile, lane: .bulk)
    case .withheld: return try withhold(hostile)
    default: return false
    }
  }

  private func openSession(of hostile: Office) -> Session? {
    hostile.current.values.sorted().compactMap { hostile.sessions[$0] }
      .first { $0.link.isStreaming }
  }

  /// Commits that the hostile peer holds, with the chains of their keys.
  private func someShipment(of hostile: Office, _ count: Int) throws -> Shipment? {
    let held = books.held[hostile.index].sorted()
    guard !held.isEmpty else { return nil }
    let keys = (0..<count).map { _ -> SetKey in
      let fact = books.facts[held[numbers.index(below: held.count)]]
      return SetKey(time: fact.stamp.time, hash: fact.hash)
    }
    return try hostile.store.read { reader in
      var pending = try reader.events(Set(keys).sorted())
      return try reader.nextShipment(of: &pending)
    }
  }

  /// The frame that carries trees is open to any commits in any phase, and outside the outbox's order.
  private func push(_ shipment: Shipment, _ hostile: Office, _ session: Session) throws {
    let frame = Frame.trees(shipment)
    try post(frame, frame.approximateBytes, hostile, session)
  }

  /// A commit in another's name: with the own key, or with one that a made-up chain certifies.
  private func forgeOrigin(_ hostile: Office, _ session: Session) throws -> Bool {
    guard let victim = numbers.pick(offices.filter { !$0.isHostile }) else { return false }
    let key = numbers.permille(500) ? hostile.key : try newKey()
    let signer = CommitSigner(privateKey: key)
    let stamp = Stamp(
      origin: Origin(region: victim.region, incarnation: 1 + UInt32(numbers.below(3))),
      sequence: 2 + numbers.below(40), time: HybridTime(milliseconds: now), actor: "officer",
      role: "officer", tier: victim.tier, key: signer.key, lane: .bulk)
    var draft = CommitDraft(stamp: stamp)
    draft.add(try leadDraft(at: victim))
    let commit = try signer.seal(draft, previous: numbers.hash())
    books.noteForged(commit)
    let chain = SimulatedAuthority.chain(key.publicKey, victim.region, victim.tier)
    try push(Shipment(chains: [chain, hostile.chain], commits: [commit]), hostile, session)
    return true
  }

  /// Others' commits on their way through, changed in one byte.
  private func alterBytes(_ hostile: Office, _ session: Session) throws -> Bool {
    guard var shipment = try someShipment(of: hostile, 3) else { return false }
    var altered: [Commit] = []
    for commit in shipment.commits {
      guard let changed = change(commit) else { continue }
      books.noteForged(changed)
      altered.append(changed)
    }
    guard !altered.isEmpty else { return false }
    shipment.commits = altered
    try push(shipment, hostile, session)
    return true
  }

  /// The commit with one byte changed somewhere that leaves it well formed; `nil` where none was found.
  private func change(_ commit: Commit) -> Commit? {
    for _ in 0..<16 {
      var stamp = commit.stampBytes
      var previous = commit.previous
      var signature = commit.signature
      var parts: [Commit.Part] = commit.entries.map { entry in
        switch entry {
        case .event(let event): .event(event.bytes)
        case .withheld(let hash): .withheld(hash)
        }
      }
      switch numbers.below(4) {
      case 0: stamp[numbers.index(below: stamp.count)] ^= 1 << UInt8(numbers.below(8))
      case 1: if previous != .zero { previous = numbers.hash() }
      case 2: signature[numbers.index(below: signature.count)] ^= 1 << UInt8(numbers.below(8))
      default:
        let place = numbers.index(below: parts.count)
        guard case .event(var bytes) = parts[place] else { continue }
        bytes[numbers.index(below: bytes.count)] ^= 1 << UInt8(numbers.below(8))
        parts[place] = .event(bytes)
      }
      let changed = try? Commit(
        stampBytes: stamp, previous: previous, parts: parts, signature: signature)
      if let changed, changed != commit { return changed }
    }
    return nil
  }

  private func replay(_ hostile: Office, _ session: Session) throws -> Bool {
    guard let shipment = try someShipment(of: hostile, 20) else { return false }
    try push(shipment, hostile, session)
    return true
  }

  /// A commit beside the last one of its chain.
  private func equivocate(_ hostile: Office) throws -> Bool {
    let identity = try hostile.store.read { try $0.identity() }
    guard identity.sequence > 1, !identity.isReplaced else { return false }
    return try slip(
      into: hostile, sequence: identity.sequence, previous: numbers.hash(),
      [leadDraft(at: hostile)])
  }

  /// Signs a commit that the store did not write, and has the store take it as if it had come.
  private func slip(
    into hostile: Office, sequence: UInt64, previous: Hash, _ drafts: [EventDraft]
  ) throws -> Bool {
    let identity = try hostile.store.read { try $0.identity() }
    let stamp = Stamp(
      origin: identity.origin, sequence: sequence, time: HybridTime(milliseconds: now),
      actor: "officer", role: "officer", tier: hostile.tier, key: hostile.signer.key, lane: .bulk)
    var draft = CommitDraft(stamp: stamp)
    for event in drafts { draft.add(event) }
    let commit = try hostile.signer.seal(draft, previous: previous)
    books.note(commit, isHostile: true)
    let taken: Void? = try write(hostile) { transaction in
      _ = try transaction.take(
        Shipment(chains: [hostile.chain], commits: [commit]), from: hostile.region)
    }
    guard taken != nil else { return false }
    books.told(hostile.index, [commit], at: now)
    return true
  }

  private func takeForeignEvent(_ hostile: Office) throws -> Bool {
    guard let fact = numbers.pick(Array(books.facts.suffix(200))),
      fact.stamp.origin.region != hostile.region
    else { return false }
    let draft = EventDraft(
      entity: fact.isFounding ? nil : fact.entity, kind: fact.kind, parents: fact.parents,
      audience: fact.added.filter { $0 != .everyone }, salt: Array(fact.bytes.suffix(16)),
      body: fact.body)
    return try author(hostile, isHostile: true, [draft]) != nil
  }

  /// An event of an entity whose founding most have not seen yet.
  private func takeEntity(_ hostile: Office) throws -> Bool {
    guard let fact = numbers.pick(Array(books.facts.suffix(12))), fact.isFounding else {
      return false
    }
    let parents = numbers.permille(500) ? [fact.hash] : [numbers.hash()]
    let draft = Act.progress("先到").draft(
      entity: fact.entity, heads: parents, salt: numbers.bytes(16), audience: [hostile.region])
    return try author(
      hostile, lane: numbers.permille(500) ? .urgent : .bulk, isHostile: true, [draft]) != nil
  }

  /// The hostile peer names itself in the audience of what it was never to see.
  private func widenToItself(_ hostile: Office) throws -> Bool {
    let reference = AudienceReference(books.trees.map(\.tree))
    for _ in 0..<8 {
      guard let entity = numbers.pick(cases) else { return false }
      let facts = (books.entities[entity] ?? []).map { books.facts[$0] }
      guard !reference.isInScope(hostile.region, reference.audience(of: facts)) else { continue }
      let hashes = facts.map(\.hash)
      let parents = numbers.permille(500) ? Array(hashes.suffix(2)) : Array(hashes.prefix(1))
      let draft = Act.progress("看看").draft(
        entity: entity, heads: parents, salt: numbers.bytes(16), audience: [hostile.region])
      return try author(
        hostile, lane: numbers.permille(500) ? .urgent : .bulk, isHostile: true, [draft]) != nil
    }
    return false
  }

  private func flood(_ hostile: Office, lane: Lane) throws -> Bool {
    for _ in 0..<Self.floodCommits {
      guard try author(hostile, lane: lane, isHostile: true, [leadDraft(at: hostile)]) != nil
      else { return false }
    }
    return true
  }

  /// A gap in the own chain: what lies in it is kept back, and sometimes let go later.
  private func withhold(_ hostile: Office) throws -> Bool {
    let identity = try hostile.store.read { try $0.identity() }
    guard !identity.isReplaced, identity.sequence > 0 else { return false }
    return try slip(
      into: hostile, sequence: identity.sequence + 2 + numbers.below(5),
      previous: numbers.hash(), [leadDraft(at: hostile)])
  }
}
