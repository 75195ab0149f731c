import GRDB
import GRDBSQLite
import Ledger

/// A value on its way into SQLite.
enum SQLValue {
  case null
  case integer(Int64)
  case text(String)
  case blob([UInt8])
  case hash(Hash)

  static func optional(_ bytes: [UInt8]?) -> SQLValue { bytes.map { .blob($0) } ?? .null }
  static func optional(_ number: Int64?) -> SQLValue { number.map { .integer($0) } ?? .null }
  static func optional(_ text: String?) -> SQLValue { text.map { .text($0) } ?? .null }
}

/// The row that a query stands at. Valid only while the query's closure runs.
struct SQLRow: ~Copyable {
  private let statement: OpaquePointer

  fileprivate init(_ statement: OpaquePointer) { self.statement = statement }

  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }

  func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }

  func optionalInteger(_ column: Int32) -> Int64? { isNull(column) ? nil : integer(column) }

  func text(_ column: Int32) -> String {
    // By its count, not to the first NUL.
    guard let bytes = sqlite3_column_text(statement, column) else { return "" }
    let count = Int(sqlite3_column_bytes(statement, column))
    return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
  }

  func blob(_ column: Int32) -> [UInt8] {
    guard let bytes = sqlite3_column_blob(statement, column) else { return [] }
    let count = Int(sqlite3_column_bytes(statement, column))
    return [UInt8](UnsafeRawBufferPointer(start: bytes, count: count))
  }

  /// The column as a hash; throws where the stored bytes are not 32.
  func hash(_ column: Int32) throws -> Hash {
    guard sqlite3_column_bytes(statement, column) == Hash.byteCount,
      let bytes = sqlite3_column_blob(statement, column)
    else { throw StoreError(.damaged, "a stored hash has not 32 bytes; run `liandong verify`") }
    return Hash(UnsafeRawBufferPointer(start: bytes, count: Hash.byteCount))
  }
}

/// One SQLite connection and its prepared statements.
///
/// The hot paths bind and step through SQLite's C interface; the statements' memory stays GRDB's.
/// Statements are keyed by the address of their literal, which spares hashing the text; GRDB keeps
/// them for later users of the same connection.
final class Connection {
  let database: Database
  private var statements: [UnsafePointer<UInt8>: Statement] = [:]

  init(_ database: Database) { self.database = database }

  private func prepared(_ sql: StaticString) throws -> OpaquePointer {
    if let statement = statements[sql.utf8Start] { return statement.sqliteStatement }
    let statement = try database.cachedStatement(sql: sql.description)
    statements[sql.utf8Start] = statement
    return statement.sqliteStatement
  }

  /// Runs a statement that gives no rows.
  @inline(__always)
  func execute(_ sql: StaticString, _ values: SQLValue...) throws {
    let statement = try prepared(sql)
    try bind(statement, values)
    defer { sqlite3_reset(statement) }
    let code = sqlite3_step(statement)
    guard code == SQLITE_DONE || code == SQLITE_ROW else { throw failure(code, sql) }
  }

  /// Runs a statement that gives no rows.
  ///
  /// - Returns: how many rows it changed.
  func change(_ sql: StaticString, _ values: SQLValue...) throws -> Int {
    let statement = try prepared(sql)
    try bind(statement, values)
    defer { sqlite3_reset(statement) }
    let code = sqlite3_step(statement)
    guard code == SQLITE_DONE else { throw failure(code, sql) }
    return database.changesCount
  }

  /// Runs a query and hands each row to `body` until that returns `false`.
  @inline(__always)
  func query(
    _ sql: StaticString, _ values: SQLValue..., each body: (borrowing SQLRow) throws -> Bool
  ) throws {
    try query(sql, values, each: body)
  }

  func query(
    _ sql: StaticString, _ values: [SQLValue], each body: (borrowing SQLRow) throws -> Bool
  ) throws {
    let statement = try prepared(sql)
    try bind(statement, values)
    defer { sqlite3_reset(statement) }
    while true {
      let code = sqlite3_step(statement)
      if code == SQLITE_DONE { return }
      guard code == SQLITE_ROW else { throw failure(code, sql) }
      guard try body(SQLRow(statement)) else { return }
    }
  }

  /// Runs a query and reads its first row, if there is one.
  @inline(__always)
  func first<Result>(
    _ sql: StaticString, _ values: SQLValue..., read: (borrowing SQLRow) throws -> Result
  ) throws -> Result? {
    let statement = try prepared(sql)
    try bind(statement, values)
    defer { sqlite3_reset(statement) }
    let code = sqlite3_step(statement)
    if code == SQLITE_DONE { return nil }
    guard code == SQLITE_ROW else { throw failure(code, sql) }
    return try read(SQLRow(statement))
  }

  /// Lets go of the prepared statements, without which SQLite does not close a connection.
  func releaseStatements() { statements.removeAll() }

  /// The row id of the last insertion.
  var lastInsertedID: Int64 { database.lastInsertedRowID }

  @inline(__always)
  private func bind(_ statement: OpaquePointer, _ values: [SQLValue]) throws {
    // SQLite copies what it is given: the pointers end with the closures.
    let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    for (offset, value) in values.enumerated() {
      let place = Int32(offset + 1)
      let code =
        switch value {
        case .null: sqlite3_bind_null(statement, place)
        case .integer(let number): sqlite3_bind_int64(statement, place, number)
        case .text(let text):
          sqlite3_bind_text(statement, place, text, Int32(text.utf8.count), transient)
        case .blob(let bytes):
          bytes.isEmpty
            ? sqlite3_bind_zeroblob(statement, place, 0)
            : bytes.withUnsafeBytes {
              sqlite3_bind_blob(statement, place, $0.baseAddress, Int32($0.count), transient)
            }
        case .hash(let hash):
          hash.withUnsafeBytes {
            sqlite3_bind_blob(statement, place, $0.baseAddress, Int32($0.count), transient)
          }
        }
      guard code == SQLITE_OK else {
        throw DatabaseError(resultCode: ResultCode(rawValue: code), message: "cannot bind a value")
      }
    }
  }

  private func failure(_ code: Int32, _ sql: StaticString) -> DatabaseError {
    DatabaseError(
      resultCode: ResultCode(rawValue: code), message: database.lastErrorMessage,
      sql: sql.description)
  }
}
