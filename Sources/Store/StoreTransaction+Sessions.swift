package import Ledger

/// What a node keeps for itself about who is logged on. No projection: `rebuild` leaves it alone.
extension StoreTransaction {
  /// The most names of which failed attempts are kept; beyond it the longest untried are forgotten.
  private static let attemptedNames: Int64 = 4_096

  /// Opens a session, and ends those of the account that were longest unused beyond the bound.
  ///
  /// - Parameter limit: the most sessions that the account has open then.
  package func openSession(_ session: StoredSession, limit: Int) throws {
    try connection.execute(
      "INSERT INTO sessions (token, account, access, opened, used) VALUES (?, ?, ?, ?, ?)",
      .hash(session.token), .blob(session.account.bytes), .hash(session.access),
      .integer(Int64(session.openedAtMilliseconds)), .integer(Int64(session.usedAtMilliseconds)))
    try connection.execute(
      """
      DELETE FROM sessions WHERE account = ?1 AND token NOT IN (
        SELECT token FROM sessions WHERE account = ?1 ORDER BY token = ?2 DESC, used DESC LIMIT ?3)
      """, .blob(session.account.bytes), .hash(session.token), .integer(Int64(limit)))
  }

  /// Notes that a session is used now.
  package func useSession(_ token: Hash) throws {
    try connection.execute(
      "UPDATE sessions SET used = ? WHERE token = ?", .integer(Int64(now)), .hash(token))
  }

  /// Ends a session; one that is not open changes nothing.
  package func closeSession(_ token: Hash) throws {
    try connection.execute("DELETE FROM sessions WHERE token = ?", .hash(token))
  }

  /// Ends the sessions that were last used, or were opened, before these times.
  package func closeSessions(usedBefore used: UInt64, openedBefore opened: UInt64) throws {
    try connection.execute(
      "DELETE FROM sessions WHERE used < ? OR opened < ?", .integer(Int64(used)),
      .integer(Int64(opened)))
  }

  /// Notes how often a name was tried in vain, the last time now.
  package func noteFailures(_ count: Int, of name: String) throws {
    guard count > 0 else {
      try connection.execute("DELETE FROM failed_attempts WHERE name = ?", .text(name))
      return
    }
    try connection.execute(
      "INSERT OR REPLACE INTO failed_attempts (name, failures, last) VALUES (?, ?, ?)",
      .text(name), .integer(Int64(count)), .integer(Int64(now)))
    try connection.execute(
      """
      DELETE FROM failed_attempts WHERE name IN (
        SELECT name FROM failed_attempts ORDER BY last DESC LIMIT -1 OFFSET ?)
      """, .integer(Self.attemptedNames))
  }

  /// Opens a challenge for an account in place of an earlier one, or notes its tries.
  package func keepChallenge(_ challenge: StoredChallenge, for account: EntityID) throws {
    try connection.execute(
      "INSERT OR REPLACE INTO challenges (account, challenge, made, tries) VALUES (?, ?, ?, ?)",
      .blob(account.bytes), .blob(challenge.challenge),
      .integer(Int64(challenge.madeAtMilliseconds)), .integer(Int64(challenge.tries)))
  }

  /// Ends an account's challenge.
  package func dropChallenge(for account: EntityID) throws {
    try connection.execute("DELETE FROM challenges WHERE account = ?", .blob(account.bytes))
  }
}
