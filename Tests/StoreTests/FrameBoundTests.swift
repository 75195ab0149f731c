import Casework
import Ledger
import Regions
import Replication
import Testing

@testable import Store

/// Any outbox goes out in frames that the wire carries.
@Suite struct FrameBoundTests {
  @Test func `withheld hashes count as bytes of a batch`() throws {
    let city = try HandTurnedCity(seed: 70, .oneChain())
    try city.settle()
    city.cutLinks(of: .t1)
    for _ in 0..<12 {
      try city.author(.h, (0..<200).map { _ in try city.leadDraft(audience: [.d1]) })
    }
    try city.settle()
    // Of each commit's leads T1 sees one: a fragment with 199 withheld hashes.
    let rows = try city[.d1].store.read { reader in
      var ids: [EntityID] = []
      try reader.connection.query(
        """
        SELECT n.uuid FROM events e JOIN entities n ON n.id = e.entity
        JOIN commits c ON c.id = e.id / 256 WHERE e.id % 256 = 0 AND length(c.hashes) > 64
        """
      ) { row in
        if let id = EntityID(row.blob(0)) { ids.append(id) }
        return true
      }
      return ids
    }
    #expect(rows.count == 12)
    for lead in rows {
      try city.act(.dispatch(to: [.t1]), on: lead, at: .d1, audience: [.t1])
    }
    let head = try city[.d1].store.read { try $0.outboxHeads(of: .t1).bulk }
    var position = try city[.d1].store.read { reader in
      try reader.connection.first(
        "SELECT MAX(acknowledged) FROM outbox_heads WHERE lane = 1 AND peer = ?",
        .optional(reader.regionRow(.t1)), read: { UInt64($0.integer(0)) }) ?? 0
    }
    let bound = 20_000
    var batches = 0
    while position < head {
      let (batch, _) = try city[.d1].store.read {
        try $0.batch(for: .t1, lane: .bulk, from: position, maximumBytes: bound)
      }
      // One commit more may end it: 200 hashes and an event.
      #expect(batch.byteCount < bound + 200 * FrameSize.withheld + 1_500)
      position = batch.endPosition
      batches += 1
    }
    #expect(batches > 3)
  }

  @Test func `a batch of marks has no more items than the wire takes`() throws {
    let city = try HandTurnedCity(seed: 71, .oneChain())
    try city.settle()
    try city.write(city[.d1]) { transaction in
      for number in 0..<(ReplicationBounds.batchItems + 40) {
        let mark = Hash(of: Array("\(number)".utf8))
        _ = try transaction.beginRepair(with: .t1, marks: LanePair(repeating: mark))
      }
    }
    let (batch, _) = try city[.d1].store.read {
      try $0.batch(for: .t1, lane: .urgent, from: 0, maximumBytes: ReplicationBounds.batchBytes)
    }
    #expect(batch.items.count == ReplicationBounds.batchItems)
  }

  @Test func `the parts of the largest frame stay within a message`() {
    let largestCommit =
      FrameSize.commit(stamp: [UInt8](repeating: 0, count: 1_024)) + LedgerBounds.commitBytes
      + LedgerBounds.commitEvents * (FrameSize.withheld + FrameSize.field)
    let certificate = [UInt8](repeating: 0, count: ReplicationBounds.certificateBytes)
    let largestChain = FrameSize.of(
      CertificateChain(repeating: certificate, count: ReplicationBounds.chainCertificates))
    let largest =
      ReplicationBounds.batchBytes + largestCommit + ReplicationBounds.frameChainBytes
      + largestChain + 1_024
    #expect(largest < ReplicationBounds.messageBytes)
  }
}
