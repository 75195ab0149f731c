/// The bounds of sessions (会话) and of one-time codes. Times are in milliseconds.
package enum SessionBounds {
  /// A session that nobody used for so long is over.
  package static let idleMilliseconds: UInt64 = 12 * 3_600_000
  /// A session that was opened so long ago is over.
  package static let ageMilliseconds: UInt64 = 7 * 24 * 3_600_000
  /// The most sessions that an account has open.
  package static let perAccount = 8
  /// Use is noted no more often than this: noting it flushes the disk.
  static let noteMilliseconds: UInt64 = 60_000
  static let tokenBytes = 32

  /// A challenge that is older is over.
  package static let challengeMilliseconds: UInt64 = 15 * 60_000
  /// The answers that may be tried on one challenge.
  package static let codeTries = 5
}
