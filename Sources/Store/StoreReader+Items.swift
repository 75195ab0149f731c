import Casework
package import Ledger

extension StoreReader {
  /// The items to rectify of a lead that are held here, in the order of acceptance. One counts only if it
  /// was founded in the same commit as an order on the lead by whoever might give one: a stranger may
  /// found an item that names any lead, and that counts nowhere.
  package func items(of lead: EntityID) throws -> [StoredEntity] {
    var named: [(row: Int64, item: StoredEntity)] = []
    try connection.query(
      """
      SELECT e.uuid, e.state, e.heads, e.waiting, e.audience, e.id
      FROM items i JOIN entities e ON e.id = i.entity WHERE i.lead = ? ORDER BY i.entity
      """, .blob(lead.bytes)
    ) { row in
      named.append((row.integer(5), try self.storedEntity(row)))
      return true
    }
    guard !named.isEmpty, let state = try entity(lead)?.state else { return [] }
    // An order that lost against another act was its office's to give: its items are there to be done.
    let void = Set(state.ineffective.filter { $0.reason != .superseded }.map(\.event))
    return try named.filter { row, item in
      guard let founding = item.state?.founding.event else { return false }
      return try order(on: lead, beside: founding, of: row).map { !void.contains($0) } ?? false
    }.map(\.item)
  }

  /// The order on a lead in whose commit an event of another entity stands.
  private func order(on lead: EntityID, beside event: Hash, of row: Int64) throws -> Hash? {
    try connection.first(
      """
      SELECT o.hash FROM events f
      JOIN events o ON o.id BETWEEN f.id / ?3 * ?3 AND f.id / ?3 * ?3 + ?3 - 1
      JOIN entities l ON l.id = o.entity
      WHERE f.entity = ?1 AND f.hash = ?2 AND l.uuid = ?4
        AND o.kind = (SELECT id FROM kinds WHERE name = ?5)
      """, .integer(row), .hash(event), .integer(Schema.eventsPerCommit), .blob(lead.bytes),
      .text(ItemKind.order)
    ) { try $0.hash(0) }
  }
}
