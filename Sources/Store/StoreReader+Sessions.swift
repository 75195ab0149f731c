package import Ledger

extension StoreReader {
  /// The session of a token's hash; `nil` where none is open.
  package func session(_ token: Hash) throws -> StoredSession? {
    try connection.first(
      "SELECT account, access, opened, used FROM sessions WHERE token = ?", .hash(token)
    ) { row in
      guard let account = EntityID(row.blob(0)) else {
        throw StoreError(.damaged, "a session's account is ill-formed; log on anew")
      }
      return StoredSession(
        token: token, account: account, access: try row.hash(1),
        openedAtMilliseconds: UInt64(bitPattern: row.integer(2)),
        usedAtMilliseconds: UInt64(bitPattern: row.integer(3)))
    }
  }

  /// How many sessions an account has open.
  package func sessionCount(of account: EntityID) throws -> Int {
    let count = try connection.first(
      "SELECT COUNT(*) FROM sessions WHERE account = ?", .blob(account.bytes),
      read: { $0.integer(0) })
    return Int(count ?? 0)
  }

  /// How often a name was tried in vain.
  package func failedAttempts(of name: String) throws -> FailedAttempts {
    try connection.first(
      "SELECT failures, last FROM failed_attempts WHERE name = ?", .text(name)
    ) { row in
      FailedAttempts(
        count: Int(row.integer(0)), lastMilliseconds: UInt64(bitPattern: row.integer(1)))
    } ?? .none
  }

  /// The open challenge for an account's one-time code.
  package func challenge(for account: EntityID) throws -> StoredChallenge? {
    try connection.first(
      "SELECT challenge, made, tries FROM challenges WHERE account = ?", .blob(account.bytes)
    ) { row in
      StoredChallenge(
        challenge: row.blob(0), madeAtMilliseconds: UInt64(bitPattern: row.integer(1)),
        tries: Int(row.integer(2)))
    }
  }
}
