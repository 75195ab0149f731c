import Casework
import Ledger
import Regions
import Replication
import Testing

@testable import Store

/// Alterations of what no signature covers: projections, and the node's own notes.
@Suite struct VerifyNotesTests {
  /// A district with a lead that was imported, one in conflict, a directive and its receipt line.
  private static func city() throws -> HandTurnedCity {
    let city = try HandTurnedCity(seed: 90, .twoDistricts())
    try city.report(at: .d1, audience: [.t1])
    var report = LeadReport(
      number: try #require(LeadNumber(region: 2, incarnation: 1, serial: 5)), channel: "import",
      reportedAtMilliseconds: 5, title: "异味", text: "夜间异味")
    report.sourceKey = Hash(of: [5])
    func salt() -> [UInt8] { city.numbers.bytes(16) }
    let rules = HandTurnedCity.rules
    try city.author(.d1, [report.draft(rules: rules, salt: salt(), audience: [.d1])])
    let issue = DirectiveIssue(title: "检查", text: "逐户检查")
    let issued = try city.author(
      .d1, lane: .urgent, [issue.draft(rules: rules, salt: salt(), audience: [.t1])])
    let line = ReceiptOpening(directive: try city.entity(of: issued), recipient: .t1)
    try city.author(.d1, lane: .urgent, [line.draft(rules: rules, salt: salt(), audience: [.t1])])
    try city.settle()
    return city
  }

  private static let alterations: [(what: StaticString, reason: String)] = [
    ("UPDATE outbox_heads SET position = position + 1", "noted end"),
    ("UPDATE outbox_heads SET running = zeroblob(32)", "noted end"),
    ("UPDATE outbox_heads SET acknowledged = position + 1", "acknowledged more"),
    ("UPDATE outbox_heads SET acknowledged = -1", "acknowledged more"),
    ("DELETE FROM outbox_heads", "no noted end"),
    (
      """
      DELETE FROM outbox WHERE (peer, lane, position) IN 
      (SELECT peer, lane, position FROM outbox_heads)
      """, "noted end"
    ),
    ("UPDATE entities SET audience = (SELECT MIN(id) FROM audiences)", "the audience"),
    ("UPDATE entities SET audience = 999", "the audience"),
    ("UPDATE entities SET waiting = 1", "the waiting mark"),
    ("UPDATE entities SET conflicts = conflicts + 1", "the count of conflicts"),
    ("UPDATE entities SET decided = decided + 1", "the count of conflicts"),
    ("UPDATE entities SET family = 'directive' WHERE family = 'lead'", "the family"),
    ("UPDATE leads SET number = '7'", "the lead's row"),
    ("UPDATE leads SET stage = 'closed'", "the lead's row"),
    ("UPDATE leads SET region = 't9'", "the lead's row"),
    ("UPDATE leads SET reported_at = 1", "the lead's row"),
    ("DELETE FROM leads", "the lead's row"),
    ("DELETE FROM lead_places", "the list of places"),
    ("UPDATE lead_places SET handles = 1 - handles", "the list of places"),
    ("UPDATE lead_places SET region = 999", "the list of places"),
    ("INSERT INTO lead_places VALUES (999, 1, 1)", "missing entity 999"),
    ("INSERT INTO leads VALUES (999, '', '', '', 0)", "missing entity 999"),
    ("UPDATE directives SET stage = 'x'", "the directive's row"),
    ("UPDATE directives SET issued_at = 1", "the directive's row"),
    ("DELETE FROM directives", "the directive's row"),
    ("INSERT INTO directives SELECT entity, '', 0 FROM leads", "the directive's row"),
    ("UPDATE receipts SET directive = x'00'", "the receipt line's row"),
    ("UPDATE receipts SET recipient = 't2'", "the receipt line's row"),
    ("UPDATE receipts SET stage = 'x'", "the receipt line's row"),
    ("DELETE FROM receipts", "the receipt line's row"),
    ("DELETE FROM sources", "the imported row"),
    ("UPDATE sources SET entity = 1", "not the lead of its noted import"),
    ("INSERT INTO sources SELECT zeroblob(32), entity FROM sources", "noted import"),
    ("UPDATE keys SET public = (SELECT public FROM keys ORDER BY id DESC)", "the notes of key"),
    ("UPDATE keys SET tier = 2 - tier", "the notes of key"),
    ("UPDATE keys SET region = 999", "the notes of key"),
    ("UPDATE node SET sequence = sequence + 1", "as its last commit"),
    ("UPDATE node SET sequence = sequence - 1", "as its last commit"),
    ("UPDATE node SET head = zeroblob(32)", "as its last commit"),
    ("UPDATE node SET incarnation = incarnation + 1", "as its last commit"),
    ("UPDATE node SET clock = 1", "the node's clock"),
    ("UPDATE node SET events = events + 1", "were accepted"),
    ("DELETE FROM trees", "signed trees are noted"),
    (
      """
      INSERT INTO events SELECT id + 2560000, entity, kind, source, time, hash, bytes 
      FROM events WHERE id = 256
      """, "stands in no commit"
    ),
  ]

  @Test func `an alteration of any note or projection is found, and the reason names it`() throws {
    let city = try Self.city()
    let node = city[.d1]
    func verify() throws -> Verification {
      try node.store.read { try $0.verify(judge: city.authority) { _ in } }
    }
    let sound = try verify()
    #expect(sound.isGood, "\(sound.failures)")
    struct Undone: Error {}
    for (sql, reason) in Self.alterations {
      var report = Verification()
      // The alteration is rolled back after the check that sees it.
      _ = try? node.store.write(now: 0) { transaction in
        try transaction.connection.execute(sql)
        let reader = StoreReader(
          connection: transaction.connection, rulesMemory: transaction.rulesMemory,
          folder: transaction.folder, bounds: StoreBounds())
        report = try reader.verify(judge: city.authority) { _ in }
        throw Undone()
      }
      #expect(!report.isGood, "\(sql)")
      #expect(report.failures.contains { $0.reason.contains(reason) }, "\(sql): \(report.failures)")
    }
    #expect(try verify() == sound)
  }
}
