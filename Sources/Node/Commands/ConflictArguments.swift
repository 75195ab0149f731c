/// What `conflict list` takes.
package struct ConflictListArguments: Codable, Hashable, Sendable {
  /// Whether to list those that are decided as well.
  package var all = false
  /// The owning office, by id, name or code.
  package var region: String?
  /// The last conflict of the page before.
  package var before: String?
  package var limit: Int?

  package init() {}
}

/// What `conflict show` takes.
package struct ConflictShowArguments: Codable, Hashable, Sendable {
  /// An entity's id, a lead's number or the beginning of its id; to it may come a slash and the
  /// beginning of the superseded event's hash.
  package var conflict: String
  package var slot: String?

  package init(conflict: String, slot: String? = nil) {
    self.conflict = conflict
    self.slot = slot
  }
}

/// What `conflict confirm` and `conflict redo` take.
package struct ConflictDecideArguments: Codable, Hashable, Sendable {
  /// As in ``ConflictShowArguments/conflict``.
  package var conflict: String
  package var slot: String?
  /// The beginning of the hash of the winner that the person saw; with another the decision is
  /// refused.
  package var winner: String?
  package var urgent = false

  package init(conflict: String, slot: String? = nil, winner: String? = nil) {
    self.conflict = conflict
    self.slot = slot
    self.winner = winner
  }
}
