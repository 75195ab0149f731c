/// One account: schema `liandong.account/1`. The verifier is never told.
package struct AccountAnswer: Codable, Hashable, Sendable {
  package let schema: String
  package let id: String
  /// `who@region`.
  package let account: String
  package let person: String
  package let region: String
  package let department: Nullable<String>
  package let roles: [String]
  /// `active`, `revoked`, or `not_genuine` where somebody wrote it who was not entitled to.
  package let state: String
  /// The sessions that are open at this node.
  package let sessions: UInt64
}

/// What `account login` answers: schema `liandong.login/1`.
package struct LoginAnswer: Codable, Hashable, Sendable {
  package let schema: String
  package let account: String
  package let person: String
  package let roles: [String]
  /// The secret that stands for the person until the session is over: 64 hexadecimal digits.
  package let session: String
  /// RFC 3339: when the session is over at the latest.
  package let expiresAt: String
}

/// What `account logout` answers: schema `liandong.logout/1`.
package struct LogoutAnswer: Codable, Hashable, Sendable {
  package let schema: String
}

/// What `account code challenge` answers: schema `liandong.code_challenge/1`.
package struct CodeChallengeAnswer: Codable, Hashable, Sendable {
  package let schema: String
  package let account: String
  /// What is read out to the office above.
  package let challenge: String
  /// RFC 3339.
  package let expiresAt: String
}

/// What `account code answer` answers: schema `liandong.code/1`.
package struct CodeAnswer: Codable, Hashable, Sendable {
  package let schema: String
  package let account: String
  /// What is read out to the person.
  package let code: String
}
