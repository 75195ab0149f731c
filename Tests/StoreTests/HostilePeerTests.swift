import Casework
import Crypto
import Ledger
import Regions
import Replication
import Testing

@testable import Store

/// Commits that do not verify, and meanings that this version does not know.
@Suite struct HostilePeerTests {
  private let city: HandTurnedCity

  init() throws {
    city = try HandTurnedCity(seed: 40, .twoDistricts())
    try city.settle()
  }

  /// Commits of T1's chain that no store has seen.
  private func chain(_ count: Int, by node: CityNode, from sequence: UInt64 = 1) throws -> [Commit]
  {
    var previous = sequence == 1 ? Hash.zero : Hash(of: [1])
    return try (0..<count).map { place in
      let commit = try seal(
        node.signer, region: node.region, tier: node.tier, sequence: sequence + UInt64(place),
        previous: previous)
      previous = commit.hash
      return commit
    }
  }

  private func seal(
    _ signer: CommitSigner, named key: KeyName? = nil, region: RegionID, tier: Tier,
    incarnation: UInt32 = 9, sequence: UInt64, previous: Hash, milliseconds: UInt64? = nil
  ) throws -> Commit {
    let stamp = Stamp(
      origin: Origin(region: region, incarnation: incarnation), sequence: sequence,
      time: HybridTime(milliseconds: milliseconds ?? city.now), actor: "a", role: "a", tier: tier,
      key: key ?? signer.key, lane: .bulk)
    var draft = CommitDraft(stamp: stamp)
    draft.add(try city.leadDraft())
    guard let key, key != signer.key else { return try signer.seal(draft, previous: previous) }
    // Sealed by hand: the stamp names a key that the signer has not.
    let event = try city.leadDraft().encoded
    return try Commit(
      stampBytes: stamp.encoded, previous: previous, parts: [.event(event)],
      signature: [UInt8](repeating: 7, count: 64))
  }

  private func take(
    _ commits: [Commit], at region: RegionID, from peer: RegionID,
    chains: [CertificateChain] = []
  ) throws -> TakeOutcome {
    try city.write(city[region]) {
      try $0.take(Shipment(chains: chains, commits: commits), from: peer)
    }
  }

  private func altered(_ commit: Commit) throws -> Commit {
    try Commit(
      stampBytes: commit.stampBytes, previous: commit.previous,
      parts: commit.entries.map { entry in
        switch entry {
        case .event(let event): .event(event.bytes)
        case .withheld(let hash): .withheld(hash)
        }
      }, signature: commit.signature.reversed())
  }

  private func isHeld(_ commit: Commit, at region: RegionID) throws -> Bool {
    try city[region].held.contains(commit.events[0].event.hash)
  }

  @Test func `a wrong signature is set aside, and what comes before and after is held`() throws {
    let commits = try chain(4, by: city[.t1])
    // The last of a run, so that no later signature vouches for it.
    let bad = try altered(
      try seal(
        city[.t2].signer, region: .t2, tier: .township, sequence: 1, previous: .zero))
    let outcome = try take(
      [commits[0], commits[1], bad, commits[2], commits[3]], at: .d1, from: .t1,
      chains: [city[.t1].chain, city[.t2].chain])
    #expect(outcome.setAside.map(\.commit) == [bad.hash])
    #expect(outcome.setAside.map(\.sequence) == [1])
    for commit in commits { #expect(try isHeld(commit, at: .d1)) }
    #expect(try !isHeld(bad, at: .d1))
    #expect(try city[.d1].store.read { try $0.setAsideCount(from: .t1) } == 1)
    #expect(city[.d1].alarms.contains { $0.code == "set_aside" })
    try city.checkStores()
  }

  @Test func `a key that no chain certifies, or a refused chain, lets nothing in`() throws {
    var numbers = SeededNumbers(seed: 41)
    let stranger = try P256.Signing.PrivateKey(from: &numbers)
    let signer = CommitSigner(privateKey: stranger)
    let commit = try seal(signer, region: .t1, tier: .township, sequence: 1, previous: .zero)
    #expect(try take([commit], at: .d1, from: .t1).setAside.count == 1)
    let forged = TestAuthority.chain(stranger.publicKey, .t1, .township)
    #expect(try take([commit], at: .d1, from: .t1, chains: [forged]).setAside.count == 1)
    #expect(city[.d1].alarms.contains { $0.code == "bad_certificate" })
    #expect(try !isHeld(commit, at: .d1))
    // The same commit, once its chain is good, is welcome.
    let issued = city.authority.issue(stranger.publicKey, .t1, .township)
    #expect(try take([commit], at: .d1, from: .t1, chains: [issued]).setAside.isEmpty)
    #expect(try isHeld(commit, at: .d1))
  }

  @Test func `what was set aside for want of a key is taken when the key is learned`() throws {
    var numbers = SeededNumbers(seed: 42)
    let key = try P256.Signing.PrivateKey(from: &numbers)
    let signer = CommitSigner(privateKey: key)
    let first = try seal(signer, region: .t1, tier: .township, sequence: 1, previous: .zero)
    let second = try seal(
      signer, region: .t1, tier: .township, sequence: 2, previous: first.hash)
    // A later commit vouches for the first, also when both are judged again.
    let commits = [try altered(first), second]
    #expect(try take(commits, at: .d1, from: .t1).setAside.count == 2)
    #expect(try city[.d1].store.read { try $0.setAsideCount(from: .t1) } == 2)
    let issued = city.authority.issue(key.publicKey, .t1, .township)
    #expect(try take([], at: .d1, from: .h, chains: [issued]).setAside.isEmpty)
    for commit in commits { #expect(try isHeld(commit, at: .d1)) }
    #expect(try city[.d1].store.read { try $0.setAsideCount(from: .t1) } == 0)
    // It came from T1, so nothing goes back there; the hub gets it.
    let queued = try city[.d1].queued(to: .h, .bulk)
    #expect(queued.suffix(2) == commits.map { $0.events[0].event.hash })
    #expect(try city[.d1].queued(to: .t1, .bulk).contains(first.events[0].event.hash) == false)
    try city.checkStores()
  }

  @Test func `a good copy ends what was set aside, wherever it comes from`() throws {
    let good = try seal(
      city[.t2].signer, region: .t2, tier: .township, sequence: 1, previous: .zero)
    let bad = try altered(good)
    #expect(
      try take([bad], at: .d1, from: .t1, chains: [city[.t2].chain]).setAside.count == 1)
    #expect(try take([good], at: .d1, from: .t2).setAside.isEmpty)
    #expect(try city[.d1].store.read { try $0.figures().setAside } == 0)
  }

  @Test func `a flood of bad commits is kept within bounds, and counted`() throws {
    let bound = ReplicationBounds.setAsideCommits
    let alarms = city[.d1].alarms.count
    let flood = try (1...bound + 20).map { sequence in
      try altered(
        seal(
          city[.t1].signer, region: .t1, tier: .township, sequence: UInt64(sequence),
          previous: sequence == 1 ? .zero : Hash(of: [1])))
    }
    #expect(try take(flood, at: .d1, from: .t1).setAside.count == flood.count)
    let kept = try city[.d1].store.read { reader in
      try reader.connection.first("SELECT COUNT(*) FROM set_aside", read: { $0.integer(0) })
    }
    #expect(kept == Int64(bound))
    #expect(
      try city[.d1].store.read { try $0.setAsideCount(from: .t1) } == Int64(flood.count))
    #expect(city[.d1].alarms.count == alarms + 1)
    // The same again adds nothing but to the count beyond.
    _ = try take(Array(flood.prefix(9)), at: .d1, from: .t1)
    #expect(
      try city[.d1].store.read { try $0.setAsideCount(from: .t1) } == Int64(flood.count))
    try city.checkStores()
  }

  @Test func `a stamp for another region or tier than the key's is set aside`() throws {
    let signer = city[.t1].signer
    let commits = [
      try seal(signer, region: .t2, tier: .township, sequence: 1, previous: .zero),
      try seal(signer, region: .h, tier: .city, sequence: 1, previous: .zero),
      try seal(signer, region: .t1, tier: .city, sequence: 1, previous: .zero),
    ]
    let outcome = try take(commits, at: .d1, from: .t1, chains: [city[.t1].chain])
    #expect(outcome.setAside.map(\.reason).allSatisfy { $0.contains("certified for township t1") })
    #expect(outcome.setAside.count == 3)
    for commit in commits { #expect(try !isHeld(commit, at: .d1)) }
  }

  @Test func `a commit under another's name is not vouched for by a forger's own signature`() throws
  {
    let attacker = city[.t1].signer
    // It names T2's real key and carries no signature of it ...
    let forged = try seal(
      attacker, named: city[.t2].signer.key, region: .t2, tier: .township, sequence: 1,
      previous: .zero)
    // ... and a second commit in T2's name, truly signed by T1, links to it.
    let voucher = try seal(
      attacker, region: .t2, tier: .township, sequence: 2, previous: forged.hash)
    let outcome = try take(
      [forged, voucher], at: .d1, from: .t1, chains: [city[.t1].chain, city[.t2].chain])
    #expect(outcome.setAside.count == 2)
    #expect(try !isHeld(forged, at: .d1))
  }

  @Test func `a batch with a bad commit moves the cursor, and the sender hears of it`() throws {
    city.cutLinks(of: .t1)
    try city.report(at: .t1)
    // The disk of the sender went bad: a byte of a signature.
    try city[.t1].alterNewestSignature()
    try city.dial(.t1)
    try city.untilQuiet()
    try city.report(at: .t1)
    let good = try city.report(at: .t1)
    try city.settle()
    #expect(try city[.d1].entity(good)?.state != nil)
    #expect(city[.t1].reports.count == 1)
    #expect(city[.t1].reports.first?.reason.isEmpty == false)
    let heads = try city[.t1].store.read { try $0.outboxHeads(of: .d1) }
    guard case .at(let place) = try city[.d1].store.read({ try $0.cursors(of: .t1) }).bulk else {
      Issue.record("no cursor")
      return
    }
    #expect(place.position == heads.bulk)
  }

  @Test func `a clock far ahead is flagged and does not advance ours`() throws {
    city[.t1].clockAhead = 3_600_000
    let lead = try city.report(at: .t1)
    try city.settle()
    #expect(try city[.d1].entity(lead)?.state != nil)
    #expect(city[.d1].alarms.contains { $0.code == "clock_ahead" })
    #expect(city[.h].alarms.contains { $0.code == "clock_ahead" })
    let commit = try city.author(.d1, [city.leadDraft()])
    #expect(commit.stamp.time.milliseconds <= city.now + 1)
    // Within the tolerance it does, so that what follows is later.
    city[.t2].clockAhead = 300_000
    try city.report(at: .t2)
    try city.settle()
    let next = try city.author(.d1, [city.leadDraft()])
    #expect(next.stamp.time.milliseconds >= city.now + 250_000)
  }

  @Test func `an unknown kind is held, relayed and shown as not understood`() throws {
    let lead = try city.report(at: .t1)
    try city.settle()
    let heads = try #require(try city[.t1].entity(lead)).heads
    let draft = EventDraft(
      entity: lead, kind: "lead.teleported", parents: heads, audience: [],
      salt: city.numbers.bytes(16), body: [1, 2, 3])
    let commit = try city.author(.t1, [draft])
    try city.settle()
    for region in [RegionID.t1, .d1, .h] {
      #expect(try isHeld(commit, at: region))
      let state = try #require(try city[region].entity(lead)?.state)
      #expect(Lead(state)?.header.isPartlyUnderstood == true)
    }
    // Its bytes arrive as they were written.
    try city.checkConverged(alive: city.alive)
    try city.checkStores()
  }

  @Test func `an entity of unknown rules waits, is relayed, and is left alone by a rebuild`() throws
  {
    let report = try city.leadDraft()
    let body = try CanonicalValue(decoding: report.body)
    guard case .map(var entries) = body else { return }
    entries["rules"] = .bytes(Hash(of: [99]).bytes)
    let draft = EventDraft(
      entity: nil, kind: report.kind, parents: [], audience: [.t2], salt: report.salt,
      body: CanonicalValue.map(entries).encoded)
    let commit = try city.author(.t1, [draft])
    let entity = try city.entity(of: commit)
    try city.settle()
    for region in [RegionID.t1, .d1, .h, .t2] {
      let held = try #require(try city[region].entity(entity), "\(region)")
      #expect(held.waits && held.state == nil && held.heads.isEmpty, "\(region)")
      #expect(held.audience == [.t1, .t2], "\(region)")
    }
    #expect(try city[.t3].entity(entity) == nil)
    try city.write(city[.d1]) { _ = try $0.rebuild { _ in } }
    #expect(try city[.d1].entity(entity)?.waits == true)
    try city.checkConverged(alive: city.alive)
    try city.checkStores()
  }

  @Test func `an event whose parent is missing waits until it comes`() throws {
    let lead = try city.author(.t1, [city.leadDraft()])
    let entity = try city.entity(of: lead)
    let act = try city.act(.sign(), on: entity, at: .t1)
    let fresh = try HandTurnedCity(seed: 99, .twoDistricts())
    try fresh.settle()
    fresh.cutLinks(of: .d1)
    _ = fresh.authority.issue(city[.t1].key.publicKey, .t1, .township)
    func give(_ commit: Commit) throws {
      _ = try fresh.write(fresh[.d1]) {
        try $0.take(Shipment(chains: [city[.t1].chain], commits: [commit]), from: .t1)
      }
    }
    try give(act)
    #expect(try fresh[.d1].entity(entity)?.waits == true)
    #expect(try fresh[.d1].entity(entity)?.audience == [])
    try give(lead)
    let held = try #require(try fresh[.d1].entity(entity))
    #expect(!held.waits && held.heads == [act.events[0].event.hash])
    #expect(try held.state?.encoded == city[.t1].entity(entity)?.state?.encoded)
    // Both went to the hub's outbox, each once.
    let queued = try fresh[.d1].queued(to: .h, .bulk).suffix(2)
    #expect(Array(queued) == [act.events[0].event.hash, lead.events[0].event.hash])
  }
}

extension CityNode {
  /// Alters a byte of the newest commit's signature.
  func alterNewestSignature() throws {
    _ = try store.write(now: 0) { transaction in
      var signature: [UInt8] = []
      try transaction.connection.query("SELECT signature FROM commits ORDER BY id DESC LIMIT 1") {
        signature = $0.blob(0)
        return true
      }
      signature[5] ^= 1
      try transaction.connection.execute(
        "UPDATE commits SET signature = ? WHERE id = (SELECT MAX(id) FROM commits)",
        .blob(signature))
    }
  }
}
