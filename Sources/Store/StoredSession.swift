package import Ledger

/// A session (会话) that is open at this node. It is in no event and goes nowhere.
package struct StoredSession: Hashable, Sendable {
  /// SHA-256 of the token; the token itself is kept by its holder alone.
  package let token: Hash
  package let account: EntityID
  /// The account's `access` at the time: with another one the session is over.
  package let access: Hash
  /// In milliseconds since 1970 UTC.
  package let openedAtMilliseconds: UInt64
  /// When it was last used, in milliseconds since 1970 UTC.
  package let usedAtMilliseconds: UInt64

  package init(token: Hash, account: EntityID, access: Hash, openedAtMilliseconds: UInt64) {
    self.init(
      token: token, account: account, access: access, openedAtMilliseconds: openedAtMilliseconds,
      usedAtMilliseconds: openedAtMilliseconds)
  }

  init(
    token: Hash, account: EntityID, access: Hash, openedAtMilliseconds: UInt64,
    usedAtMilliseconds: UInt64
  ) {
    self.token = token
    self.account = account
    self.access = access
    self.openedAtMilliseconds = openedAtMilliseconds
    self.usedAtMilliseconds = usedAtMilliseconds
  }
}

/// How often a name was tried in vain at this node.
package struct FailedAttempts: Hashable, Sendable {
  package let count: Int
  /// When it was tried last, in milliseconds since 1970 UTC.
  package let lastMilliseconds: UInt64

  package static let none = FailedAttempts(count: 0, lastMilliseconds: 0)

  package init(count: Int, lastMilliseconds: UInt64) {
    self.count = count
    self.lastMilliseconds = lastMilliseconds
  }
}

/// A challenge for a one-time code that is open at this node.
package struct StoredChallenge: Hashable, Sendable {
  package let challenge: [UInt8]
  /// In milliseconds since 1970 UTC.
  package let madeAtMilliseconds: UInt64
  /// The answers that were tried.
  package let tries: Int

  package init(challenge: [UInt8], madeAtMilliseconds: UInt64, tries: Int = 0) {
    self.challenge = challenge
    self.madeAtMilliseconds = madeAtMilliseconds
    self.tries = tries
  }
}
