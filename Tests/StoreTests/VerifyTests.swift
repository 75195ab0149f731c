import Casework
import Ledger
import Regions
import Replication
import Testing

@testable import Store

/// The full check of a store that something else has altered.
@Suite struct VerifyTests {
  /// One column of the ledger that a signature vouches for; the others are this node's own notes.
  private struct Column {
    let name: String
    let isOfCommit: Bool
    let isNumber: Bool
    let rows: StaticString
    let read: StaticString
    let write: StaticString
  }

  private static let columns: [Column] = [
    .init(
      name: "commits.hash", isOfCommit: true, isNumber: false, rows: "SELECT id FROM commits",
      read: "SELECT hash FROM commits WHERE id = ?",
      write: "UPDATE commits SET hash = ? WHERE id = ?"),
    .init(
      name: "commits.previous", isOfCommit: true, isNumber: false, rows: "SELECT id FROM commits",
      read: "SELECT previous FROM commits WHERE id = ?",
      write: "UPDATE commits SET previous = ? WHERE id = ?"),
    .init(
      name: "commits.stamp", isOfCommit: true, isNumber: false, rows: "SELECT id FROM commits",
      read: "SELECT stamp FROM commits WHERE id = ?",
      write: "UPDATE commits SET stamp = ? WHERE id = ?"),
    .init(
      name: "commits.signature", isOfCommit: true, isNumber: false, rows: "SELECT id FROM commits",
      read: "SELECT signature FROM commits WHERE id = ?",
      write: "UPDATE commits SET signature = ? WHERE id = ?"),
    .init(
      name: "commits.hashes", isOfCommit: true, isNumber: false,
      rows: "SELECT id FROM commits WHERE hashes IS NOT NULL",
      read: "SELECT hashes FROM commits WHERE id = ?",
      write: "UPDATE commits SET hashes = ? WHERE id = ?"),
    .init(
      name: "commits.origin", isOfCommit: true, isNumber: true, rows: "SELECT id FROM commits",
      read: "SELECT origin FROM commits WHERE id = ?",
      write: "UPDATE commits SET origin = ? WHERE id = ?"),
    .init(
      name: "commits.sequence", isOfCommit: true, isNumber: true, rows: "SELECT id FROM commits",
      read: "SELECT sequence FROM commits WHERE id = ?",
      write: "UPDATE commits SET sequence = ? WHERE id = ?"),
    .init(
      name: "events.bytes", isOfCommit: false, isNumber: false, rows: "SELECT id FROM events",
      read: "SELECT bytes FROM events WHERE id = ?",
      write: "UPDATE events SET bytes = ? WHERE id = ?"),
    .init(
      name: "events.hash", isOfCommit: false, isNumber: false, rows: "SELECT id FROM events",
      read: "SELECT hash FROM events WHERE id = ?",
      write: "UPDATE events SET hash = ? WHERE id = ?"),
    .init(
      name: "events.time", isOfCommit: false, isNumber: true, rows: "SELECT id FROM events",
      read: "SELECT time FROM events WHERE id = ?",
      write: "UPDATE events SET time = ? WHERE id = ?"),
    .init(
      name: "events.entity", isOfCommit: false, isNumber: true, rows: "SELECT id FROM events",
      read: "SELECT entity FROM events WHERE id = ?",
      write: "UPDATE events SET entity = ? WHERE id = ?"),
    .init(
      name: "events.kind", isOfCommit: false, isNumber: true, rows: "SELECT id FROM events",
      read: "SELECT kind FROM events WHERE id = ?",
      write: "UPDATE events SET kind = ? WHERE id = ?"),
  ]

  private static func city(_ seed: UInt64) throws -> HandTurnedCity {
    let city = try HandTurnedCity(seed: seed, .twoDistricts())
    for _ in 0..<4 { try city.report(at: .t1) }
    for _ in 0..<2 { try city.author(.t1, [city.leadDraft(), city.leadDraft(audience: [.t2])]) }
    let lead = try city.report(at: .d1, audience: [.t1])
    try city.settle()
    try city.act(.progress("seen"), on: lead, at: .t1)
    try city.act(.inspect(finding: "dust"), on: lead, at: .h)
    try city.settle()
    return city
  }

  @Test func `one altered byte of any ledger row is found and its commit named`() throws {
    let city = try Self.city(50)
    let node = city[.d1]
    var numbers = SeededNumbers(seed: 51)
    for round in 0..<180 {
      let column = Self.columns[round % Self.columns.count]
      let row = numbers.pick(try node.rows(column.rows))
      let name = try node.name(ofCommit: column.isOfCommit ? row : row / 256)
      let old = try node.value(column.read, of: row, isNumber: column.isNumber)
      let new = Self.altered(old, &numbers)
      try node.set(column.write, new, row)
      let report = try node.store.read { try $0.verify(judge: city.authority) { _ in } }
      #expect(!report.isGood, "\(column.name) of row \(row), round \(round)")
      #expect(
        report.failures.contains {
          $0.commit == name.hash || ($0.origin == name.origin && $0.sequence == name.sequence)
        }, "\(column.name) of row \(row), round \(round): \(report.failures.prefix(2))")
      try node.set(column.write, old, row)
    }
    let report = try node.store.read { try $0.verify(judge: city.authority) { _ in } }
    #expect(report.isGood && report.commits > 8 && report.projections > 6)
    #expect(report.signatures == report.commits)
  }

  private static func altered(_ value: SQLValue, _ numbers: inout SeededNumbers) -> SQLValue {
    switch value {
    case .integer(let number):
      // One byte of the eight, any of them: small and huge, negative too.
      let byte = Int64(bitPattern: (numbers.next() % 255 + 1) << (8 * (numbers.next() % 8)))
      return .integer(number ^ byte)
    case .blob(var bytes):
      bytes[Int(numbers.next() % UInt64(bytes.count))] ^= UInt8(numbers.next() % 255 + 1)
      return .blob(bytes)
    default: return value
    }
  }

  @Test func `a row that is gone from ledger or outbox is found`() throws {
    let statements: [StaticString] = [
      "DELETE FROM events WHERE id = (SELECT MAX(id) FROM events)",
      "DELETE FROM commits WHERE id = 2",
      "DELETE FROM outbox WHERE position = 1",
      "UPDATE outbox SET running = zeroblob(32) WHERE position = 1",
      "UPDATE entities SET state = x'00' WHERE id = 1",
    ]
    for sql in statements {
      let city = try Self.city(52)
      let node = city[.d1]
      _ = try node.store.write(now: 0) { try $0.connection.execute(sql) }
      let report = try node.store.read { try $0.verify(judge: city.authority) { _ in } }
      #expect(!report.isGood, "\(sql)")
    }
  }
}

extension CityNode {
  fileprivate func rows(_ sql: StaticString) throws -> [Int64] {
    try store.read { reader in
      var rows: [Int64] = []
      try reader.connection.query(sql) { row in
        rows.append(row.integer(0))
        return true
      }
      return rows
    }
  }

  fileprivate func value(
    _ sql: StaticString, of row: Int64, isNumber: Bool
  ) throws -> SQLValue {
    let value = try store.read { reader in
      try reader.connection.first(sql, .integer(row)) {
        isNumber ? SQLValue.integer($0.integer(0)) : .blob($0.blob(0))
      }
    }
    return try #require(value)
  }

  fileprivate func set(_ sql: StaticString, _ value: SQLValue, _ row: Int64) throws {
    _ = try store.write(now: 0) { try $0.connection.execute(sql, value, .integer(row)) }
  }

  fileprivate func name(
    ofCommit row: Int64
  ) throws -> (hash: Hash, origin: String, sequence: UInt64) {
    let name = try store.read { reader in
      try reader.connection.first(
        """
        SELECT c.hash, r.name, o.incarnation, c.sequence FROM commits c
        JOIN origins o ON o.id = c.origin JOIN regions r ON r.id = o.region WHERE c.id = ?
        """, .integer(row)
      ) { (try $0.hash(0), "\($0.text(1))#\($0.integer(2))", UInt64($0.integer(3))) }
    }
    return try #require(name)
  }
}
