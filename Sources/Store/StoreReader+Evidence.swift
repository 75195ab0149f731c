import Casework
package import Ledger
package import Regions
package import Replication

/// An event that may name a file of evidence or a contact's key, and what tells who may have it.
package struct HeldEvidence: Hashable, Sendable {
  package let key: SetKey
  package let kind: String
  package let entity: EntityID
  /// The event's body as its author wrote it.
  package let body: [UInt8]
  /// The region of its author's node.
  package let author: RegionID
  /// The neighbour that the event came from; `nil` for an own one.
  package let source: RegionID?
  /// The regions that its entity concerns.
  package let audience: [RegionID]
}

/// A file that this node wants and has not.
package struct WantedEvidence: Hashable, Sendable {
  /// The SHA-256 of the file.
  package let file: Hash
  /// The event that names it.
  package let event: SetKey
  /// Its length by that event, in bytes.
  package let byteCount: Int
  /// Whether somebody waits for it, here or at a neighbour.
  package let isUrgent: Bool
  /// Since when it is wanted by this node's clock, in milliseconds since 1970 UTC.
  package let sinceMilliseconds: UInt64

  /// A wanted file with its parts.
  package init(
    file: Hash, event: SetKey, byteCount: Int, isUrgent: Bool, sinceMilliseconds: UInt64
  ) {
    self.file = file
    self.event = event
    self.byteCount = byteCount
    self.isUrgent = isUrgent
    self.sinceMilliseconds = sinceMilliseconds
  }
}

extension StoreReader {
  /// The event of that key; `nil` where it is not held or is of no such kind.
  package func evidence(_ key: SetKey, ofKinds kinds: [String]) throws -> HeldEvidence? {
    var found: HeldEvidence?
    try connection.query(
      """
      SELECT e.bytes, e.source, e.entity, c.stamp FROM events e
      JOIN commits c ON c.id = e.id / 256
      WHERE e.time = ? AND e.hash = ?
      """, .integer(Int64(key.time.rawValue)), .hash(key.hash)
    ) { row in
      found = try heldEvidence(row)
      return false
    }
    return found.flatMap { kinds.contains($0.kind) ? $0 : nil }
  }

  /// How far the ledger was looked through for evidence: a place that ``evidence(after:ofKinds:limit:)``
  /// goes on from. It is the beginning for a store that was copied back, since the files beside it
  /// were not.
  package func evidencePlace() throws -> Int64 {
    try connection.first(
      "SELECT place FROM evidence_place WHERE incarnation = ?",
      .integer(Int64(identity().incarnation)), read: { $0.integer(0) }) ?? 0
  }

  /// The events of those kinds that were accepted after a place, in the order of acceptance, and the
  /// place behind them. Cost: what was accepted since.
  package func evidence(
    after place: Int64, ofKinds kinds: [String], limit: Int
  ) throws -> (events: [HeldEvidence], place: Int64) {
    let last = try connection.first("SELECT MAX(id) FROM events", read: { $0.integer(0) }) ?? 0
    var found: [HeldEvidence] = []
    var reached = max(last, place)
    try connection.query(
      """
      SELECT e.bytes, e.source, e.entity, c.stamp, e.id FROM events e
      JOIN commits c ON c.id = e.id / 256
      WHERE e.id > ? AND e.kind IN (SELECT value FROM json_each(?))
      ORDER BY e.id LIMIT ?
      """, .integer(place), .text(try kindNumbers(kinds)), .integer(Int64(limit))
    ) { row in
      found.append(try heldEvidence(row))
      if found.count == limit { reached = row.integer(4) }
      return true
    }
    return (found, reached)
  }

  /// The numbers of kinds as a JSON array; kinds that are not held have none.
  private func kindNumbers(_ names: [String]) throws -> String {
    var ids: [Int64] = []
    try connection.query("SELECT id, name FROM kinds") { row in
      if names.contains(row.text(1)) { ids.append(row.integer(0)) }
      return true
    }
    return "[\(ids.map(String.init).joined(separator: ","))]"
  }

  /// The columns: an event's bytes, source and entity, and its commit's stamp.
  private func heldEvidence(_ row: borrowing SQLRow) throws -> HeldEvidence {
    let (event, stamp) = try storedEvent(row.blob(0), stampBytes: row.blob(3))
    let audience = try connection.first(
      "SELECT a.regions FROM entities n JOIN audiences a ON a.id = n.audience WHERE n.id = ?",
      .integer(row.integer(2)), read: { Interning.regions(in: $0.text(0)) })
    let source = try connection.first(
      "SELECT name FROM regions WHERE id = ?", .integer(row.integer(1)), read: { $0.text(0) })
    return HeldEvidence(
      key: SetKey(time: stamp.time, hash: event.hash), kind: event.kind, entity: event.entity,
      body: event.body,
      author: stamp.origin.region, source: source.flatMap { RegionID($0) },
      audience: audience ?? [])
  }

  /// The files that are wanted: those that somebody waits for first, then in the order of wanting.
  package func wantedEvidence() throws -> [WantedEvidence] {
    var found: [WantedEvidence] = []
    try connection.query(
      """
      SELECT file, time, event, bytes, urgent, since FROM evidence_wanted
      ORDER BY urgent DESC, since, file
      """
    ) { row in
      found.append(try WantedEvidence(row))
      return true
    }
    return found
  }

  /// What is wanted of a file; `nil` where it is not.
  package func wantedEvidence(_ file: Hash) throws -> WantedEvidence? {
    try connection.first(
      "SELECT file, time, event, bytes, urgent, since FROM evidence_wanted WHERE file = ?",
      .hash(file), read: { try WantedEvidence($0) })
  }

  /// How many files are wanted.
  package func wantedEvidenceCount() throws -> Int {
    Int(try connection.first("SELECT COUNT(*) FROM evidence_wanted", read: { $0.integer(0) }) ?? 0)
  }
}

extension WantedEvidence {
  fileprivate init(_ row: borrowing SQLRow) throws {
    self.init(
      file: try row.hash(0),
      event: SetKey(
        time: HybridTime(rawValue: UInt64(bitPattern: row.integer(1))), hash: try row.hash(2)),
      byteCount: Int(row.integer(3)), isUrgent: row.integer(4) != 0,
      sinceMilliseconds: UInt64(clamping: row.integer(5)))
  }
}
