package import Ledger
package import Regions

/// An account (账号) as its events leave it: a person who may act at one node, in certain roles.
package struct Account: Hashable, Sendable {
  package let name: AccountName
  /// The person's name, as the administrator wrote it.
  package let person: String
  package let department: String?
  /// Ascending, each once; words that this version does not know stay.
  package let roles: [String]
  /// Whether the person may act; a revoked account may not.
  package let isActive: Bool
  /// What passwords are checked against; not checked itself.
  package let verifier: CanonicalValue?
  /// The events that say all this, the founding one first: their authors must have been entitled to.
  package let grants: [Hash]
  /// Changes with each password and with each revocation or restoration, and with nothing else. A
  /// session holds for one value of it.
  package let access: Hash

  package static let family = "account"
  static let assignmentSlot = "assignment"
  static let verifierSlot = "verifier"

  /// The node at which the person may log on.
  package var region: RegionID { name.region }

  /// - Returns: `nil` for an entity of another family, for a founding without effect, and where the
  ///   name is none or not of the region that the account was opened for.
  package init?(_ state: EntityState) {
    guard state.family == Self.family, let stage = state.stage,
      let founding = try? CanonicalValue(decoding: state.founding.body),
      let name = founding["name"]?.text.flatMap({ AccountName($0) }),
      stage.handler == [name.region], let person = founding["person"]?.text
    else { return nil }
    let assignment = state[slot: Self.assignmentSlot] ?? founding
    let slots = [Process.stageSlot, Self.assignmentSlot, Self.verifierSlot]
    let given = slots.map { state.slots[$0]?.event ?? state.founding.event }
    self.name = name
    self.person = person
    self.department = assignment["department"]?.text
    self.roles = Set(assignment["roles"]?.array?.compactMap(\.text) ?? [])
      .sorted(by: bytesAscend)
    self.isActive = stage.stage == "active"
    self.verifier = state[slot: Self.verifierSlot] ?? founding["verifier"]
    self.grants = [state.founding.event] + given.filter { $0 != state.founding.event }
    self.access = Hash(of: given[0].bytes + given[2].bytes)
  }
}

/// What founds an account (开户).
package struct AccountOpening: Hashable, Sendable {
  package static let kind = "account.opened"

  package var name: AccountName
  package var person: String
  package var department: String?
  package var roles: [String]
  /// What passwords are checked against, as `PasswordVerifier` writes it.
  package var verifier: CanonicalValue

  package init(
    name: AccountName, person: String, department: String?, roles: [String],
    verifier: CanonicalValue
  ) {
    self.name = name
    self.person = person
    self.department = department
    self.roles = roles
    self.verifier = verifier
  }

  /// The event; it goes where the account may log on, and to the regions above as everything does.
  ///
  /// - Parameters:
  ///   - founder: the region that writes.
  ///   - salt: 16 random bytes.
  package func draft(by founder: RegionID, salt: [UInt8]) -> EventDraft {
    var body: [String: CanonicalValue] = [
      "rules": .bytes(Process.accounts.hash.bytes), "name": .text(name.description),
      "person": .text(person), "to": .array([.text(name.region.rawValue)]),
      "roles": .array(roles.map { .text($0) }), "verifier": verifier,
    ]
    body["department"] = department.map { .text($0) }
    return EventDraft(
      entity: nil, kind: Self.kind, parents: [],
      audience: Set([founder, name.region]).sorted(), salt: salt,
      body: CanonicalValue.map(body).encoded)
  }
}

extension Act {
  /// Gives an account its roles and department (授予角色).
  package static func assign(roles: [String], department: String?) -> Act {
    var body: [String: CanonicalValue] = ["roles": .array(roles.map { .text($0) })]
    body["department"] = department.map { .text($0) }
    return Act(kind: "account.assigned", body: .map(body))
  }

  /// Gives an account another password (设置口令).
  package static func setVerifier(_ verifier: CanonicalValue) -> Act {
    Act(kind: "account.password", body: verifier)
  }

  /// Takes the right to act from an account (停用).
  package static func revokeAccount(reason: String) -> Act {
    Act(kind: "account.revoked", body: .map(["reason": .text(reason)]))
  }

  /// Gives it back (恢复).
  package static func restoreAccount(reason: String) -> Act {
    Act(kind: "account.restored", body: .map(["reason": .text(reason)]))
  }

  /// Puts on record that a one-time code was told (告知一次性口令).
  package static let tellCode = Act(kind: "account.code_told", body: .map([:]))
}
