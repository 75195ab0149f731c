/// What `account bootstrap` and `account add` take (开户).
package struct AccountOpenArguments: Codable, Hashable, Sendable {
  /// The name before the `@`.
  package var who: String
  package var person: String
  /// The region by id, name or code; `nil` for this node's.
  package var region: String?
  package var department: String?
  package var roles: [String] = []
  package var password: String

  package init(who: String, person: String, password: String) {
    self.who = who
    self.person = person
    self.password = password
  }
}

/// What the commands on one account take.
package struct AccountArguments: Codable, Hashable, Sendable {
  /// `who@region`, or `who` for one of this node's region; `nil` for one's own.
  package var account: String?

  package init(account: String?) { self.account = account }
}

/// What `account roles` takes.
package struct AccountRolesArguments: Codable, Hashable, Sendable {
  package var account: String
  package var roles: [String]
  package var department: String?

  package init(account: String, roles: [String], department: String? = nil) {
    self.account = account
    self.roles = roles
    self.department = department
  }
}

/// What `account revoke` and `account restore` take.
package struct AccountStateArguments: Codable, Hashable, Sendable {
  package var account: String
  package var reason: String

  package init(account: String, reason: String) {
    self.account = account
    self.reason = reason
  }
}

/// What `account password` takes.
package struct AccountPasswordArguments: Codable, Hashable, Sendable {
  /// `nil` for one's own.
  package var account: String?
  /// One's present password; not needed for another's account.
  package var current: String?
  package var password: String

  package init(account: String? = nil, current: String? = nil, password: String) {
    self.account = account
    self.current = current
    self.password = password
  }
}

/// What `account login` takes.
package struct LoginArguments: Codable, Hashable, Sendable {
  package var account: String
  package var password: String

  package init(account: String, password: String) {
    self.account = account
    self.password = password
  }
}

/// What `account code answer` takes.
package struct CodeAnswerArguments: Codable, Hashable, Sendable {
  package var account: String
  /// What the person read out.
  package var challenge: String

  package init(account: String, challenge: String) {
    self.account = account
    self.challenge = challenge
  }
}

/// What `account code use` takes.
package struct CodeUseArguments: Codable, Hashable, Sendable {
  package var account: String
  /// What the office above read out.
  package var code: String
  package var password: String

  package init(account: String, code: String, password: String) {
    self.account = account
    self.code = code
    self.password = password
  }
}
