import Ledger
import Regions
import Replication

extension StoreTransaction {
  /// Notes an entity's audience as its events now form it.
  ///
  /// - Parameter regions: as `Audience` gives them.
  func setAudience(_ regions: [RegionID], of record: EntityRecord) throws {
    let former = record.audience
    record.audience =
      regions.count > Interning.sharedRegions
      ? try interning.audience(regions, of: record.row, connection)
      : try interning.audience(regions, connection)
    // What stood at the transaction's beginning still tells whether the audience grew.
    if former != record.audience, former != record.audienceBefore {
      try interning.drop(audience: former, of: record.row, connection)
    }
  }

  /// Adds to the audience of an entity whose events all stand in a line.
  ///
  /// - Returns: whether the writer may widen it.
  func widen(_ record: EntityRecord, by event: Event, of writer: RegionID) throws -> Bool {
    let before = try interning.audience(numbered: record.audience, connection)
    // More regions than can be named: none that would be added could be missing.
    if before == Audience.everyone { return true }
    guard trees.mayWiden(writer, before) else { return false }
    try setAudience(Audience.bounded(Set(before + event.audience)), of: record)
    return true
  }
}
