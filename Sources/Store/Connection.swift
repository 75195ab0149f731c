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
    try run(sql, values) { statement in
      let code = sqlite3_step(statement)
      guard code == SQLITE_DONE || code == SQLITE_ROW else { throw failure(code, sql) }
    }
  }

  /// Runs a statement that gives no rows.
  ///
  /// - Returns: how many rows it changed.
  func change(_ sql: StaticString, _ values: SQLValue...) throws -> Int {
    try run(sql, values) { statement in
      let code = sqlite3_step(statement)
      guard code == SQLITE_DONE else { throw failure(code, sql) }
      return database.changesCount
    }
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
    try run(sql, values) { statement in
      while true {
        let code = sqlite3_step(statement)
        if code == SQLITE_DONE { return }
        guard code == SQLITE_ROW else { throw failure(code, sql) }
        guard try body(SQLRow(statement)) else { return }
      }
    }
  }

  /// Runs a query and reads its first row, if there is one.
  @inline(__always)
  func first<Result>(
    _ sql: StaticString, _ values: SQLValue..., read: (borrowing SQLRow) throws -> Result
  ) throws -> Result? {
    try run(sql, values) { statement in
      let code = sqlite3_step(statement)
      if code == SQLITE_DONE { return nil }
      guard code == SQLITE_ROW else { throw failure(code, sql) }
      return try read(SQLRow(statement))
    }
  }

  /// Lets go of the prepared statements, without which SQLite does not close a connection.
  func releaseStatements() { statements.removeAll() }

  /// The row id of the last insertion.
  var lastInsertedID: Int64 { database.lastInsertedRowID }

  @inline(__always)
  private func run<Result>(
    _ sql: StaticString, _ values: [SQLValue], _ body: (OpaquePointer) throws -> Result
  ) throws -> Result {
    let statement = try prepared(sql)
    defer { sqlite3_clear_bindings(statement) }
    return try lend(values, to: statement) {
      defer { sqlite3_reset(statement) }
      return try body(statement)
    }
  }

  /// Binds the values from a place on and then runs `body`.
  ///
  /// SQLite reads texts and blobs where they lie: their memory is lent for as long as `body` runs, so
  /// that a row's bytes are copied once, into its page.
  private func lend<Result>(
    _ values: [SQLValue], from offset: Int = 0, to statement: OpaquePointer,
    _ body: () throws -> Result
  ) throws -> Result {
    guard offset < values.count else { return try body() }
    let place = Int32(offset + 1)
    func goOn(_ code: Int32) throws -> Result {
      guard code == SQLITE_OK else {
        throw DatabaseError(resultCode: ResultCode(rawValue: code), message: "cannot bind a value")
      }
      return try lend(values, from: offset + 1, to: statement, body)
    }
    switch values[offset] {
    case .null: return try goOn(sqlite3_bind_null(statement, place))
    case .integer(let number): return try goOn(sqlite3_bind_int64(statement, place, number))
    case .text(var text) where !text.isEmpty:
      return try text.withUTF8 { bytes in
        try bytes.withMemoryRebound(to: CChar.self) {
          try goOn(sqlite3_bind_text(statement, place, $0.baseAddress, Int32($0.count), nil))
        }
      }
    case .blob(let bytes) where !bytes.isEmpty:
      return try bytes.withUnsafeBytes {
        try goOn(sqlite3_bind_blob(statement, place, $0.baseAddress, Int32($0.count), nil))
      }
    case .hash(let hash):
      return try hash.withUnsafeBytes {
        try goOn(sqlite3_bind_blob(statement, place, $0.baseAddress, Int32($0.count), nil))
      }
    // Of no bytes there may be no address, by which SQLite would take them for NULL.
    case .text: return try goOn(sqlite3_bind_text(statement, place, "", 0, Self.copied))
    case .blob: return try goOn(sqlite3_bind_zeroblob(statement, place, 0))
    }
  }

  /// Has SQLite copy what it is given.
  private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

  private func failure(_ code: Int32, _ sql: StaticString) -> DatabaseError {
    DatabaseError(
      resultCode: ResultCode(rawValue: code), message: database.lastErrorMessage,
      sql: sql.description)
  }
}
