import Casework
import Ledger
import Regions
import Replication

extension StoreReader {
  /// All held events of an entity as the fold takes them.
  func foldInputs(of entity: Int64) throws -> [FoldInput] {
    var inputs: [FoldInput] = []
    try connection.query(
      """
      SELECT e.bytes, c.stamp, c.hash FROM events e JOIN commits c ON c.id = e.id / 256
      WHERE e.entity = ? ORDER BY e.id
      """, .integer(entity)
    ) { row in
      let (event, stamp) = try storedEvent(row.blob(0), stampBytes: row.blob(1))
      let isBarred = try self.isBarred(event, of: stamp, in: row.hash(2))
      inputs.append(FoldInput(event: event, stamp: stamp, isOriginClosed: isBarred))
      return true
    }
    return inputs
  }
}

/// An event and its commit's stamp as they are stored.
func storedEvent(
  _ bytes: [UInt8], stampBytes: [UInt8]
) throws(MalformedBytes) -> (event: Event, stamp: Stamp) {
  let stamp = try Stamp(decoding: stampBytes)
  let event = try Event(
    bytes: bytes, stampHash: Stamp.hash(of: stampBytes), milliseconds: stamp.time.milliseconds)
  return (event, stamp)
}

extension AudienceFact {
  /// What routing needs to know of an event as the fold takes it.
  init(_ input: FoldInput) {
    self.init(
      hash: input.event.hash, isFounding: input.event.isFounding, parents: input.event.parents,
      added: input.event.audience, region: input.region, lost: input.declaredLost)
  }
}
