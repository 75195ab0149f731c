import Casework
import Ledger
import Regions
import Store

/// A session that somebody opened at an office.
struct AccountSession {
  let office: Int
  let account: EntityID
  let token: Hash
  /// The account's events that the office held then.
  let known: Set<Hash>
}

/// People: accounts and what administrators do with them, sessions, one-time codes and shifts.
extension City {
  /// The most sessions of an account at a node.
  private static let sessionsPerAccount = 4
  /// How many accounts somebody looks at before finding one that serves.
  private static let tries = 6

  /// What concerns people, not cases, at this office now.
  func actOnPeople(at office: Office) throws {
    switch (office.tier, numbers.below(10)) {
    case (_, ..<4): try logIn(at: office)
    case (_, ..<5): try changeShift(at: office)
    case (.township, _): try sealRecovery(at: office)
    case (_, ..<7): try openAccount(at: office)
    default: try administer(at: office)
    }
  }

  private var administrator: String { AccountRole.administrator.rawValue }

  private func openAccount(at office: Office) throws {
    guard let region = numbers.pick(try office.tree?.subtree(of: office.region) ?? []),
      let name = AccountName(who: "p\(accounts.count)", region: region)
    else { return }
    let opening = AccountOpening(
      name: name, person: "某人", department: nil, roles: ["officer"], verifier: verifier())
    let draft = opening.draft(by: office.region, salt: numbers.bytes(16))
    let commit = try author(office, lane: .urgent, actor: administrator, [draft])
    accounts += commit?.events.map { ($0.event.entity, region) } ?? []
  }

  private func verifier() -> CanonicalValue { .map(["hash": .bytes(numbers.bytes(16))]) }

  /// One of these accounts that an office holds.
  private func anyAccount(
    of candidates: [(id: EntityID, region: RegionID)], at office: Office
  ) throws -> (stored: StoredEntity, account: Account)? {
    for _ in 0..<Self.tries {
      guard let id = numbers.pick(candidates)?.id,
        let stored = try office.store.read({ try $0.entity(id) }), !stored.heads.isEmpty,
        let account = stored.state.flatMap({ Account($0) })
      else { continue }
      return (stored, account)
    }
    return nil
  }

  private func administer(at office: Office) throws {
    let tree = try office.tree
    let below = accounts.filter { tree?.isAtOrAbove(office.region, $0.region) ?? false }
    guard let (stored, account) = try anyAccount(of: below, at: office),
      let state = stored.state,
      let act = numbers.pick([
        account.isActive ? Act.revokeAccount(reason: "调离") : .restoreAccount(reason: "回任"),
        .assign(roles: ["officer", "auditor"], department: nil), .setVerifier(verifier()),
        .tellCode,
      ])
    else { return }
    let actor = Actor(tier: office.tier, role: administrator, region: office.region)
    guard office.store.rules.refusal(of: act.kind, on: state, by: actor) == nil else { return }
    let draft = act.draft(entity: stored.id, heads: stored.heads, salt: numbers.bytes(16))
    try author(office, lane: .urgent, actor: administrator, [draft])
  }

  /// Somebody of the office logs on, as a node lets them: with an account of its region in force.
  private func logIn(at office: Office) throws {
    let own = accounts.filter { $0.region == office.region }
    guard let (stored, account) = try anyAccount(of: own, at: office), account.isActive
    else { return }
    let token = numbers.hash()
    let session = StoredSession(
      token: token, account: stored.id, access: account.access,
      openedAtMilliseconds: clock(of: office))
    let opened: Void? = try write(office) {
      try $0.openSession(session, limit: Self.sessionsPerAccount)
    }
    guard opened != nil else { return }
    let known = books.heldFacts(of: stored.id, at: office.index).map(\.hash)
    sessions.append(
      AccountSession(
        office: office.index, account: stored.id, token: token, known: Set(known)))
  }

  private func sealRecovery(at office: Office) throws {
    let sealed = CanonicalValue.map(["bytes": .bytes(numbers.bytes(32))])
    let draft = RecoverySeal.draft(of: office.region, sealed: sealed, salt: numbers.bytes(16))
    try author(office, actor: AccountRole.system, [draft])
  }

  /// A shift ends and the next one begins, in one commit.
  private func changeShift(at office: Office) throws {
    let shift = try office.store.read { try $0.shifts(of: office.region, limit: 1) }.first
    var drafts = [
      Shift.draft(
        of: "p0@\(office.region)", department: nil, at: office.region, salt: numbers.bytes(16))
    ]
    if let shift, !shift.heads.isEmpty,
      shift.state.flatMap({ Shift($0) })?.endedAtMilliseconds == nil
    {
      let act = Act.handOver(note: "两件待签收")
      drafts.insert(
        act.draft(entity: shift.id, heads: shift.heads, salt: numbers.bytes(16)), at: 0)
    }
    try author(office, drafts)
  }
}
