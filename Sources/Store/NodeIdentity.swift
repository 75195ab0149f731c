package import Ledger
package import Regions

/// The row that says whose store this is, and where its own chain stands.
package struct NodeIdentity: Hashable, Sendable {
  package let deployment: String
  package let region: RegionID
  package let tier: Tier
  package internal(set) var incarnation: UInt32
  /// How often the store was opened for writing.
  package internal(set) var starts: UInt64
  /// The sequence of this incarnation's last commit; 0 before its first.
  package internal(set) var sequence: UInt64
  /// The hash of that commit; zero before the first.
  package internal(set) var head: Hash
  package internal(set) var clock: HybridClock
  /// The last serial that a lead number of this incarnation took.
  package internal(set) var leadSerial: UInt64
  /// Whether commits of this very incarnation, or of a later one of this node, came from a peer: the
  /// store was replaced by an older one, and its chain must not go on.
  package internal(set) var isReplaced: Bool
  /// The number of events held.
  package internal(set) var eventCount: UInt64

  package init(deployment: String, region: RegionID, tier: Tier) {
    self.deployment = deployment
    self.region = region
    self.tier = tier
    self.incarnation = 0
    self.starts = 0
    self.sequence = 0
    self.head = .zero
    self.clock = HybridClock()
    self.leadSerial = 0
    self.isReplaced = false
    self.eventCount = 0
  }

  /// This node's origin in its present incarnation.
  package var origin: Origin { Origin(region: region, incarnation: incarnation) }

  static func load(_ connection: Connection) throws -> NodeIdentity {
    let found = try connection.first(
      """
      SELECT deployment, region, tier, incarnation, starts, sequence, head, clock, lead_serial,
        events, replaced
      FROM node
      """
    ) { row -> NodeIdentity in
      guard let region = RegionID(row.text(1)), let tier = Tier(rawValue: try row.exactly(2))
      else { throw StoreError(.damaged, "the store's own region is ill-formed") }
      var identity = NodeIdentity(deployment: row.text(0), region: region, tier: tier)
      identity.incarnation = try row.exactly(3)
      identity.starts = try row.exactly(4)
      identity.sequence = try row.exactly(5)
      identity.head = try row.hash(6)
      identity.clock = HybridClock(last: HybridTime(rawValue: try row.exactly(7)))
      identity.leadSerial = try row.exactly(8)
      identity.eventCount = try row.exactly(9)
      identity.isReplaced = row.integer(10) != 0
      return identity
    }
    guard let found else {
      throw StoreError(.wrongStore, "the store belongs to no node yet; run `liandong node init`")
    }
    return found
  }

  func save(_ connection: Connection) throws {
    try connection.execute(
      """
      INSERT OR REPLACE INTO node
        (id, deployment, region, tier, incarnation, starts, sequence, head, clock, lead_serial,
        events, replaced)
      VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, .text(deployment), .text(region.rawValue), .integer(Int64(tier.rawValue)),
      .integer(Int64(incarnation)), .integer(Int64(starts)), .integer(Int64(sequence)),
      .hash(head), .integer(Int64(clock.last.rawValue)), .integer(Int64(leadSerial)),
      .integer(Int64(eventCount)), .integer(isReplaced ? 1 : 0))
  }
}
