package import Ledger
package import Regions
import Replication

extension StoreTransaction {
  /// Opens a new incarnation: the chain begins anew and nothing of the old one is continued.
  package func openIncarnation(_ counter: StartCounter) {
    identity.incarnation = counter.incarnation
    identity.starts = counter.starts
    identity.sequence = 0
    identity.head = .zero
    identity.leadSerial = 0
    identity.isReplaced = false
    identityChanged = true
  }

  /// Notes one more start of the same incarnation.
  package func noteStart(_ counter: StartCounter) {
    identity.starts = counter.starts
    identityChanged = true
  }

  /// The counter of the incarnation to open because the store turned out to be replaced.
  ///
  /// - Parameters:
  ///   - former: the incarnation that was found to be stale.
  ///   - beside: the counter beside the store; `nil` where there is none.
  ///   - claim: the bare cursor on which this rests; `nil` where signed commits prove it. That the
  ///     cursor was believed is noted in this transaction.
  /// - Returns: `nil` where nothing is to be done: the incarnation was left already, or the peer was
  ///   believed too recently.
  package func counter(
    leaving former: UInt32, beside: StartCounter?, claim: IncarnationClaim?
  ) throws -> StartCounter? {
    guard identity.incarnation == former else { return nil }
    var known = max(beside?.incarnation ?? 0, former, try connection.highestIncarnation(identity))
    if let claim {
      let peer = try interning.region(claim.peer, connection)
      if try connection.wasBelieved(peer, at: now) { return nil }
      try connection.execute(
        "INSERT OR REPLACE INTO believed_cursors (peer, at) VALUES (?, ?)", .integer(peer),
        .integer(Int64(now)))
      if claim.incarnation > former,
        claim.incarnation - former <= ReplicationBounds.believedIncarnations
      {
        known = max(known, claim.incarnation)
      }
    }
    return StartCounter(
      starts: max(beside?.starts ?? 0, identity.starts),
      incarnation: StartCounter.incarnation(after: known))
  }

  /// Nothing is added to a chain that others know to be longer.
  func refuseReplaced() throws {
    guard identity.isReplaced else { return }
    throw StoreError(
      .refused,
      "this store was replaced by an older one; try again when a new incarnation has begun, or "
        + "restart the node")
  }

  /// Takes into account that a peer brought a commit of an origin that the store did not hold.
  func noteReplaced(by origin: Origin) {
    guard origin.region == identity.region, origin.incarnation >= identity.incarnation,
      origin.incarnation - identity.incarnation <= ReplicationBounds.believedIncarnations
    else { return }
    effects.replacedIncarnation = identity.incarnation
    identity.isReplaced = true
    identityChanged = true
  }
}

/// A peer's cursor that says that this node had a later outbox than it has: nobody signed it.
package struct IncarnationClaim: Hashable, Sendable {
  package let peer: RegionID
  /// The incarnation of ours that the cursor names.
  package let incarnation: UInt32

  package init(peer: RegionID, incarnation: UInt32) {
    self.peer = peer
    self.incarnation = incarnation
  }
}

extension StoreReader {
  /// The highest incarnation of this node of which a signed commit is held, of those that it can have
  /// opened: a stolen key signs any. 0 where none is.
  package func highestIncarnation() throws -> UInt32 {
    try connection.highestIncarnation(identity())
  }
}

extension Connection {
  /// Whether a bare cursor of the peer was believed within the last day.
  func wasBelieved(_ peer: Int64, at now: UInt64) throws -> Bool {
    let last = try first(
      "SELECT at FROM believed_cursors WHERE peer = ?", .integer(peer),
      read: { UInt64($0.integer(0)) })
    // A wall clock that was set back does not shut the peer out for longer than a day of its own.
    return last.map { $0 <= now && now - $0 < ReplicationBounds.beliefMilliseconds } ?? false
  }

  fileprivate func highestIncarnation(_ identity: NodeIdentity) throws -> UInt32 {
    let highest = try first(
      """
      SELECT MAX(o.incarnation) FROM origins o JOIN regions r ON r.id = o.region
      WHERE r.name = ? AND o.incarnation <= ?
      """, .text(identity.region.rawValue),
      .integer(Int64(identity.incarnation) + Int64(ReplicationBounds.believedIncarnations)),
      read: { $0.integer(0) })
    return UInt32(clamping: highest ?? 0)
  }
}
