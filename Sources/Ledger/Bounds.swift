/// The ledger's limits, from the design's table of bounds. What exceeds one is malformed.
package enum LedgerBounds {
  /// The longest body of an event, in bytes.
  package static let eventBodyBytes = 64 * 1024
  /// The most events of one commit.
  package static let commitEvents = 256
  /// The most bytes of all events of one commit together.
  package static let commitBytes = 256 * 1024
  /// The most parents of an event; further heads stay open.
  package static let parents = 32
  /// The most regions that one event may add to an audience.
  package static let audienceAdded = 1024
  /// The longest name of a kind, an actor or a role, in bytes.
  package static let wordBytes = 64
  /// The depth to which canonical values may nest.
  package static let valueDepth = 16
}
