package import Ledger
package import Regions
import Replication

/// What a committed transaction means for the rest of the node.
package struct StoreEffects: Sendable {
  /// One outbox that has new entries.
  package struct Growth: Hashable, Sendable {
    package let peer: RegionID
    package let lane: Lane
  }

  /// The outboxes that grew, with the number of entries that each has now.
  package var grown: [Growth: UInt64] = [:]
  /// Whether a tree was learned; links begin anew with it.
  package var learnedTree = false
  /// The incarnation that this node must leave, because a peer sent a commit of it, or of a later
  /// one, that the store does not hold: the store was replaced unnoticed.
  package var replacedIncarnation: UInt32?
  /// What an operator has to look at.
  package var alarms: [Alarm] = []
  /// By how far the newest stamp that each peer sent is ahead of this node's wall clock, in
  /// milliseconds; negative where it is behind.
  package var clockDifferences: [RegionID: Int64] = [:]
  /// The last commit that this node wrote itself in the transaction.
  package var authored: (origin: Origin, sequence: UInt64)?
  /// Whether a receipt line came that waits for this node's word that it is here.
  package var awaitsDeliveries = false
  /// The row of the last event that came: the ledger's place after this transaction.
  package var place: Int64 = 0
  /// The row of the first event that came and may name evidence or concern a contact's key.
  package var firstEvidence: Int64?

  package init() {}
}

/// Something that an operator has to look at. It is kept in the store as well.
package struct Alarm: Hashable, Sendable {
  /// A stable word: `equivocation`, `void_widening`, `set_aside`, `clock_ahead`,
  /// `bad_certificate`, `urgent_quota`.
  package let code: String
  package let detail: String
}
