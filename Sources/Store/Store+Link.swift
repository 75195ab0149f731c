package import Ledger
package import Regions
package import Replication

/// How a link's effects meet the store. Production and simulation carry them out by the same code;
/// they differ only in how they group transactions and carry frames.
extension LinkEffect {
  /// Whether the store writes to carry the effect out.
  package var writes: Bool {
    switch self {
    case .learn, .take, .noteCursor, .noteAcknowledged, .beginRepair, .takeRepair, .finishRepair:
      true
    case .send, .sendBatch, .sendRepair, .readTrees, .judgeCursors, .readOutbox, .report,
      .openIncarnation, .close:
      false
    }
  }
}

extension LinkEffect {
  /// How many commits the effect stores.
  package var weight: Int {
    switch self {
    case .take(let batch, _): batch.items.count
    case .takeRepair(let shipment), .learn(let shipment): shipment.commits.count
    default: 1
    }
  }
}

extension StoreTransaction {
  /// Carries out a link's effect that writes.
  ///
  /// - Parameters:
  ///   - marks: random, for a repair that begins.
  /// - Returns: the input with which the link goes on; `nil` where it expects none.
  package func carryOut(
    _ effect: LinkEffect, for peer: RegionID, marks: LanePair<Hash>
  ) throws -> LinkInput? {
    switch effect {
    case .learn(let shipment):
      let before = trees.names.count
      _ = try take(shipment, from: peer)
      return .treesLearned(isNew: trees.names.count > before)
    case .take(let batch, let movesCursor):
      let outcome = try take(batch, from: peer, movesCursor: movesCursor)
      return .taken(
        batch.lane, end: batch.end, movedCursor: movesCursor, setAside: outcome.setAside)
    case .noteCursor(let lane, let position):
      try noteCursor(of: peer, lane, at: position)
      return nil
    case .noteAcknowledged(let lane, let position):
      try noteAcknowledged(peer, lane, position)
      return nil
    case .beginRepair:
      let (heads, set) = try beginRepair(with: peer, marks: marks)
      return .repairBegan(heads, set)
    case .takeRepair(let shipment):
      let outcome = try take(shipment, from: peer)
      return .repairTaken(outcome.arrived, setAside: outcome.setAside)
    case .finishRepair(let cursors):
      try finishRepair(with: peer, cursors: cursors)
      return nil
    case .send, .sendBatch, .sendRepair, .readTrees, .judgeCursors, .readOutbox, .report,
      .openIncarnation, .close:
      preconditionFailure("an effect that does not write")
    }
  }
}

extension StoreReader {
  /// Carries out a link's effect that reads.
  ///
  /// - Parameter now: the wall clock, in milliseconds since 1970 UTC.
  /// - Returns: the input with which the link goes on; `nil` for an effect that is not the store's.
  package func carryOut(
    _ effect: LinkEffect, for peer: RegionID, now: UInt64
  ) throws -> LinkInput? {
    switch effect {
    case .readTrees(let events): return .treesRead(try trees(events))
    case .judgeCursors(let cursors):
      return .cursorsJudged(
        LanePair(
          urgent: try judge(cursors.urgent, of: peer, lane: .urgent, now: now),
          bulk: try judge(cursors.bulk, of: peer, lane: .bulk, now: now)))
    case .readOutbox(let lane, let position, let maximumBytes):
      let (batch, chains) = try batch(
        for: peer, lane: lane, from: position, maximumBytes: maximumBytes)
      return .outboxRead(batch, chains: chains)
    case .send, .sendBatch, .sendRepair, .learn, .take, .noteCursor, .noteAcknowledged,
      .beginRepair, .takeRepair, .finishRepair, .report, .openIncarnation, .close:
      return nil
    }
  }

  /// The hello with which this node greets a peer.
  ///
  /// - Parameter software: the program's version, for people.
  package func hello(to peer: RegionID, software: String) throws -> Hello {
    let identity = try identity()
    return Hello(
      protocolVersions: ReplicationBounds.protocolVersions, region: identity.region,
      incarnation: identity.incarnation, software: software,
      trees: try signedTrees().names.suffix(ReplicationBounds.trees),
      cursors: try cursors(of: peer))
  }
}
