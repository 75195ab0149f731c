import Casework
import Ledger
import Regions
import Replication

/// What one look at the receipt lines that have arrived did.
package struct DeliverySweep: Sendable {
  /// The lines that were looked at.
  package var examined = 0
  /// Those that now tell that they were delivered.
  package var delivered = 0
  /// Where the next look goes on; `nil` where none was left.
  package var next: Int64?
}

extension StoreTransaction {
  /// Whether a receipt line waits for this node's word that it is here (送达): it is this region's, and
  /// its process has the node say so at its stage.
  func awaitsDelivery(_ line: ReceiptLine, _ state: EntityState) -> Bool {
    line.recipient == identity.region && folder.awaitsDelivery(state, by: system)
  }

  /// Writes that the receipt lines of this region that have arrived are delivered, in one commit.
  /// Looking again changes nothing, and what a crash kept from being written is written by the next
  /// look.
  ///
  /// A line counts only if the directive's own issuer founded it, and only while that office stands
  /// above this one: an office that this region has left, or a stranger, learns nothing.
  ///
  /// - Parameters:
  ///   - place: behind which to go on; `DeliverySweep.next` of the look before.
  ///   - salt: gives 16 random bytes each time.
  package func sweepDeliveries(
    after place: Int64 = 0, salt: () -> [UInt8]
  ) throws -> DeliverySweep {
    var sweep = DeliverySweep()
    var arrived: [StoredEntity] = []
    let rows = try undelivered(after: place)
    for (id, row) in rows {
      sweep.examined += 1
      guard let entity = try entity(id), let state = entity.state,
        let line = ReceiptLine(state), awaitsDelivery(line, state)
      else {
        try connection.execute("DELETE FROM undelivered WHERE entity = ?", .integer(row))
        continue
      }
      if !entity.isWaiting, try isGenuine(line) { arrived.append(entity) }
    }
    sweep.next = rows.count == StoreBounds.sweptCases ? rows.last?.row : nil
    guard !arrived.isEmpty else { return sweep }
    _ = try author(actor: system.account, role: system.role, lane: .urgent) { draft in
      for line in arrived {
        draft.add(Act.deliver().draft(entity: line.id, heads: line.heads, salt: salt()))
      }
    }
    sweep.delivered = arrived.count
    return sweep
  }

  /// The node itself, as it acts without a person.
  var system: Actor { identity.system }

  private func undelivered(after place: Int64) throws -> [(id: EntityID, row: Int64)] {
    var found: [(id: EntityID, row: Int64)] = []
    try connection.query(
      """
      SELECT e.uuid, e.id FROM undelivered u JOIN entities e ON e.id = u.entity
      WHERE u.entity > ? ORDER BY u.entity LIMIT ?
      """, .integer(place), .integer(Int64(StoreBounds.sweptCases))
    ) { row in
      if let id = EntityID(row.blob(0)) { found.append((id, row.integer(1))) }
      return true
    }
    return found
  }

  private func isGenuine(_ line: ReceiptLine) throws -> Bool {
    let issuer = line.header.foundedBy
    guard issuer != identity.region, trees.newest?.isAtOrAbove(issuer, identity.region) == true,
      let directive = try line.directive.flatMap({ try entity($0) })?.state
    else { return false }
    return Directive(directive)?.header.foundedBy == issuer
  }
}

extension StoreReader {
  /// Whether a receipt line may wait for this node's word that it is here.
  package func awaitsDeliveries() throws -> Bool {
    try connection.first("SELECT 1 FROM undelivered LIMIT 1", read: { _ in true }) ?? false
  }
}

extension NodeIdentity {
  var system: Actor { Actor(tier: tier, role: "system", region: region, account: "system") }
}

extension Folder {
  /// Whether a line's process has its recipient's node say that it arrived, at the stage where it is.
  func awaitsDelivery(_ state: EntityState, by system: Actor) -> Bool {
    refusal(of: Act.deliver().kind, on: state, by: system) == nil
  }
}
